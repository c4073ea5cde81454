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

export function PageHeader({ title, crumbs, count, state, actions, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · ${say('product')}`;
  }, [title]);
  return (
    <div className={css['header']}>
      {crumbs === undefined ? null : (
        <nav className={css['crumbs']} aria-label={say('crumbs')}>
          {crumbs.map((crumb) => (
            <Fragment key={crumb.to}>
              <Link to={crumb.to}>{crumb.label}</Link>
              <span aria-hidden="true"> / </span>
            </Fragment>
          ))}
        </nav>
      )}
      <div className={css['headline']}>
        <h1>
          {title}
          {count === undefined ? null : <span className={css['headCount']}>{figures.format(count)}</span>}
        </h1>
        {state}
        {actions === undefined ? null : <div className={css['headActions']}>{actions}</div>}
      </div>
      {children === undefined ? null : <div className={css['lead']}>{children}</div>}
    </div>
  );
}
