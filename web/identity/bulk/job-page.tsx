/*
 * I9: a bulk operation as it goes: progress, counts, each user and their mail. It belongs to the server: this page can be
 * closed, and the server restarted. Reach: own origin, live by the `jobs` event.
 */
import { Button, Progress } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  ConfirmDialog,
  DataTable,
  Facts,
  LiveChip,
  LoadedPage,
  PageHeader,
  ProblemNote,
  Section,
  type TableColumn,
  Tie,
  type TieState,
  useRoute,
  useWrite,
  When,
} from '../../ui/index.ts';
import { say } from './words.ts';

type Answer = AnswerOf<typeof routes.bulkJob>;
type Job = Answer['job'];
type Item = Answer['items'][number];

const TIES: Record<Item['state'], TieState> = {
  waiting: 'moving',
  done: 'agree',
  failed: 'apart',
  skipped: 'only-right',
};

const COLUMNS: readonly TableColumn<Item>[] = [
  {
    id: 'user',
    header: say('item.user'),
    names: true,
    cell: (item) => <Link to={`/users/${item.user.id}`}>{item.user.name}</Link>,
  },
  {
    id: 'state',
    header: say('item.state'),
    cell: (item) => <Tie state={TIES[item.state]}>{say(`item.${item.state}`)}</Tie>,
  },
  { id: 'note', header: say('item.note'), wide: true, cell: (item) => item.note },
  { id: 'mail', header: say('item.mail'), cell: (item) => say(`mail.${item.mail}`) },
];

export function JobProgress({ job }: { job: Job }) {
  const { total, done, failed, skipped } = job;
  const settled = done + failed + skipped;
  return (
    <>
      <Progress
        value={total === 0 ? 100 : (settled / total) * 100}
        aria-label={say('job.progress', { done: settled, total })}
      />
      <p role="status">{say('job.progress', { done: settled, total })}</p>
    </>
  );
}

function mailsOf({ mails }: Job): string {
  const parts = (['accepted', 'waiting', 'unconfirmed', 'failed'] as const)
    .filter((state) => mails[state] > 0)
    .map((state) => say(`job.mails.${state}`, { n: mails[state] }));
  return parts.join(', ') || say('job.mails.none');
}

function Actions({ job }: { job: Job }) {
  const [asking, setAsking] = useState(false);
  const params = { id: job.id };
  const cancel = useWrite(routes.cancelBulk, ['bulk']);
  const retry = useWrite(routes.retryBulk, ['bulk']);
  return (
    <>
      {job.state === 'running' ? <Button onClick={() => setAsking(true)}>{say('job.cancel')}</Button> : null}
      {job.failed > 0 && job.state === 'finished' ? (
        <Button disabled={retry.isPending} onClick={() => retry.mutate({ params })}>
          {say('job.retry')}
        </Button>
      ) : null}
      {retry.error === null ? null : <ProblemNote error={retry.error} />}
      <ConfirmDialog
        opened={asking}
        title={say('job.cancel.title')}
        confirm={say('job.cancel')}
        busy={cancel.isPending}
        error={cancel.error}
        onConfirm={() => cancel.mutate({ params }, { onSuccess: () => setAsking(false) })}
        onCancel={() => setAsking(false)}
      >
        <p>{say('job.cancel.what')}</p>
      </ConfirmDialog>
    </>
  );
}

function ResendMail({ job, item }: { job: string; item: Item }) {
  const resend = useWrite(routes.resendBulkMail, ['bulk']);
  if (item.mail !== 'unconfirmed' && item.mail !== 'failed') return null;
  return (
    <Button
      size="sm"
      aria-label={say('mail.againTo', { name: item.user.name })}
      disabled={resend.isPending}
      onClick={() => resend.mutate({ params: { id: job, user: item.user.id } })}
    >
      {say('mail.again')}
    </Button>
  );
}

function JobView({ answer: { job, items } }: { answer: Answer }) {
  return (
    <>
      <PageHeader
        title={job.sentence}
        crumbs={[
          { to: '/users', label: say('crumb') },
          { to: '/bulk', label: say('title') },
        ]}
        state={
          <Tie state={job.state === 'running' ? 'moving' : job.failed > 0 ? 'apart' : 'agree'}>
            {say(`job.state.${job.state}`)}
          </Tie>
        }
        actions={<Actions job={job} />}
      />
      <Body>
        {job.state === 'running' ? <LiveChip>{say('job.safe')}</LiveChip> : null}
        <JobProgress job={job} />
        <Section title={say('job.counts')}>
          <Facts
            facts={[
              { term: say('job.done'), value: job.done },
              { term: say('job.failedTerm'), value: job.failed },
              { term: say('job.skippedTerm'), value: job.skipped },
              { term: say('job.mails'), value: mailsOf(job) },
              {
                term: say('jobs.started'),
                value: <When at={job.startedAt} as="moment" />,
                note: say('jobs.by', { name: job.startedBy }),
              },
            ]}
          />
        </Section>
      </Body>
      <DataTable
        label={say('job.items')}
        columns={COLUMNS}
        rows={items}
        rowId={(item) => item.user.id}
        actions={(item) => <ResendMail job={job.id} item={item} />}
      />
    </>
  );
}

export function JobPage() {
  const { id = '' } = useParams();
  const job = useRoute(routes.bulkJob, { params: { id } });
  return (
    <LoadedPage query={job} title={say('title')} crumbs={[{ to: '/bulk', label: say('title') }]}>
      {(data) => <JobView answer={data} />}
    </LoadedPage>
  );
}
