/* I9: bulk operations so far, the newest first, each a sentence. Reach: own origin. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { type AnswerOf, Body, Empty, Ledger, LedgerRow, Loaded, type TieState, useRoute } from '../../ui/index.ts';
import { UsersHead } from '../users/users-head.tsx';
import { say } from './words.ts';

type Job = AnswerOf<typeof routes.bulkJobs>['jobs'][number];

function tieOf({ state, failed }: Job): TieState {
  if (state === 'running') return 'moving';
  return failed > 0 ? 'apart' : 'agree';
}

function edgesOf(job: Job): { text: string }[] {
  const settled = job.done + job.failed + job.skipped;
  return [{ text: say('job.progress', { done: settled, total: job.total }) }];
}

export function JobsPage() {
  const jobs = useRoute(routes.bulkJobs);
  return (
    <>
      <UsersHead
        actions={
          <Button component={Link} to="/bulk/new" variant="filled">
            {say('new')}
          </Button>
        }
      />
      <Loaded query={jobs}>
        {(data) =>
          data.jobs.length === 0 ? (
            <Body>
              <Empty title={say('jobs.empty')}>{say('jobs.empty.why')}</Empty>
            </Body>
          ) : (
            <Ledger label={say('jobs')}>
              {data.jobs.map((job) => (
                <LedgerRow
                  key={job.id}
                  at={job.startedAt}
                  state={tieOf(job)}
                  word={say(`job.state.${job.state}`)}
                  to={`/bulk/${job.id}`}
                  edges={edgesOf(job)}
                >
                  {job.sentence}
                </LedgerRow>
              ))}
            </Ledger>
          )
        }
      </Loaded>
    </>
  );
}
