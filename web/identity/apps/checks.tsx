/* The live checks behind Enable: each a sentence; what was sent and received where one failed. Pure. */
import type { z } from 'zod';
import type { apiCheckSchema } from '../../../src/contract/identity.ts';
import { Section, Tie, type TieState, When } from '../../ui/index.ts';
import css from './apps.module.css';
import { say } from './words.ts';

type Check = z.infer<typeof apiCheckSchema>;

function tieOf({ passed }: Check): TieState {
  if (passed === null) return 'only-left';
  return passed ? 'agree' : 'apart';
}

function CheckLine({ check }: { check: Check }) {
  const state = tieOf(check);
  return (
    <li data-check={check.name} data-state={state}>
      <Tie state={state}>{say(`check.${check.name}`)}</Tie>
      <span>{check.sentence}</span>
      {check.passed === false && check.sent !== null ? (
        <dl>
          <dt>{say('check.sent')}</dt>
          <dd>
            <code>{check.sent}</code>
          </dd>
          <dt>{say('check.received')}</dt>
          <dd>
            <code>{check.received ?? '–'}</code>
          </dd>
        </dl>
      ) : null}
    </li>
  );
}

export interface ChecksProps {
  checks: readonly Check[];
  checkedAt: string | null;
  running: boolean;
}

export function Checks({ checks, checkedAt, running }: ChecksProps) {
  return (
    <Section title={say('checks.title')}>
      {running ? <p role="status">{say('checks.running')}</p> : null}
      {!running && checks.length === 0 ? <p>{say('checks.never')}</p> : null}
      {running || checks.length === 0 ? null : (
        <>
          <ul className={css['checks']}>
            {checks.map((check) => (
              <CheckLine key={check.name} check={check} />
            ))}
          </ul>
          <p>
            {say('checks.at')} <When at={checkedAt} />
          </p>
        </>
      )}
    </Section>
  );
}
