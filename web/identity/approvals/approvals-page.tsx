/* What waits for an administrator, what failed grouped by its reason, what is held and what moves, over all apps. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { type ProvisioningStatus, identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  DataTable,
  Empty,
  Loaded,
  PageFailure,
  PageHeader,
  ProblemNote,
  TabLinks,
  type TableColumn,
  useRoute,
  When,
} from '../../ui/index.ts';
import idCss from '../identity.module.css';
import { SubjectState } from '../subject-state.tsx';
import { say as sayCommon } from '../words.ts';
import css from './approvals.module.css';
import { useDecide } from './decide.ts';
import { TaskActions } from './task-actions.tsx';
import { say } from './words.ts';

type Answer = AnswerOf<typeof routes.tasks>;
type Task = Answer['tasks'][number];

const SHOWS = {
  waiting: ['pending-approval'],
  failed: ['failed'],
  held: ['held'],
  moving: ['queued', 'provisioning'],
} as const satisfies Record<string, readonly ProvisioningStatus[]>;
type Show = keyof typeof SHOWS;
const NAMES = Object.keys(SHOWS) as Show[];

const COLUMNS: readonly TableColumn<Task>[] = [
  {
    id: 'person',
    header: say('person'),
    names: true,
    cell: ({ assignment: { kind, user } }) => (
      <Link to={kind === 'group' ? `/groups/${user.id}` : `/users/${user.id}/applications`}>{user.name}</Link>
    ),
  },
  {
    id: 'app',
    header: say('app'),
    cell: ({ assignment: { app } }) => <Link to={`/apps/${app.id}/users`}>{app.name}</Link>,
  },
  { id: 'what', header: say('what'), cell: ({ assignment }) => sayCommon(`intent.${assignment.intent}`) },
  { id: 'state', header: sayCommon('state'), cell: ({ assignment }) => <SubjectState status={assignment.status} /> },
  {
    id: 'step',
    header: sayCommon('lastStep'),
    wide: true,
    cell: ({ assignment: { error, lastStep } }) =>
      error === null ? lastStep : <span className={idCss['wrong']}>{error}</span>,
  },
  { id: 'asked', header: say('asked'), wide: true, cell: ({ requestedBy }) => requestedBy },
  { id: 'age', header: say('age'), align: 'end', wide: true, cell: ({ requestedAt }) => <When at={requestedAt} /> },
];

function TaskTable({
  tasks,
  label,
  onChoose,
  chosen,
}: {
  tasks: readonly Task[];
  label: string;
  chosen?: ReadonlySet<string>;
  onChoose?: (ids: ReadonlySet<string>) => void;
}) {
  return (
    <DataTable
      label={label}
      columns={COLUMNS}
      rows={tasks}
      rowId={({ assignment }) => assignment.id}
      actions={({ assignment }) => (
        <span className={idCss['buttons']}>
          <TaskActions assignment={assignment} />
        </span>
      )}
      {...(chosen === undefined || onChoose === undefined
        ? {}
        : { selection: { ids: chosen, onChange: onChoose, nameOf: (task: Task) => task.assignment.user.name } })}
    />
  );
}

function Waiting({ tasks }: { tasks: readonly Task[] }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { decide, busy, error } = useDecide();
  const here = tasks.map(({ assignment }) => assignment.id);
  const ids = here.filter((id) => ticked.has(id));
  const done = () => setTicked(new Set());
  return (
    <>
      <div className={css['groupHead']}>
        {error === null ? null : <ProblemNote error={error} />}
        <span className={idCss['buttons']}>
          <Button size="xs" disabled={busy || ids.length === 0} onClick={() => decide('approved', ids, done)}>
            {say('approve.chosen')}
          </Button>
          <Button size="xs" disabled={busy || ids.length === 0} onClick={() => decide('skipped', ids, done)}>
            {say('skip.chosen')}
          </Button>
        </span>
      </div>
      <TaskTable tasks={tasks} label={say('show.waiting')} chosen={new Set(ids)} onChoose={setTicked} />
    </>
  );
}

/** Failed tasks by the app's words, the most frequent reason first. */
function Failed({ tasks }: { tasks: readonly Task[] }) {
  const { decide, busy, error } = useDecide();
  const groups = Map.groupBy(tasks, ({ assignment }) => assignment.error ?? assignment.lastStep);
  const sorted = [...groups].sort(([, left], [, right]) => right.length - left.length);
  return (
    <div className={css['groups']}>
      {error === null ? null : <ProblemNote error={error} />}
      {sorted.map(([reason, group]) => (
        <section key={reason}>
          <div className={css['groupHead']}>
            <h2>{say('reason.group', { n: group.length, reason })}</h2>
            <Button
              size="xs"
              disabled={busy}
              onClick={() =>
                decide(
                  'retried',
                  group.map(({ assignment }) => assignment.id),
                )
              }
            >
              {say('retry.all', { n: group.length })}
            </Button>
          </div>
          <TaskTable tasks={group} label={reason} />
        </section>
      ))}
    </div>
  );
}

function Tasks({ tasks, show }: { tasks: readonly Task[]; show: Show }) {
  const shown = tasks.filter(({ assignment }) => SHOWS[show].some((status) => status === assignment.status));
  if (shown.length === 0) {
    return (
      <Body>
        <Empty title={say(`${show}.empty`)}>{say(`${show}.empty.why`)}</Empty>
      </Body>
    );
  }
  if (show === 'waiting') return <Waiting tasks={shown} />;
  if (show === 'failed') return <Failed tasks={shown} />;
  return <TaskTable tasks={shown} label={say(`show.${show}`)} />;
}

export function ApprovalsPage() {
  const { show: asked = 'waiting' } = useParams();
  const show = NAMES.find((name) => name === asked);
  const tasks = useRoute(routes.tasks);
  const counts = tasks.data?.counts;
  if (show === undefined) return <PageFailure />;
  const countOf = { waiting: counts?.pending, failed: counts?.failed, held: counts?.held, moving: counts?.moving };
  return (
    <>
      <PageHeader title={say('title')} />
      <TabLinks
        label={say('shows')}
        tabs={NAMES.map((name) => ({
          to: name === 'waiting' ? '/approvals' : `/approvals/${name}`,
          label: say(`show.${name}`),
          end: true,
          ...(countOf[name] === undefined ? {} : { count: countOf[name] }),
        }))}
      />
      <Loaded query={tasks}>{(data) => <Tasks tasks={data.tasks} show={show} />}</Loaded>
    </>
  );
}
