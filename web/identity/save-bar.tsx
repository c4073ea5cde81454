/*
 * **Save**, at the top right of a page whatever its tab; Ctrl S does the same. It belongs to the form of that id, and asks
 * once before values that are not saved are left behind. Reach: listens to the keyboard, talks to the router.
 */
import { Button } from '@mantine/core';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useBlocker } from 'react-router';
import { ConfirmDialog, Saved } from '../ui/index.ts';
import { say } from './words.ts';

/** The element in the page's head where Save stands; null until it is there. */
export const SaveSlot = createContext<HTMLElement | null>(null);

export interface SaveBarProps {
  form: string;
  dirty: boolean;
  busy: boolean;
  savedAt: Date | undefined;
  /** What there is to know before saving. */
  children?: ReactNode;
}

function useSaveKey(form: string, enabled: boolean): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const element = document.getElementById(form);
      if (enabled && element instanceof HTMLFormElement) element.requestSubmit();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [form, enabled]);
}

/** Another tab or page asks in a dialog, closing the window in the browser's own words. */
function LeaveDialog({ unsaved }: { unsaved: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (unsaved) event.preventDefault();
    };
    window.addEventListener('beforeunload', leave);
    return () => window.removeEventListener('beforeunload', leave);
  }, [unsaved]);
  return (
    <ConfirmDialog
      opened={blocker.state === 'blocked'}
      title={say('leave.title')}
      confirm={say('leave')}
      tone="plain"
      onConfirm={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      <p>{say('leave.what')}</p>
    </ConfirmDialog>
  );
}

export function SaveBar({ form, dirty, busy, savedAt, children }: SaveBarProps) {
  const slot = useContext(SaveSlot);
  useSaveKey(form, dirty && !busy);
  if (slot === null) return null;
  return createPortal(
    <>
      {children}
      {savedAt === undefined || dirty ? null : <Saved at={savedAt} />}
      <Button type="submit" form={form} variant="filled" disabled={!dirty || busy}>
        {say(busy ? 'saving' : 'save')}
      </Button>
      <LeaveDialog unsaved={dirty && !busy} />
    </>,
    slot,
  );
}
