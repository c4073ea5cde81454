/*
 * The tie: two points and what lies between them, for every state of something that exists at two ends. Left is always the
 * identity provider, right always the workspace. Reach: pure.
 * The mark is never alone: its word stands beside it, or for a reader of the screen only (`<VisuallyHidden>` as child).
 */
import type { ReactNode } from 'react';
import css from './tie.module.css';

export type TieState = 'agree' | 'moving' | 'pending' | 'held' | 'apart' | 'only-left' | 'only-right';

const LEFT_FILLED: Readonly<Record<TieState, boolean>> = {
  agree: true,
  moving: true,
  pending: true,
  held: true,
  apart: true,
  'only-left': true,
  'only-right': false,
};
const RIGHT_FILLED: readonly TieState[] = ['agree', 'only-right'];

function Point({ x, filled }: { x: number; filled: boolean }) {
  return filled ? (
    <circle cx={x} cy="5" r="3.75" fill="currentColor" />
  ) : (
    <circle cx={x} cy="5" r="2.9" fill="none" stroke="currentColor" strokeWidth="1.7" />
  );
}

const BETWEEN: Readonly<Record<TieState, ReactNode>> = {
  agree: <path d="M8 5h14" />,
  moving: <path d="M9.5 5h11.5" strokeDasharray="3 2" className={css['dashes']} />,
  pending: <path d="M8 5h6M15 1.2v7.6" />,
  held: <path d="M8 5h5M13.5 1.2v7.6M17.5 1.2v7.6" />,
  apart: <path d="M8 5h3M12.2 2.2l5.6 5.6M17.8 2.2l-5.6 5.6" />,
  'only-left': null,
  'only-right': null,
};

/** The mark, 30 x 10. */
export function TieMark({ state }: { state: TieState }) {
  return (
    <svg className={css['mark']} data-tie={state} width="30" height="10" viewBox="0 0 30 10" aria-hidden="true">
      <Point x={4.5} filled={LEFT_FILLED[state]} />
      <g fill="none" stroke="currentColor" strokeWidth="1.8">
        {BETWEEN[state]}
      </g>
      <Point x={25.5} filled={RIGHT_FILLED.includes(state)} />
    </svg>
  );
}

/** The mark and its word. */
export function Tie({ state, children }: { state: TieState; children: ReactNode }) {
  return (
    <span className={css['tie']} data-tie={state}>
      <TieMark state={state} />
      <span className={css['word']}>{children}</span>
    </span>
  );
}

const SIGN: Readonly<Partial<Record<TieState, string>>> = {
  pending: 'M5 0v12',
  held: 'M3 0v12M7 0v12',
  apart: 'M1 2l8 8M9 2l-8 8',
};

/** The mark as wide as a card, with the names of both ends. The card says the state in words elsewhere. */
export function TieWide({ state, left, right }: { state: TieState; left: string; right: string }) {
  const sign = SIGN[state];
  return (
    <div className={css['wide']} data-tie={state}>
      <span className={css['end']}>{left}</span>
      <span className={css['point']} data-filled={LEFT_FILLED[state]} />
      <span className={css['between']} />
      {sign === undefined ? null : (
        <>
          <svg width="10" height="12" viewBox="0 0 10 12" aria-hidden="true">
            <path d={sign} fill="none" stroke="currentColor" strokeWidth="2" />
          </svg>
          <span className={css['after']} />
        </>
      )}
      <span className={css['point']} data-filled={RIGHT_FILLED.includes(state)} />
      <span className={css['end']}>{right}</span>
    </div>
  );
}
