/* I10: the roles, with how many have them and which apps they give. Reach: own origin. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  DataTable,
  Empty,
  Loaded,
  PageHeader,
  type TableColumn,
  useRoute,
  useWrite,
} from '../../ui/index.ts';
import { NameDialog } from './name-dialog.tsx';
import { say } from './words.ts';

type Role = AnswerOf<typeof routes.roles>['roles'][number];

const COLUMNS: readonly TableColumn<Role>[] = [
  {
    id: 'name',
    header: say('name'),
    names: true,
    sortBy: (role) => role.name,
    cell: (role) => (
      <>
        <Link to={`/roles/${role.id}`}>{role.name}</Link>
        {role.isDefault ? ` · ${say('roles.default')}` : null}
      </>
    ),
  },
  {
    id: 'members',
    header: say('members'),
    align: 'end',
    sortBy: (role) => role.members,
    cell: (role) => <Link to={`/users?role=${role.id}`}>{role.members}</Link>,
  },
  { id: 'apps', header: say('apps'), cell: (role) => role.apps.map(({ name }) => name).join(', ') },
];

export function RolesPage() {
  const roles = useRoute(routes.roles);
  const create = useWrite(routes.createRole, ['roles']);
  const navigate = useNavigate();
  const [naming, setNaming] = useState(false);
  return (
    <>
      <PageHeader
        title={say('roles.title')}
        {...(roles.data === undefined ? {} : { count: roles.data.roles.length })}
        actions={
          <>
            <Button component={Link} to="/groups">
              {say('groups.title')}
            </Button>
            <Button variant="filled" onClick={() => setNaming(true)}>
              {say('roles.new')}
            </Button>
          </>
        }
      />
      <Loaded query={roles}>
        {(data) =>
          data.roles.length === 0 ? (
            <Body>
              <Empty title={say('roles.empty')}>{say('roles.empty.why')}</Empty>
            </Body>
          ) : (
            <DataTable label={say('roles.title')} columns={COLUMNS} rows={data.roles} rowId={(role) => role.id} />
          )
        }
      </Loaded>
      {naming ? (
        <NameDialog
          title={say('roles.new')}
          busy={create.isPending}
          error={create.error}
          onSubmit={(name) =>
            create.mutate({ body: { name } }, { onSuccess: ({ id }) => void navigate(`/roles/${id}`) })
          }
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  );
}
