/*
 * A moment: "12 s ago" or a clock time in the viewer's zone, with the UTC value on hover. Reach: reads the clock.
 * Relative times tick by themselves, all on one timer.
 */
import { useSyncExternalStore } from 'react';
import { say } from '../words/words.ts';
import css from './page.module.css';

const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) now = Date.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const UNITS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 365],
] as const;

/** "12 s ago" and the like; "now" for what is less than two seconds away. */
function formatRelative(at: Date, from: number): string {
  let amount = (from - at.getTime()) / 1000;
  if (amount < 2) return say('time.now');
  for (const [unit, size] of UNITS) {
    if (amount < size) return say(`time.ago.${unit}`, { n: Math.trunc(amount) });
    amount /= size;
  }
  return say('time.ago.year', { n: Math.trunc(amount) });
}

const FORMATS = {
  relative: (at: Date, from: number) => formatRelative(at, from),
  clock: (at: Date) => clock.format(at),
  day: (at: Date) => day.format(at),
  moment: (at: Date) => moment.format(at),
};

export type TimeStyle = keyof typeof FORMATS;

/** `at` is RFC 3339; null says "never". */
export function When({ at, as = 'relative' }: { at: string | null | undefined; as?: TimeStyle }) {
  const from = useSyncExternalStore(subscribe, () => now);
  if (at === null || at === undefined) return <span className={css['when']}>{say('time.never')}</span>;
  const date = new Date(at);
  const utc = say('time.utc', { time: date.toISOString().slice(0, 19).replace('T', ' ') });
  return (
    <time className={css['when']} dateTime={at} title={utc}>
      {FORMATS[as](date, Math.max(from, date.getTime()))}
    </time>
  );
}
