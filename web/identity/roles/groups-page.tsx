/* I10: the groups, what the article calls teams. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { type AnswerOf, Body, DataTable, Empty, Loaded, type TableColumn, useRoute, useWrite } from '../../ui/index.ts';
import { UsersHead } from '../users/users-head.tsx';
import { NameDialog } from './name-dialog.tsx';
import { say } from './words.ts';

type Group = AnswerOf<typeof routes.groups>['groups'][number];

const COLUMNS: readonly TableColumn<Group>[] = [
  {
    id: 'name',
    header: say('name'),
    names: true,
    sortBy: (group) => group.name,
    cell: (group) => <Link to={`/groups/${group.id}`}>{group.name}</Link>,
  },
  {
    id: 'members',
    header: say('members'),
    align: 'end',
    sortBy: (group) => group.members,
    cell: (group) => <Link to={`/users?group=${group.id}`}>{group.members}</Link>,
  },
];

export function GroupsPage() {
  const groups = useRoute(routes.groups);
  const create = useWrite(routes.createGroup, ['groups']);
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  return (
    <>
      <UsersHead
        count={groups.data?.groups.length}
        actions={
          <Button variant="filled" onClick={() => setNaming(true)}>
            {say('groups.new')}
          </Button>
        }
      />
      <Loaded query={groups}>
        {(data) =>
          data.groups.length === 0 ? (
            <Body>
              <Empty title={say('groups.empty')}>{say('groups.empty.why')}</Empty>
            </Body>
          ) : (
            <DataTable label={say('groups.title')} columns={COLUMNS} rows={data.groups} rowId={(group) => group.id} />
          )
        }
      </Loaded>
      {naming ? (
        <NameDialog
          title={say('groups.new')}
          busy={create.isPending}
          error={create.error}
          onSubmit={(name) =>
            create.mutate({ body: { name } }, { onSuccess: ({ id }) => void navigate(`/groups/${id}`) })
          }
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  );
}
