/* S3: the people of the workspace, searched and filtered by the server, a page at a time. Reach: own origin. */
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { type Person, workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Avatar,
  allowed,
  Body,
  DataTable,
  Empty,
  EmptyFiltered,
  FilterChip,
  Loaded,
  PageHeader,
  Pager,
  SearchField,
  type TableColumn,
  Toolbar,
  useAddress,
  useRoute,
  useSignedIn,
  When,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './people.module.css';
import { ManagerName, PersonState, Source } from './person-state.tsx';

const PER_PAGE = 50;
const STATUSES = ['active', 'invited', 'deactivated'] as const;
const SOURCES = ['scim', 'manual'] as const;

const COLUMNS: readonly TableColumn<Person>[] = [
  {
    id: 'name',
    header: say('people.name'),
    names: true,
    cell: (person) => (
      <Link to={`/people/${person.id}`} className={css['name']}>
        <Avatar name={person.displayName} />
        {person.displayName}
      </Link>
    ),
  },
  { id: 'title', header: say('attribute.title'), wide: true, cell: (person) => person.title },
  {
    id: 'teams',
    header: say('people.teams'),
    wide: true,
    cell: (person) => person.teams.map((team) => team.name).join(', '),
  },
  {
    id: 'manager',
    header: say('people.manager'),
    wide: true,
    cell: (person) => <ManagerName manager={person.manager} />,
  },
  {
    id: 'status',
    header: say('people.status'),
    cell: (person) => <PersonState status={person.status} managed={person.source.kind === 'scim'} />,
  },
  { id: 'source', header: say('people.source'), wide: true, cell: (person) => <Source source={person.source} /> },
  {
    id: 'seen',
    header: say('people.seen'),
    align: 'end',
    wide: true,
    cell: (person) => <When at={person.lastSeenAt} />,
  },
];

function usePeopleFilter() {
  const address = useAddress();
  const search = address.get('search') ?? '';
  const status = STATUSES.find((name) => name === address.get('status'));
  const source = SOURCES.find((name) => name === address.get('source'));
  const page = Math.max(1, Number(address.get('page')) || 1);
  return {
    query: { search, page, perPage: PER_PAGE, ...(status ? { status } : {}), ...(source ? { source } : {}) },
    page,
    filtered: search !== '' || status !== undefined || source !== undefined,
  };
}

function Nobody() {
  const { me } = useSignedIn();
  return (
    <Body>
      <Empty
        title={say('people.empty')}
        action={
          allowed(routes.invite, me.role) ? (
            <Button component={Link} to="/settings/integrations" variant="filled">
              {say('people.empty.connect')}
            </Button>
          ) : undefined
        }
      >
        {say('people.empty.why')}
      </Empty>
    </Body>
  );
}

function PeopleList({
  answer,
  page,
  filtered,
}: {
  answer: AnswerOf<typeof routes.people>;
  page: number;
  filtered: boolean;
}) {
  const navigate = useNavigate();
  if (answer.total === 0 && !filtered) return <Nobody />;
  if (answer.people.length === 0) {
    return (
      <Body>
        <EmptyFiltered title={say('people.emptyFiltered')} onClear={() => navigate('/people')} />
      </Body>
    );
  }
  return (
    <>
      <DataTable label={say('people.title')} columns={COLUMNS} rows={answer.people} rowId={(person) => person.id} />
      <Pager
        label={say('people.pages')}
        page={page}
        pages={Math.ceil(answer.total / PER_PAGE)}
        previous={say('page.previous')}
        next={say('page.next')}
      />
    </>
  );
}

export function PeoplePage() {
  const { me } = useSignedIn();
  const { query, page, filtered } = usePeopleFilter();
  const people = useRoute(routes.people, { query });
  const invite = (
    <Button
      component={Link}
      to="/settings/members?invite=yes"
      variant={people.data?.total === 0 ? 'default' : 'filled'}
    >
      {say('people.invite')}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={say('people.title')}
        {...(people.data === undefined ? {} : { count: people.data.total })}
        actions={allowed(routes.invite, me.role) ? invite : undefined}
      />
      <Toolbar label={say('people.filter')}>
        <SearchField label={say('people.search')} />
        {STATUSES.map((status) => (
          <FilterChip key={status} name="status" value={status}>
            {say(`status.${status}`)}
          </FilterChip>
        ))}
        {SOURCES.map((source) => (
          <FilterChip key={source} name="source" value={source}>
            {say(`source.${source}`)}
          </FilterChip>
        ))}
      </Toolbar>
      <Loaded query={people} rows={12}>
        {(answer) => <PeopleList answer={answer} page={page} filtered={filtered} />}
      </Loaded>
    </>
  );
}
