/* One delivery laid out: its steps on a line, what came of it, the id at the app. Pure. */
import type { Assignment } from '../../../src/contract/identity.ts';
import { Card, StepLine, When } from '../../ui/index.ts';
import css from '../identity.module.css';
import { stepsOf } from '../subject-state.tsx';
import { say as sayCommon } from '../words.ts';
import { say, sayRich } from './words.ts';

const ON_THE_WAY: readonly Assignment['status'][] = ['queued', 'provisioning'];

export function Delivery({ assignment }: { assignment: Assignment }) {
  const { user, app, status, error, durationMs, remoteId, nextAttemptAt, steps } = assignment;
  const moving = ON_THE_WAY.includes(status);
  return (
    <Card
      title={sayRich(moving ? 'delivery.onTheWay' : 'delivery.done', { name: user.name, app: app.name })}
      state={durationMs === null ? undefined : say('delivery.took', { ms: Math.round(durationMs) })}
      stateName={status}
    >
      {steps.length === 0 ? <p>{assignment.lastStep}</p> : null}
      <StepLine label={sayCommon('steps.of', { name: user.name })} steps={stepsOf(assignment)} />
      {error === null ? null : <p className={css['wrong']}>{error}</p>}
      {nextAttemptAt === null ? null : (
        <p>
          {say('delivery.next')} <When at={nextAttemptAt} as="moment" />
        </p>
      )}
      {remoteId === null ? null : (
        <p className={css['quiet']}>
          {say('delivery.remote')} <code>{remoteId}</code>
        </p>
      )}
    </Card>
  );
}
