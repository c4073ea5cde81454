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

export function useTicks(saved: readonly string[]): Ticks {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set(saved));
  return {
    ids: [...ids],
    dirty: ids.size !== saved.length || saved.some((id) => !ids.has(id)),
    has: (id) => ids.has(id),
    put: (id, on) => setIds(new Set(on ? [...ids, id] : [...ids].filter((each) => each !== id))),
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
