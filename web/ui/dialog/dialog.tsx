/*
 * A dialog: focus inside, Escape closes, focus goes back to where it was. Reach: pure.
 * Built from Mantine's parts, because its ready-made header would be a second banner of the page.
 */
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './dialog.module.css';

export interface DialogProps {
  opened: boolean;
  title: ReactNode;
  onClose: () => void;
  /** Width in pixels. */
  size?: number;
  /** A click beside the dialog does not close it. */
  persistent?: boolean;
  children: ReactNode;
}

export function Dialog({ opened, title, onClose, size = 560, persistent = false, children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} closeOnClickOutside={!persistent}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <div className={css['content']}>
            <Modal.Title>{title}</Modal.Title>
            {children}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
