/*
 * A user's logins: the roles they may come through at the left, the apps at the right, **+** gives one. A row goes from
 * Queued to Provisioned by itself. Reach: own origin.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Assignment, identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  Body,
  ConfirmDialog,
  DataTable,
  Empty,
  Section,
  type TableColumn,
  useAddress,
  useWrite,
} from '../../ui/index.ts';
import { Delivery } from '../approvals/delivery.tsx';
import { TaskActions } from '../approvals/task-actions.tsx';
import css from '../identity.module.css';
import { SubjectState } from '../subject-state.tsx';
import { say as sayCommon } from '../words.ts';
import { AssignDialog } from './assign-dialog.tsx';
import type { UserStory } from './user-page.tsx';
import userCss from './users.module.css';
import { say } from './words.ts';

/** What happened last, in the app's words where it refused, and the way to all steps. */
function LastStep({ assignment }: { assignment: Assignment }) {
  const address = useAddress();
  const { id, app, error, lastStep } = assignment;
  const open = address.get('steps') === id;
  return (
    <>
      {error === null ? lastStep : <span className={css['wrong']}>{error}</span>}{' '}
      <Link
        to={address.with({ steps: open ? undefined : id })}
        preventScrollReset
        aria-label={open ? say('apps.hideSteps') : say('apps.viewStepsOf', { app: app.name })}
      >
        {say(open ? 'apps.hideSteps' : 'apps.viewSteps')}
      </Link>
    </>
  );
}

const COLUMNS: readonly TableColumn<Assignment>[] = [
  {
    id: 'app',
    header: say('apps.app'),
    names: true,
    cell: ({ app, through }) => (
      <>
        <Link to={`/apps/${app.id}/users`}>{app.name}</Link>
        <div className={css['quiet']}>{through.join(', ')}</div>
      </>
    ),
  },
  { id: 'state', header: say('apps.state'), cell: ({ status }) => <SubjectState status={status} /> },
  {
    id: 'lastStep',
    header: sayCommon('lastStep'),
    wide: true,
    cell: (assignment) => <LastStep assignment={assignment} />,
  },
  { id: 'login', header: say('apps.login'), wide: true, cell: ({ login }) => <code>{login}</code> },
];

function RemoveLogin({ assignment, onClose }: { assignment: Assignment; onClose: () => void }) {
  const { app, user } = assignment;
  const remove = useWrite(routes.unassignApp, ['tasks', 'apps', 'dashboard']);
  return (
    <ConfirmDialog
      opened
      title={say('apps.remove.title', { app: app.name, name: user.name })}
      confirm={say('apps.remove')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { id: user.id, app: app.id } }, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p>{say('apps.remove.what')}</p>
    </ConfirmDialog>
  );
}

function LoginActions({ assignment, onRemove }: { assignment: Assignment; onRemove: () => void }) {
  const gone = assignment.status === 'deprovisioned' || assignment.status === 'suspended';
  return (
    <span className={css['buttons']}>
      <TaskActions assignment={assignment} />
      {gone ? null : (
        <Button size="xs" aria-label={say('apps.removeOf', { app: assignment.app.name })} onClick={onRemove}>
          {say('apps.remove')}
        </Button>
      )}
    </span>
  );
}

function Logins({ story }: { story: UserStory }) {
  const address = useAddress();
  const [removing, setRemoving] = useState<Assignment>();
  const { assignments, user } = story;
  const open = assignments.find(({ id }) => id === address.get('steps'));
  return (
    <Section
      title={say('apps.title')}
      actions={
        <Button variant="filled" aria-label={say('apps.addName')} onClick={() => address.replace({ assign: 'yes' })}>
          {say('apps.add')}
        </Button>
      }
    >
      {assignments.length === 0 ? (
        <Empty title={say('apps.empty')}>{say('apps.empty.why')}</Empty>
      ) : (
        <DataTable
          label={say('apps.title')}
          columns={COLUMNS}
          rows={assignments}
          rowId={({ id }) => id}
          actions={(assignment) => <LoginActions assignment={assignment} onRemove={() => setRemoving(assignment)} />}
        />
      )}
      {open === undefined ? null : <Delivery assignment={open} />}
      <AssignDialog
        opened={address.get('assign') === 'yes'}
        user={user}
        assignments={assignments}
        onClose={() => address.replace({ assign: undefined })}
      />
      {removing === undefined ? null : <RemoveLogin assignment={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

export function ApplicationsTab({ story }: { story: UserStory }) {
  const { roles } = story.user;
  return (
    <Body>
      <div className={userCss['beside']}>
        <Section title={say('apps.roles')}>
          {roles.length === 0 ? <p>{say('apps.noRoles')}</p> : null}
          <ul className={userCss['plainList']}>
            {roles.map((role) => (
              <li key={role.id}>
                <Link to={`/roles/${role.id}`}>{role.name}</Link>
              </li>
            ))}
          </ul>
        </Section>
        <div className={userCss['logins']}>
          <Logins story={story} />
        </div>
      </div>
    </Body>
  );
}
