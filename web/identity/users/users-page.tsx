/* I5: all users, searched and filtered by the server, a page at a time; the way to bulk operations. Reach: own origin. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { identityRoutes as routes, type User, userStatusSchema } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Avatar,
  Band,
  Body,
  DataTable,
  Empty,
  EmptyFiltered,
  FilterChip,
  Loaded,
  Pager,
  SearchField,
  type TableColumn,
  Toolbar,
  useAddress,
  useRoute,
  When,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { say as sayCommon } from '../words.ts';
import { UserState } from './attributes.tsx';
import { NewUserDialog } from './new-user-dialog.tsx';
import { UsersHead } from './users-head.tsx';
import { say } from './words.ts';

const PER_PAGE = 50;

const COLUMNS: readonly TableColumn<User>[] = [
  {
    id: 'name',
    header: sayCommon('name'),
    names: true,
    cell: (user) => (
      <Link to={`/users/${user.id}`} className={css['named']}>
        <Avatar name={user.displayName} />
        {user.displayName}
      </Link>
    ),
  },
  { id: 'userName', header: say('attribute.userName'), wide: true, cell: (user) => <code>{user.userName}</code> },
  { id: 'title', header: say('attribute.title'), wide: true, cell: (user) => user.title },
  { id: 'manager', header: say('attribute.manager'), wide: true, cell: (user) => user.manager?.name },
  {
    id: 'groups',
    header: say('users.groups'),
    wide: true,
    cell: (user) => user.groups.map(({ name }) => name).join(', '),
  },
  { id: 'status', header: say('users.status'), cell: (user) => <UserState status={user.status} /> },
  { id: 'apps', header: say('users.apps'), align: 'end', wide: true, cell: (user) => user.apps },
  { id: 'seen', header: say('users.seen'), align: 'end', wide: true, cell: (user) => <When at={user.lastSeenAt} /> },
];

function useUsersFilter() {
  const address = useAddress();
  const search = address.get('search') ?? '';
  const status = userStatusSchema.options.find((name) => name === address.get('status'));
  const [role, group, app] = [address.get('role'), address.get('group'), address.get('app')];
  const page = Math.max(1, Number(address.get('page')) || 1);
  const chosen = {
    ...(status ? { status } : {}),
    ...(role ? { role } : {}),
    ...(group ? { group } : {}),
    ...(app ? { app } : {}),
  };
  return {
    query: { search, page, perPage: PER_PAGE, ...chosen },
    page,
    filtered: search !== '' || Object.keys(chosen).length > 0,
  };
}

/** A filter that came with the address from a role, a group or an app. */
function NamedFilters() {
  const address = useAddress();
  const [role, group, app] = [address.get('role'), address.get('group'), address.get('app')];
  const roles = useRoute(routes.roles, { enabled: role !== undefined });
  const groups = useRoute(routes.groups, { enabled: group !== undefined });
  const apps = useRoute(routes.apps, { enabled: app !== undefined });
  const nameIn = (list: readonly { id: string; name: string }[] | undefined, id: string) =>
    list?.find((each) => each.id === id)?.name ?? sayCommon('none');
  return (
    <>
      {role === undefined ? null : (
        <FilterChip name="role" value={role}>
          {say('users.inRole', { name: nameIn(roles.data?.roles, role) })}
        </FilterChip>
      )}
      {group === undefined ? null : (
        <FilterChip name="group" value={group}>
          {say('users.inGroup', { name: nameIn(groups.data?.groups, group) })}
        </FilterChip>
      )}
      {app === undefined ? null : (
        <FilterChip name="app" value={app}>
          {say('users.withApp', { name: nameIn(apps.data?.apps, app) })}
        </FilterChip>
      )}
    </>
  );
}

function Actions({ chosen }: { chosen: ReadonlySet<string> }) {
  const address = useAddress();
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={15} />}>{say('users.more')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to="/bulk/new" state={{ users: [...chosen] }}>
            {say('users.bulk')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button variant="filled" component={Link} to={address.with({ new: 'yes' })}>
        {say('users.new')}
      </Button>
    </>
  );
}

function UserTable(props: {
  answer: AnswerOf<typeof routes.users>;
  page: number;
  chosen: ReadonlySet<string>;
  onChoose: (ids: ReadonlySet<string>) => void;
}) {
  const { answer, page, chosen, onChoose } = props;
  return (
    <>
      {chosen.size === 0 ? null : (
        <Body>
          <Band
            tone="accent"
            action={
              <Button component={Link} to="/bulk/new" state={{ users: [...chosen] }}>
                {say('users.bulkSelected')}
              </Button>
            }
          >
            <strong>{say('users.selected', { n: chosen.size })}</strong>
          </Band>
        </Body>
      )}
      <DataTable
        label={say('users.all')}
        columns={COLUMNS}
        rows={answer.users}
        rowId={(user) => user.id}
        selection={{ ids: chosen, onChange: onChoose, nameOf: (user) => user.displayName }}
      />
      <Pager
        label={say('users.pages')}
        page={page}
        pages={Math.ceil(answer.total / PER_PAGE)}
        previous={sayCommon('page.previous')}
        next={sayCommon('page.next')}
      />
    </>
  );
}

export function UsersPage() {
  const address = useAddress();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { query, page, filtered } = useUsersFilter();
  const users = useRoute(routes.users, { query });
  return (
    <>
      <UsersHead count={users.data?.total} actions={<Actions chosen={chosen} />} />
      <Toolbar label={say('users.filter')}>
        <SearchField label={say('users.search')} />
        {userStatusSchema.options.map((status) => (
          <FilterChip key={status} name="status" value={status}>
            {say(`status.${status}`)}
          </FilterChip>
        ))}
        <NamedFilters />
      </Toolbar>
      <Loaded query={users} rows={12}>
        {(answer) =>
          answer.users.length > 0 ? (
            <UserTable answer={answer} page={page} chosen={chosen} onChoose={setChosen} />
          ) : (
            <Body>
              {filtered ? (
                <EmptyFiltered title={say('users.none')} onClear={() => navigate('/users')} />
              ) : (
                <Empty title={say('users.empty')}>{say('users.empty.why')}</Empty>
              )}
            </Body>
          )
        }
      </Loaded>
      <NewUserDialog opened={address.get('new') === 'yes'} onClose={() => address.replace({ new: undefined })} />
    </>
  );
}
