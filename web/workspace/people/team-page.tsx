/* S5: one team, its members, and the references that wait for people who are not here yet. Reach: own origin. */
import { Link, useParams } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Band,
  Body,
  DataTable,
  Empty,
  LoadedPage,
  PageHeader,
  type TableColumn,
  TieMark,
  useRoute,
} from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { PersonState, Source } from './person-state.tsx';

type TeamAnswer = AnswerOf<typeof routes.team>;
type Member = TeamAnswer['members'][number];

function columnsOf(managed: boolean): readonly TableColumn<Member>[] {
  return [
    {
      id: 'name',
      header: say('people.name'),
      names: true,
      sortBy: (member) => member.name,
      cell: (member) => <Link to={`/people/${member.id}`}>{member.name}</Link>,
    },
    { id: 'title', header: say('attribute.title'), wide: true, cell: (member) => member.title },
    {
      id: 'status',
      header: say('people.status'),
      cell: (member) => <PersonState status={member.status} managed={managed} />,
    },
  ];
}
const MANAGED = columnsOf(true);
const MANUAL = columnsOf(false);

function Team({ answer }: { answer: TeamAnswer }) {
  const { team, members, waitingFor } = answer;
  return (
    <>
      <PageHeader
        title={team.name}
        count={team.members}
        crumbs={[{ to: '/teams', label: say('teams.title') }]}
        state={<Source source={team.source} />}
      />
      <Body>
        {waitingFor.length === 0 ? null : (
          <Band tone="accent" mark={<TieMark state="moving" />}>
            {sayRich('teams.parked', { n: waitingFor.length })} <code>{waitingFor.join(', ')}</code>
          </Band>
        )}
        {members.length === 0 ? <Empty title={say('teams.noMembers')}>{say('teams.noMembers.why')}</Empty> : null}
      </Body>
      {members.length === 0 ? null : (
        <DataTable
          label={say('teams.members')}
          columns={team.source.kind === 'scim' ? MANAGED : MANUAL}
          rows={members}
          rowId={(member) => member.id}
        />
      )}
    </>
  );
}

export function TeamPage() {
  const { id = '' } = useParams();
  const team = useRoute(routes.team, { params: { id } });
  return (
    <LoadedPage query={team} title={say('team.title')} crumbs={[{ to: '/teams', label: say('teams.title') }]}>
      {(data) => <Team answer={data} />}
    </LoadedPage>
  );
}
