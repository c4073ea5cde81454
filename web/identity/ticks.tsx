/* A list of boxes to tick that knows whether it differs from what is saved. Pure. */
import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import css from './identity.module.css';

export interface Choice {
  readonly id: string;
  readonly name: string;
}

export interface Ticks {
  readonly ids: string[];
  readonly dirty: boolean;
  has: (id: string) => boolean;
  put: (id: string, on: boolean) => void;
}

/** Only what was ticked here is kept: what somebody else saves meanwhile stays as they saved it. */
export function useTicks(saved: readonly string[]): Ticks {
  const [changes, setChanges] = useState<ReadonlyMap<string, boolean>>(new Map());
  const base = new Set(saved);
  const has = (id: string) => changes.get(id) ?? base.has(id);
  return {
    ids: [...new Set([...saved, ...changes.keys()])].filter(has),
    dirty: [...changes].some(([id, on]) => on !== base.has(id)),
    has,
    put: (id, on) => setChanges(new Map([...changes, [id, on]])),
  };
}

export function TickList({ all, ticks, empty }: { all: readonly Choice[]; ticks: Ticks; empty: string }) {
  if (all.length === 0) return <p>{empty}</p>;
  return (
    <div className={css['choices']}>
      {all.map(({ id, name }) => (
        <Checkbox
          key={id}
          label={name}
          checked={ticks.has(id)}
          onChange={(event) => ticks.put(id, event.currentTarget.checked)}
        />
      ))}
    </div>
  );
}
