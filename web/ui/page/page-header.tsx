/*
 * Head of a page: where it is, its title, a state beside it, actions at the right, one line below. Sets the tab's title.
 * Reach: talks to the document's title.
 */
import { Fragment, type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';
import { say } from '../words/words.ts';
import css from './page.module.css';

export interface Crumb {
  readonly to: string;
  readonly label: string;
}
export interface PageHeaderProps {
  title: string;
  /** Before the title, such as an avatar. */
  mark?: ReactNode;
  crumbs?: readonly Crumb[];
  count?: number;
  /** A <Tie> or the like, beside the title. */
  state?: ReactNode;
  /** Buttons; the one primary button of the screen is the last. */
  actions?: ReactNode;
  /** One line under the title. */
  children?: ReactNode;
}

const figures = new Intl.NumberFormat('en');

export function PageHeader({ title, mark, crumbs, count, state, actions, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · ${say('product')}`;
  }, [title]);
  return (
    <div className={css['header']}>
      {crumbs === undefined ? null : (
        <nav className={css['crumbs']} aria-label={say('crumbs')}>
          {crumbs.map((crumb, index) => (
            <Fragment key={crumb.to}>
              {index === 0 ? null : <span aria-hidden="true"> / </span>}
              <Link to={crumb.to}>{crumb.label}</Link>
            </Fragment>
          ))}
        </nav>
      )}
      <div className={css['headline']}>
        {mark}
        <div className={css['titles']}>
          <div className={css['title']}>
            <h1>
              {title}
              {count === undefined ? null : <span className={css['headCount']}>{figures.format(count)}</span>}
            </h1>
            {state}
          </div>
          {children === undefined ? null : <div className={css['lead']}>{children}</div>}
        </div>
        {actions === undefined ? null : <div className={css['headActions']}>{actions}</div>}
      </div>
    </div>
  );
}
