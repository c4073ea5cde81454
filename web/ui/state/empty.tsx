/*
 * Places where nothing is, and why: nothing yet, nothing for this filter, not for you, not in this plan. Reach: pure.
 */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { say } from '../words/words.ts';
import css from './state.module.css';

export interface EmptyProps {
  title: string;
  /** One sentence why it matters, or what fills it. */
  children: ReactNode;
  /** The one primary button. */
  action?: ReactNode;
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className={css['empty']} data-view="empty">
      <h2>{title}</h2>
      <div>{children}</div>
      {action}
    </div>
  );
}

export function EmptyFiltered({ title, onClear }: { title: string; onClear: () => void }) {
  return (
    <div className={css['empty']} data-view="empty-filtered">
      <h2>{title}</h2>
      <Button onClick={onClear}>{say('empty.clear')}</Button>
    </div>
  );
}

const list = new Intl.ListFormat('en', { type: 'disjunction' });

export function NotAllowed({ what, who }: { what: string; who: readonly string[] }) {
  return (
    <div className={css['empty']} data-view="not-allowed">
      <h2>{say('locked.role.title')}</h2>
      <p>
        {what}{' '}
        {who.length === 0
          ? say('locked.role.asked')
          : say('locked.role.ask', { n: who.length, names: list.format(who) })}
      </p>
    </div>
  );
}
