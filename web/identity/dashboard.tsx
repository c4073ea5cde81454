/* I1: what waits, what moves, how many there are; every number is a link to its list. Reach: own origin. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { identityRoutes as routes } from '../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  Card,
  CardGrid,
  Loaded,
  PageHeader,
  Section,
  TieMark,
  type TieState,
  useRoute,
  When,
} from '../ui/index.ts';
import css from './identity.module.css';
import { say } from './words.ts';

type Numbers = AnswerOf<typeof routes.dashboard>;

function Line({ state, to, children, note }: { state?: TieState; to: string; children: string; note?: ReactNode }) {
  return (
    <li>
      {state === undefined ? null : <TieMark state={state} />}
      <span>
        <Link to={to}>{children}</Link> {note}
      </span>
    </li>
  );
}

function Waiting({ numbers }: { numbers: Numbers }) {
  const { pendingApprovals, oldestPendingAt, failed, held } = numbers;
  const nothing = pendingApprovals === 0 && failed.length === 0 && held.length === 0;
  return (
    <Card title={say('dashboard.waits')}>
      {nothing ? <p>{say('dashboard.nothing')}</p> : null}
      <ul className={css['lines']}>
        {pendingApprovals === 0 ? null : (
          <Line
            state="pending"
            to="/approvals"
            note={
              <>
                · {say('dashboard.oldest')} <When at={oldestPendingAt} as="moment" />
              </>
            }
          >
            {say('dashboard.pending', { n: pendingApprovals })}
          </Line>
        )}
        {held.map(({ app, reason }) => (
          <Line key={app.id} state="held" to={`/apps/${app.id}/configuration`} note={`· ${reason}`}>
            {say('dashboard.held', { app: app.name })}
          </Line>
        ))}
        {failed.map(({ app, count }) => (
          <Line key={app.id} state="apart" to={`/apps/${app.id}/users?status=failed`}>
            {say('dashboard.failed', { n: count, app: app.name })}
          </Line>
        ))}
      </ul>
    </Card>
  );
}

function Moving({ numbers: { moving, runningJobs } }: { numbers: Numbers }) {
  return (
    <Card title={say('dashboard.moving')}>
      {moving + runningJobs === 0 ? <p>{say('dashboard.still')}</p> : null}
      <ul className={css['lines']}>
        {moving === 0 ? null : (
          <Line state="moving" to="/approvals/moving">
            {say('dashboard.tasks', { n: moving })}
          </Line>
        )}
        {runningJobs === 0 ? null : (
          <Line state="moving" to="/bulk">
            {say('dashboard.jobs', { n: runningJobs })}
          </Line>
        )}
      </ul>
    </Card>
  );
}

function All({ numbers }: { numbers: Numbers }) {
  const { users, notActivated, unassigned, apps } = numbers;
  return (
    <Card title={say('dashboard.all')}>
      <ul className={css['lines']}>
        <Line to="/users">{say('dashboard.users', { n: users })}</Line>
        <Line to="/users?status=not-activated">{say('dashboard.notActivated', { n: notActivated })}</Line>
        <Line to="/users">{say('dashboard.unassigned', { n: unassigned })}</Line>
        <Line to="/apps">{say('dashboard.apps', { n: apps })}</Line>
      </ul>
    </Card>
  );
}

export function Dashboard() {
  const dashboard = useRoute(routes.dashboard);
  return (
    <>
      <PageHeader title={say('dashboard.title')} />
      <Body>
        <Loaded query={dashboard}>
          {(numbers) => (
            <Section title={say('dashboard.now')}>
              <CardGrid>
                <Waiting numbers={numbers} />
                <Moving numbers={numbers} />
                <All numbers={numbers} />
              </CardGrid>
            </Section>
          )}
        </Loaded>
      </Body>
    </>
  );
}
