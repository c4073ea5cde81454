/*
 * A list and, at its right, the whole story of the chosen row. Under 1,100 px the sheet takes the list's place.
 * Reach: talks to the router. The address says which row is open; Escape and the close button go back to the list's.
 */
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useNavigate } from 'react-router';
import { say } from '../words/words.ts';
import css from './sheet.module.css';

export function Split({ sheet, children }: { sheet: ReactNode; children: ReactNode }) {
  return (
    <div className={css['split']} data-open={sheet !== null}>
      <div className={css['list']}>{children}</div>
      {sheet}
    </div>
  );
}

export interface SheetProps {
  title: ReactNode;
  /** One mono line over the title: time, method and path. */
  over?: ReactNode;
  /** Address without the open row. */
  back: string;
  /** Actions at the foot. */
  foot?: ReactNode;
  children: ReactNode;
}

export function Sheet({ title, over, back, foot, children }: SheetProps) {
  const navigate = useNavigate();
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      // The focus was in the sheet and is now nowhere: back to the row that opened it.
      if (document.activeElement === document.body && opener instanceof HTMLElement)
        opener.focus({ preventScroll: true });
    };
  }, []);
  const close = () => navigate(back, { preventScrollReset: true });
  return (
    <aside
      ref={panel}
      className={css['sheet']}
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <div className={css['sheetHead']}>
        <div className={css['sheetTitle']}>
          {over === undefined ? null : <div className={css['sheetOver']}>{over}</div>}
          <h2 id={id}>{title}</h2>
        </div>
        <ActionIcon aria-label={say('sheet.close')} onClick={close}>
          <IconX size={18} />
        </ActionIcon>
      </div>
      <div className={css['sheetBody']}>{children}</div>
      {foot === undefined ? null : <div className={css['sheetFoot']}>{foot}</div>}
    </aside>
  );
}
