/*
 * The page before somebody is signed in: the mark, one column, nothing else. Reach: talks to the document's title.
 */
import { type ReactNode, useEffect } from 'react';
import { Mark } from '../shell/mark.tsx';
import { say } from '../words/words.ts';
import css from './frame.module.css';

export interface DoorProps {
  title: string;
  lead?: ReactNode;
  /** Links under the form. */
  foot?: ReactNode;
  children: ReactNode;
}

export function Door({ title, lead, foot, children }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · ${say('product')}`;
  }, [title]);
  return (
    <main className={css['door']} id="content">
      <p className={css['doorBrand']}>
        <Mark />
        {say('product')}
      </p>
      <div className={css['doorBox']}>
        <div>
          <h1>{title}</h1>
          {lead === undefined ? null : <p className={css['doorLead']}>{lead}</p>}
        </div>
        {children}
      </div>
      {foot === undefined ? null : <div className={css['doorFoot']}>{foot}</div>}
    </main>
  );
}
