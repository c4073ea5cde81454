/*
 * The pieces a page is made of: Body (the gutter), Section (a titled part), Card (a titled box with its state and its
 * actions), CardGrid, Band (a line across the page that stops the eye), Facts (a definition list). Reach: pure.
 */
import { type ReactNode, useId } from 'react';
import css from './page.module.css';

export function Body({ children, narrow }: { children: ReactNode; narrow?: 'narrow' }) {
  return (
    <div className={css['body']} data-width={narrow}>
      {children}
    </div>
  );
}

export function Section({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  const id = useId();
  return (
    <section className={css['section']} aria-labelledby={id}>
      <div className={css['sectionHead']}>
        <h2 id={id}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

export interface CardProps {
  title: ReactNode;
  /** A <Tie>, or a plain word for what is not there yet. */
  state?: ReactNode;
  /** Buttons at the foot. */
  actions?: ReactNode;
  /** Stable name of the card's state, for tests: becomes data-state. */
  stateName?: string;
  /** data-busy / data-error beside it. */
  flag?: 'busy' | 'error';
  /** Anchor, so that an address can point at the card. */
  id?: string;
  children?: ReactNode;
}

export function Card({ title, state, actions, stateName, flag, id, children }: CardProps) {
  const titleId = useId();
  return (
    <section
      className={css['card']}
      id={id}
      aria-labelledby={titleId}
      aria-busy={flag === 'busy'}
      data-state={stateName}
      data-busy={flag === 'busy' ? '' : undefined}
      data-error={flag === 'error' ? '' : undefined}
    >
      <div className={css['cardHead']}>
        <h3 id={titleId}>{title}</h3>
        {state === undefined ? null : <div className={css['cardState']}>{state}</div>}
      </div>
      <div className={css['cardBody']}>{children}</div>
      {actions === undefined ? null : <div className={css['cardActions']}>{actions}</div>}
    </section>
  );
}

export function CardGrid({ children }: { children: ReactNode }) {
  return <div className={css['cardGrid']}>{children}</div>;
}

export interface BandProps {
  tone: 'held' | 'heed' | 'accent' | 'agree';
  mark?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}

export function Band({ tone, mark, action, children }: BandProps) {
  return (
    <div className={css['band']} data-tone={tone}>
      {mark}
      <div className={css['bandText']}>{children}</div>
      {action}
    </div>
  );
}

export interface Fact {
  readonly term: string;
  readonly value: ReactNode;
  /** One quiet line under the value: where it came from. */
  readonly note?: ReactNode;
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={css['facts']}>
      {facts.map((fact) => (
        <div key={fact.term} className={css['fact']}>
          <dt>{fact.term}</dt>
          <dd>
            {fact.value}
            {fact.note === undefined ? null : <div className={css['factNote']}>{fact.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
