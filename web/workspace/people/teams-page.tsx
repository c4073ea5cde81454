/* S5: the teams, by name or size, and how many members are named but not here yet. Reach: own origin. */
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Body,
  DataTable,
  Empty,
  Loaded,
  PageHeader,
  type TableColumn,
  useRoute,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './people.module.css';
import { Source } from './person-state.tsx';

type Team = AnswerOf<typeof routes.teams>['teams'][number];

const COLUMNS: readonly TableColumn<Team>[] = [
  {
    id: 'name',
    header: say('people.name'),
    names: true,
    sortBy: (team) => team.name,
    cell: (team) => <Link to={`/teams/${team.id}`}>{team.name}</Link>,
  },
  {
    id: 'members',
    header: say('teams.members'),
    align: 'end',
    sortBy: (team) => team.members,
    cell: (team) => team.members,
  },
  {
    id: 'waiting',
    header: say('teams.waiting'),
    align: 'end',
    cell: (team) => (team.waiting === 0 ? null : <span className={css['waits']}>{team.waiting}</span>),
  },
  { id: 'source', header: say('people.source'), cell: (team) => <Source source={team.source} /> },
];

export function TeamsPage() {
  const teams = useRoute(routes.teams);
  return (
    <>
      <PageHeader
        title={say('teams.title')}
        {...(teams.data === undefined ? {} : { count: teams.data.teams.length })}
      />
      <Loaded query={teams}>
        {(data) =>
          data.teams.length === 0 ? (
            <Body>
              <Empty title={say('teams.empty')}>{say('teams.empty.why')}</Empty>
            </Body>
          ) : (
            <DataTable label={say('teams.title')} columns={COLUMNS} rows={data.teams} rowId={(team) => team.id} />
          )
        }
      </Loaded>
    </>
  );
}
