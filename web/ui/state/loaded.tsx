/*
 * What stands in the place of data that is not here: nothing for 150 ms, then a skeleton, after 8 s a word; or the failure,
 * with what to do. `Loaded` does all of it around a query. Reach: reads timers.
 * Data that was here once stays on the screen when a refresh fails; the failure stands above it.
 */
import { Button } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { say } from '../words/words.ts';
import { ProblemNote } from './problem-note.tsx';
import css from './state.module.css';

function useLate(afterMs: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return late;
}

const SKELETON_AFTER_MS = 150;
const LONG_AFTER_MS = 8_000;

export interface LoadingProps {
  /** Rows of the skeleton. */
  rows?: number;
  onCancel?: () => void;
}

export function Loading({ rows = 6, onCancel }: LoadingProps) {
  const visible = useLate(SKELETON_AFTER_MS);
  const long = useLate(LONG_AFTER_MS);
  return (
    <div className={css['loading']} aria-busy="true" data-view="loading">
      {visible ? (
        <>
          <span className={css['quiet']} role="status">
            {say(long ? 'loading.long' : 'loading')}
          </span>
          {Array.from({ length: rows }, (_, row) => row).map((row) => (
            <span key={row} className={css['bone']} />
          ))}
          {long && onCancel !== undefined ? <Button onClick={onCancel}>{say('loading.cancel')}</Button> : null}
        </>
      ) : null}
    </div>
  );
}

export interface LoadedProps<Data> {
  query: UseQueryResult<Data, Error>;
  rows?: number;
  children: (data: Data) => ReactNode;
}

export function Loaded<Data>({ query, rows, children }: LoadedProps<Data>) {
  const failed = query.error === null ? null : <ProblemNote error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data !== undefined) {
    return (
      <>
        {failed}
        {children(query.data)}
      </>
    );
  }
  return failed ?? <Loading {...(rows === undefined ? {} : { rows })} />;
}
