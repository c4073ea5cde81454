/*
 * The people who have an app: state, last step or the app's own words, when; what is to be done at the row's end. The row
 * that is open shows its delivery as a line of steps below. Reach: own origin.
 */
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { type Assignment, provisioningStatusSchema, identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  DataTable,
  Empty,
  EmptyFiltered,
  FilterChip,
  Loaded,
  Pager,
  ProblemNote,
  SearchField,
  type TableColumn,
  Toolbar,
  useAddress,
  useRoute,
  When,
} from '../../ui/index.ts';
import { useDecide } from '../approvals/decide.ts';
import { Delivery } from '../approvals/delivery.tsx';
import { TaskActions } from '../approvals/task-actions.tsx';
import css from '../identity.module.css';
import { SubjectState, useAnnounceProvisioned } from '../subject-state.tsx';
import { say as sayCommon } from '../words.ts';
import type { AppDetail } from './app-page.tsx';
import appCss from './apps.module.css';
import { say } from './words.ts';

type Answer = AnswerOf<typeof routes.appUsers>;
const PER_PAGE = 50;

function NameCell({ assignment }: { assignment: Assignment }) {
  const address = useAddress();
  const open = address.get('person') === assignment.id;
  return (
    <Link
      to={address.with({ person: open ? undefined : assignment.id })}
      preventScrollReset
      aria-current={open ? 'true' : undefined}
    >
      {assignment.user.name}
    </Link>
  );
}

const COLUMNS: readonly TableColumn<Assignment>[] = [
  { id: 'name', header: say('users.name'), names: true, cell: (assignment) => <NameCell assignment={assignment} /> },
  { id: 'state', header: sayCommon('state'), cell: ({ status }) => <SubjectState status={status} /> },
  {
    id: 'step',
    header: sayCommon('lastStep'),
    wide: true,
    cell: ({ error, lastStep }) => (error === null ? lastStep : <span className={css['wrong']}>{error}</span>),
  },
  { id: 'when', header: sayCommon('when'), wide: true, cell: ({ changedAt }) => <When at={changedAt} /> },
];

function PeopleTable({ answer, page }: { answer: Answer; page: number }) {
  const address = useAddress();
  const { assignments, total } = answer;
  useAnnounceProvisioned(assignments);
  const open = assignments.find(({ id }) => id === address.get('person'));
  return (
    <>
      <DataTable
        label={say('prov.people')}
        columns={COLUMNS}
        rows={assignments}
        rowId={({ id }) => id}
        actions={(assignment) => (
          <span className={css['buttons']}>
            <TaskActions assignment={assignment} />
          </span>
        )}
      />
      <Pager
        label={say('users.pages')}
        page={page}
        pages={Math.ceil(total / PER_PAGE)}
        previous={sayCommon('page.previous')}
        next={sayCommon('page.next')}
      />
      {open === undefined ? null : (
        <div className={appCss['delivery']}>
          <Delivery assignment={open} />
        </div>
      )}
    </>
  );
}

function RetryFailed({ detail: { app } }: { detail: AppDetail }) {
  const failed = useRoute(routes.tasks, {
    query: { app: app.id, status: 'failed' },
    enabled: app.counts.failed > 0,
  });
  const { decide, busy, error } = useDecide();
  const ids = (failed.data?.tasks ?? []).map(({ assignment }) => assignment.id);
  if (app.counts.failed === 0 || ids.length === 0) return null;
  return (
    <>
      <Button size="xs" disabled={busy} onClick={() => decide('retried', ids)}>
        {say('users.retryFailed')}
      </Button>
      {error === null ? null : <ProblemNote error={error} />}
    </>
  );
}

export function PeopleWithApp({ detail }: { detail: AppDetail }) {
  const address = useAddress();
  const navigate = useNavigate();
  const search = address.get('search') ?? '';
  const status = provisioningStatusSchema.options.find((name) => name === address.get('status'));
  const page = Math.max(1, Number(address.get('page')) || 1);
  const query = { search, page, perPage: PER_PAGE, ...(status === undefined ? {} : { status }) };
  const users = useRoute(routes.appUsers, { params: { id: detail.app.id }, query });
  const filtered = search !== '' || status !== undefined;
  return (
    <>
      <Toolbar label={say('users.filter')}>
        <SearchField label={say('users.search')} />
        {(['provisioned', 'pending-approval', 'failed', 'held'] as const).map((name) => (
          <FilterChip key={name} name="status" value={name}>
            {sayCommon(`status.${name}`)}
          </FilterChip>
        ))}
        <RetryFailed detail={detail} />
      </Toolbar>
      <Loaded query={users} rows={8}>
        {(answer) =>
          answer.assignments.length > 0 ? (
            <PeopleTable answer={answer} page={page} />
          ) : (
            <Body>
              {filtered ? (
                <EmptyFiltered
                  title={say('users.none')}
                  onClear={() => navigate(address.with({ search: undefined, status: undefined, page: undefined }))}
                />
              ) : (
                <Empty title={say('users.empty')}>{say('users.empty.why')}</Empty>
              )}
            </Body>
          )
        }
      </Loaded>
    </>
  );
}
