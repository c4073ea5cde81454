/*
 * Asks before something that changes other people's day: what it is about, what stops, what stays. The focus begins on
 * Cancel. Reach: pure. The danger lives here: the button that opens it stays quiet.
 */
import { Button, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { ProblemNote } from '../state/problem-note.tsx';
import { say, sayRich } from '../words/words.ts';
import css from './dialog.module.css';
import { Dialog } from './dialog.tsx';

export interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  confirm: string;
  /** What the button says while it works, such as "Disabling…". */
  busyLabel?: string;
  busy?: boolean;
  error?: Error | null;
  /** The words to type first, where it cannot be undone or touches many. */
  typed?: string;
  tone?: 'danger' | 'plain';
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, confirm, busyLabel = confirm, busy = false, error = null, typed, tone = 'danger' } = props;
  const [text, setText] = useState('');
  useEffect(() => {
    if (!opened) setText('');
  }, [opened]);
  const ready = !busy && (typed === undefined || text === typed);
  return (
    <Dialog opened={opened} onClose={props.onCancel} title={title}>
      {props.children}
      {typed === undefined ? null : (
        <TextInput
          label={sayRich('dialog.typed', { text: typed })}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      {error === null ? null : <ProblemNote error={error} />}
      <div className={css['foot']}>
        <Button data-autofocus onClick={props.onCancel}>
          {say('dialog.cancel')}
        </Button>
        <Button
          variant="filled"
          className={tone === 'danger' ? (css['danger'] ?? '') : ''}
          disabled={!ready}
          aria-busy={busy}
          onClick={props.onConfirm}
        >
          {busy ? busyLabel : confirm}
        </Button>
      </div>
    </Dialog>
  );
}
