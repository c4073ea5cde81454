/* The groups that go to the app, and where each stands. Reach: own origin. */
import { Link } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { type AnswerOf, Body, DataTable, Empty, Loaded, type TableColumn, useRoute } from '../../ui/index.ts';
import css from '../identity.module.css';
import { SubjectState } from '../subject-state.tsx';
import { say as sayCommon } from '../words.ts';
import type { AppDetail } from './app-page.tsx';
import { say } from './words.ts';

type Group = AnswerOf<typeof routes.appGroups>['groups'][number];

const COLUMNS: readonly TableColumn<Group>[] = [
  {
    id: 'name',
    header: say('users.name'),
    names: true,
    sortBy: ({ name }) => name,
    cell: ({ id, name }) => <Link to={`/groups/${id}`}>{name}</Link>,
  },
  { id: 'state', header: sayCommon('state'), cell: ({ status }) => <SubjectState status={status} /> },
  {
    id: 'step',
    header: sayCommon('lastStep'),
    wide: true,
    cell: ({ error, lastStep }) => (error === null ? lastStep : <span className={css['wrong']}>{error}</span>),
  },
  {
    id: 'members',
    header: say('groups.members'),
    align: 'end',
    sortBy: ({ members }) => members,
    cell: ({ members }) => members,
  },
];

export function AppGroupsTab({ detail: { app } }: { detail: AppDetail }) {
  const groups = useRoute(routes.appGroups, { params: { id: app.id } });
  return (
    <Loaded query={groups}>
      {({ groups: list }) =>
        list.length === 0 ? (
          <Body>
            <Empty title={say('groups.empty')}>{say('groups.empty.why')}</Empty>
          </Body>
        ) : (
          <DataTable label={say('tab.groups')} columns={COLUMNS} rows={list} rowId={({ id }) => id} />
        )
      }
    </Loaded>
  );
}
