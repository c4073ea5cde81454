/*
 * The ledger: a list whose rows are sentences. Time, status and duration stand in mono at the edges, the tie before the
 * sentence. Each row is a link to its story. Reach: pure.
 */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { type TimeStyle, When } from '../page/when.tsx';
import { TieMark, type TieState } from '../tie.tsx';
import css from './table.module.css';

export interface SentencePart {
  readonly kind: 'text' | 'name' | 'value';
  readonly text: string;
}

/** A sentence of the server: names in bold, values in mono. */
export function Sentence({ parts }: { parts: readonly SentencePart[] }) {
  return parts.map((part, index) => {
    const key = `${index}:${part.text}`;
    if (part.kind === 'name') return <strong key={key}>{part.text}</strong>;
    if (part.kind === 'value') return <code key={key}>{part.text}</code>;
    return <span key={key}>{part.text}</span>;
  });
}

export interface LedgerRowProps {
  at: string;
  /** How the time reads; a log of one day says the clock only. */
  as?: TimeStyle;
  state: TieState;
  /** The state's word, for screen readers. */
  word: string;
  /** Address of the row's story; without it the row is not a link. */
  to?: string;
  selected?: boolean;
  /** Mono figures at the right edge. */
  edges?: readonly { readonly text: string; readonly tone?: 'held' }[];
  /** A row that just arrived slides in. */
  fresh?: boolean;
  children: ReactNode;
}

export function LedgerRow({
  at,
  as = 'clock',
  state,
  word,
  to,
  selected,
  edges = [],
  fresh,
  children,
}: LedgerRowProps) {
  const content = (
    <>
      <span className={css['rowTime']}>
        <When at={at} as={as} />
      </span>
      <span className={css['rowTie']}>
        <TieMark state={state} />
        <span className={css['unseen']}>{word}: </span>
      </span>
      <span className={css['sentence']}>{children}</span>
      {edges.map((edge) => (
        <span key={edge.text} className={css['edge']} data-tone={edge.tone}>
          {edge.text}
        </span>
      ))}
    </>
  );
  return (
    <li className={css['row']} data-fresh={fresh ? '' : undefined}>
      {to === undefined ? (
        <div className={css['rowLink']}>{content}</div>
      ) : (
        <Link to={to} preventScrollReset aria-current={selected ? 'true' : undefined} className={css['rowLink']}>
          {content}
        </Link>
      )}
    </li>
  );
}

export function Ledger({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={css['ledger']} aria-label={label}>
      {children}
    </ul>
  );
}
