/* The lasting proof of a change in the page: "Saved 12:04:31 by Dana Ruiz". Pure. */
import { TieMark } from '../tie.tsx';
import { say } from '../words/words.ts';
import css from './state.module.css';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

export function Saved({ at, by }: { at: Date; by?: string }) {
  const time = clock.format(at);
  return (
    <p className={css['saved']} role="status">
      <TieMark state="agree" />
      {by === undefined ? say('saved', { time }) : say('saved.by', { time, name: by })}
    </p>
  );
}
