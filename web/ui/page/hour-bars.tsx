/*
 * A day of requests, one bar an hour, the refused part in its own colour; the same figures as a table for everyone who
 * asks. Reach: reads the clock. Hours in which nothing came are not in the data; here they stand as empty ones.
 */
import { say } from '../words/words.ts';
import css from './hour-bars.module.css';

export interface Hour {
  readonly hour: string;
  readonly accepted: number;
  readonly refused: number;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const HEIGHT = 40;
const STEP = 13;

const HOUR_MS = 3_600_000;

/** The last 24 hours, oldest first. */
function wholeDay(hours: readonly Hour[]): Hour[] {
  const known = new Map(hours.map((hour) => [Math.floor(Date.parse(hour.hour) / HOUR_MS), hour]));
  const last = Math.floor(Date.now() / HOUR_MS);
  return Array.from({ length: 24 }, (_, index) => {
    const at = last - 23 + index;
    return known.get(at) ?? { hour: new Date(at * HOUR_MS).toISOString(), accepted: 0, refused: 0 };
  });
}

function sum(hours: readonly Hour[], pick: (hour: Hour) => number): number {
  return hours.reduce((total, hour) => total + pick(hour), 0);
}

/** "312 requests in 24 h, 6 refused". */
function hoursInWords(hours: readonly Hour[]): string {
  const refused = sum(hours, (hour) => hour.refused);
  return say('hours', { n: sum(hours, (hour) => hour.accepted) + refused, refused });
}

function Bar({ hour, x, scale }: { hour: Hour; x: number; scale: number }) {
  const total = (hour.accepted + hour.refused) * scale;
  const refused = hour.refused * scale;
  return (
    <>
      <rect x={x} y={HEIGHT - total} width={STEP - 2} height={total - refused} className={css['accepted']} />
      <rect x={x} y={HEIGHT - refused} width={STEP - 2} height={refused} className={css['refused']} />
    </>
  );
}

export function HourBars({ hours, size }: { hours: readonly Hour[]; size?: 'small' }) {
  const day = wholeDay(hours);
  const top = Math.max(1, ...day.map((hour) => hour.accepted + hour.refused));
  return (
    <figure className={css['hours']} data-size={size}>
      <svg viewBox={`0 0 ${day.length * STEP} ${HEIGHT}`} role="img" aria-label={hoursInWords(hours)}>
        {day.map((hour, index) => (
          <Bar key={hour.hour} hour={hour} x={index * STEP} scale={HEIGHT / top} />
        ))}
      </svg>
      <figcaption>{hoursInWords(hours)}</figcaption>
    </figure>
  );
}

/** Behind a disclosure: hour, accepted, refused. */
export function HourTable({ hours }: { hours: readonly Hour[] }) {
  return (
    <details className={css['hourTable']}>
      <summary>{say('hours.table')}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('hours.hour')}</th>
            <th scope="col">{say('hours.accepted')}</th>
            <th scope="col">{say('hours.refused')}</th>
          </tr>
        </thead>
        <tbody>
          {wholeDay(hours).map((hour) => (
            <tr key={hour.hour}>
              <th scope="row">{clock.format(new Date(hour.hour))}</th>
              <td>{hour.accepted}</td>
              <td>{hour.refused}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
