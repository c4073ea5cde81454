/*
 * "Live", or "Reconnecting… last update 12:04:31" when the event stream is cut. Reach: pure.
 */
import { say } from '../words/words.ts';
import css from './live.module.css';
import { useLiveness } from './use-live.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `children` says more while live, such as who spoke last. */
export function LiveChip({ children }: { children?: React.ReactNode }) {
  const liveness = useLiveness();
  if (liveness.state === 'reconnecting') {
    return (
      <p className={css['chip']} data-live="reconnecting">
        <span className={css['dot']} />
        {say('live.reconnecting', { time: clock.format(liveness.since) })}
      </p>
    );
  }
  return (
    <p className={css['chip']} data-live="live">
      <span className={css['dot']} />
      {children ?? say('live.live')}
    </p>
  );
}
