/*
 * The attributes of a person, each with where its value came from: by whom, by what method, when, and what it was before.
 * Reach: pure.
 */
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { type AnswerOf, allowed, type Fact, Facts, useSignedIn, When } from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './people.module.css';
import { Source } from './person-state.tsx';

type Story = AnswerOf<typeof routes.person>;
type Provenance = Story['provenance'][number];

function Origin({ origin }: { origin: Provenance }) {
  const { me } = useSignedIn();
  const text = say('origin.by', { by: origin.by });
  const linked = origin.requestId !== null && allowed(routes.request, me.role);
  return (
    <>
      {linked ? <Link to={`/requests/${origin.requestId}`}>{text}</Link> : text}
      {origin.method === null ? null : ` ${origin.method}`} <When at={origin.at} as="moment" />
      {origin.was === null ? null : ` · ${say('origin.was', { was: origin.was })}`}
    </>
  );
}

function empty() {
  return <span className={css['none']}>–</span>;
}

function Teams({ story }: { story: Story }) {
  const { teams } = story.person;
  if (teams.length === 0) return empty();
  return teams.map((team, index) => (
    <span key={team.id}>
      {index === 0 ? null : ', '}
      <Link to={`/teams/${team.id}`}>{team.name}</Link>
    </span>
  ));
}

function Manager({ story }: { story: Story }) {
  const { manager } = story.person;
  if (manager.waitingFor !== null && manager.person === null) {
    return <span className={css['waits']}>{say('manager.parked', { id: manager.name ?? manager.waitingFor })}</span>;
  }
  if (manager.person === null) return manager.name ?? empty();
  return <Link to={`/people/${manager.person.id}`}>{manager.person.name}</Link>;
}

const PLAIN = ['employeeType', 'location', 'department', 'startDate'] as const;

export function Attributes({ story }: { story: Story }) {
  const { person, provenance } = story;
  const fact = (attribute: string, term: string, value: Fact['value']): Fact => {
    const origin = provenance.find((entry) => entry.attribute === attribute);
    return { term, value: value ?? empty(), ...(origin === undefined ? {} : { note: <Origin origin={origin} /> }) };
  };
  return (
    <Facts
      facts={[
        fact('displayName', say('attribute.displayName'), person.displayName),
        fact('title', say('attribute.title'), person.title),
        fact('email', say('attribute.email'), person.email),
        fact('teams', say('attribute.teams'), <Teams story={story} />),
        fact('manager', say('attribute.managerName'), <Manager story={story} />),
        fact('managerEmail', say('attribute.managerEmail'), person.manager.email),
        ...PLAIN.map((name) => fact(name, say(`attribute.${name}`), person[name])),
        fact('userName', say('attribute.userName'), <code>{person.userName}</code>),
        { term: say('people.source'), value: <Source source={person.source} /> },
        { term: say('attribute.role'), value: say(`role.${person.role}`) },
        { term: say('attribute.id'), value: <code>{person.id}</code> },
      ]}
    />
  );
}
