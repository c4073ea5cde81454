/*
 * **Save**, at the top right of a tab and always in sight; Ctrl S does the same. It belongs to the form of that id.
 * Reach: listens to the keyboard; the browser asks before a page with unsaved values is closed.
 */
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Saved } from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import css from './apps.module.css';

export interface SaveBarProps {
  form: string;
  dirty: boolean;
  busy: boolean;
  savedAt: Date | undefined;
  /** What there is to know before saving. */
  children?: ReactNode;
}

export function SaveBar({ form, dirty, busy, savedAt, children }: SaveBarProps) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const element = document.getElementById(form);
      if (dirty && !busy && element instanceof HTMLFormElement) element.requestSubmit();
    };
    const leave = (event: BeforeUnloadEvent) => {
      if (dirty) event.preventDefault();
    };
    window.addEventListener('keydown', press);
    window.addEventListener('beforeunload', leave);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('beforeunload', leave);
    };
  }, [form, dirty, busy]);
  return (
    <div className={css['saveBar']}>
      {children}
      {savedAt === undefined || dirty ? null : <Saved at={savedAt} />}
      <Button type="submit" form={form} variant="filled" disabled={!dirty || busy}>
        {sayCommon(busy ? 'saving' : 'save')}
      </Button>
    </div>
  );
}
