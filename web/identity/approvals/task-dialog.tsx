/* I7: a task that waits: exactly what it would change, who asked and when; approve it, skip it, or all like it. Reach: own origin. */
import { Button } from '@mantine/core';
import { type Assignment, identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Dialog,
  type Fact,
  Facts,
  FormActions,
  isProblem,
  Loaded,
  ProblemNote,
  Section,
  useRoute,
  When,
} from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import css from './approvals.module.css';
import { useDecide } from './decide.ts';
import { say, sayRich } from './words.ts';

type Task = AnswerOf<typeof routes.task>;

function changesOf({ changes }: Task): Fact[] {
  return changes.map(({ attribute, before, after }) => ({
    term: attribute,
    value: (
      <>
        {before === null ? null : <del className={css['old']}>{before}</del>}{' '}
        {after === null ? null : <ins className={css['new']}>{after}</ins>}
      </>
    ),
  }));
}

/** The other tasks of this app that would do the same. */
function useAlike({ id, app, intent }: Assignment): string[] {
  const tasks = useRoute(routes.tasks, { query: { app: app.id, status: 'pending-approval' } });
  return (tasks.data?.tasks ?? [])
    .map(({ assignment }) => assignment)
    .filter((each) => each.intent === intent || each.id === id)
    .map((each) => each.id);
}

function Decision({ task, onClose }: { task: Task; onClose: () => void }) {
  const { assignment } = task;
  const { id } = assignment;
  const alike = useAlike(assignment);
  const { decide, busy, error } = useDecide();
  const changes = changesOf(task);
  return (
    <>
      <p>
        {sayRich('task.asked', { by: task.requestedBy })} · <When at={task.requestedAt} />
      </p>
      <Section title={say('task.changes')}>
        {changes.length === 0 ? <p>{say('task.nothing')}</p> : <Facts facts={changes} />}
      </Section>
      {error === null ? null : <ProblemNote error={error} />}
      <FormActions>
        <Button variant="filled" disabled={busy} data-autofocus onClick={() => decide('approved', [id], onClose)}>
          {say('approve')}
        </Button>
        <Button disabled={busy} onClick={() => decide('skipped', [id], onClose)}>
          {say('skip')}
        </Button>
        {alike.length > 1 ? (
          <Button disabled={busy} onClick={() => decide('approved', alike, onClose)}>
            {say('approve.all', { n: alike.length })}
          </Button>
        ) : null}
        <Button variant="subtle" onClick={onClose}>
          {sayCommon('cancel')}
        </Button>
      </FormActions>
    </>
  );
}

export function TaskDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const task = useRoute(routes.task, { params: { id } });
  const decided =
    (isProblem(task.error) && task.error.status === 404) ||
    (task.data !== undefined && task.data.assignment.status !== 'pending-approval');
  const name = task.data?.assignment;
  const title =
    name === undefined
      ? say('title')
      : say('task.title', { what: sayCommon(`intent.${name.intent}`), name: name.user.name, app: name.app.name });
  return (
    <Dialog opened onClose={onClose} title={title}>
      {decided ? (
        <p role="status">{say('done.late')}</p>
      ) : (
        <Loaded query={task} rows={4}>
          {(data) => <Decision task={data} onClose={onClose} />}
        </Loaded>
      )}
    </Dialog>
  );
}
