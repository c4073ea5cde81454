// The workspace's people and teams, for its screens.

import { Refusal } from '../../accounts/refusal.ts';
import type { workspaceRoutes } from '../../contract/workspace.ts';
import type { DirectoryRow, TeamRow } from '../../service-provider/scim/directory.ts';
import { displayNameOf, productName, provenanceOf, statusOf, toPerson } from '../../service-provider/scim/person.ts';
import type { LoggedRequest } from '../../service-provider/scim/request-log.ts';
import type { Handlers } from '../api.ts';
import { Problem } from '../problem.ts';
import { actorOf, type WorkspaceApiPorts } from './ports.ts';
import { tell } from './requests.ts';

type Part = Pick<
  Handlers<typeof workspaceRoutes>,
  'people' | 'person' | 'deactivatePerson' | 'reactivatePerson' | 'teams' | 'team'
>;

const lifeLimit = 200;

function toTeam(team: TeamRow) {
  return {
    id: team.id,
    name: team.label,
    members: team.members,
    waiting: team.waiting,
    source: {
      kind: team.connection === null ? ('manual' as const) : ('scim' as const),
      client: productName(team.client),
    },
  };
}

/** A person's life as a list: what requests did, then what the workspace itself knows of. */
function lifeOf(row: DirectoryRow, requests: readonly LoggedRequest[]) {
  const told = requests.map((request) => ({
    id: request.id,
    at: request.at,
    sentence: tell(request),
    requestId: request.id as string | null,
  }));
  const who = { kind: 'name' as const, text: row.label };
  const own = [
    row.account?.firstSignedInAt && {
      id: `${row.id}-signed-in`,
      at: row.account.firstSignedInAt,
      sentence: [who, { kind: 'text' as const, text: ' signed in for the first time' }],
      requestId: null,
    },
    row.provenance['userName']?.request === undefined && {
      id: `${row.id}-made`,
      at: row.created,
      sentence: [who, { kind: 'text' as const, text: ' was added to this workspace' }],
      requestId: null,
    },
  ].filter((event) => typeof event === 'object' && event !== null);
  return [...told, ...own].sort((one, other) => other.at.localeCompare(one.at));
}

function deactivation(row: DirectoryRow, requests: readonly LoggedRequest[]) {
  if (row.active) return null;
  const by = requests.find(({ facts }) =>
    facts.changes.some((change) => change.path === 'active' && change.after === false),
  );
  return { at: by?.at ?? row.lastModified, by: by?.client ?? 'an administrator of this workspace' };
}

async function setActive(
  ports: WorkspaceApiPorts,
  call: Parameters<Part['deactivatePerson']>[0],
  active: 'active' | 'deactivated',
): Promise<void> {
  const { account, parameters } = call;
  const id = parameters['id'] ?? '';
  const row = await ports.directory.person(account.tenant, id);
  if (!row) throw new Problem('not-found', 'There is nobody with this id in this workspace.');
  if (row.connection !== null) {
    throw new Refusal(
      'precondition',
      `${row.label} is managed in ${productName(row.client) ?? 'the identity provider'}. Change it there.`,
    );
  }
  if (id === account.person) throw new Refusal('precondition', 'You cannot deactivate yourself.');
  if (row.account?.role === 'owner')
    throw new Refusal('precondition', 'An owner is not deactivated. Give the role to somebody else first.');
  await ports.byHand.setActive(account.tenant, id, active, actorOf(ports, account));
  ports.announcer.announce(account.tenant, 'people');
}

export function peopleHandlers(ports: WorkspaceApiPorts): Part {
  const { directory, requestLog } = ports;
  return {
    async people({ account, query }) {
      const { status, source, ...rest } = query;
      const { people, total } = await directory.people(account.tenant, {
        ...rest,
        ...(status ? { status } : {}),
        ...(source ? { source } : {}),
      });
      return { people: people.map(toPerson), total };
    },
    async person({ account, parameters }) {
      const id = parameters['id'] ?? '';
      const row = await directory.person(account.tenant, id);
      if (!row) throw new Problem('not-found', 'There is nobody with this id in this workspace.');
      const [life, sessions] = await Promise.all([
        requestLog.life(account.tenant, id, lifeLimit),
        ports.byHand.openSessions(account.tenant, id),
      ]);
      return {
        person: toPerson(row),
        provenance: provenanceOf(row, 'this workspace'),
        life: lifeOf(row, life),
        deactivated: deactivation(row, life),
        sessions,
      };
    },
    deactivatePerson: (call) => setActive(ports, call, 'deactivated'),
    reactivatePerson: (call) => setActive(ports, call, 'active'),
    async teams({ account }) {
      return { teams: (await directory.teams(account.tenant)).map(toTeam) };
    },
    async team({ account, parameters }) {
      const found = await directory.team(account.tenant, parameters['id'] ?? '');
      if (!found) throw new Problem('not-found', 'There is no team with this id in this workspace.');
      return {
        team: toTeam(found.team),
        waitingFor: found.waitingFor,
        members: found.members.map((member) => ({
          id: member.id,
          name: displayNameOf(member.attributes),
          title: typeof member.attributes['title'] === 'string' ? member.attributes['title'] : null,
          status: statusOf({
            active: member.active,
            account: { role: 'member', firstSignedInAt: member.firstSignedInAt, lastSeenAt: null },
          }),
        })),
      };
    },
  };
}
