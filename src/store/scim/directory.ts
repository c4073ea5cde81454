// People and teams as the screens list them. Talks to: Postgres.
// One page is one statement; the resources it points at (teams, managers) come along as JSON, the managers' own
// attributes in a second statement, because several people of a page share a manager.
import { foldCase } from '../../scim/comparable.ts';
import type { Json, JsonObject } from '../../scim/json.ts';
import type {
  Directory,
  DirectoryQuery,
  DirectoryRow,
  Provenance,
  TeamMember,
  TeamRow,
} from '../../service-provider/scim/directory.ts';
import type { Statement, TenantDatabase } from '../database.ts';
import { isUuid, newParameters, type Parameters } from './sql.ts';

export interface DirectoryTypes {
  /** Resource type names. */
  readonly person: string;
  readonly team: string;
  /** Attribute keys of the rows. */
  readonly members: string;
  readonly manager: string;
}

/** [attribute, value, target, label, journal, created] */
type PointingRow = [string, string, string | null, string | null, string, string];
/** [id, label, journal, created] */
type MemberOfRow = [string, string, string, string];

interface Row {
  id: string;
  label: string;
  attributes: JsonObject;
  active: boolean;
  connection: string | null;
  client: string | null;
  created: Date;
  last_modified: Date;
  role: 'owner' | 'admin' | 'member' | null;
  first_signed_in_at: Date | null;
  last_seen_at: Date | null;
  provenance: Record<string, { journal: string; at: string; was?: Json }>;
  pointing: PointingRow[] | null;
  member_of: MemberOfRow[] | null;
}

/** Columns of a person `r` with their account `a` and connection `c`; the two binds are the manager and members keys. */
function personColumns(manager: string, members: string): string {
  return `r.id, r.label, r.attributes, r.active, r.connection, c.client, r.created, r.last_modified, r.provenance,
    a.role, a.first_signed_in_at, a.last_seen_at,
    (select json_agg(json_build_array(f.attribute, f.value, t.id, t.label, f.journal, f.created))
       from workspace.resource_reference f left join workspace.resource t on t.tenant = f.tenant and t.id = f.target
      where f.tenant = r.tenant and f.resource = r.id and f.attribute = ${manager}) as pointing,
    (select json_agg(json_build_array(g.id, g.label, f.journal, f.created) order by g.label_search, g.id)
       from workspace.resource_reference f join workspace.resource g on g.tenant = f.tenant and g.id = f.resource
      where f.tenant = r.tenant and f.target = r.id and f.attribute = ${members}) as member_of`;
}

const joins = `left join workspace.account a on a.tenant = r.tenant and a.person = r.id
  left join workspace.scim_connection c on c.tenant = r.tenant and c.id = r.connection`;

export function createDirectory(database: TenantDatabase, types: DirectoryTypes): Directory {
  return {
    async people(tenant, query) {
      const [rows = [], counted = []] = await database.batch(tenant, [
        peopleStatement(tenant, types, query),
        peopleCount(tenant, types, query),
      ]);
      const people = await withManagers(database, tenant, rows as Row[], new Map());
      return { people, total: counted[0]?.['total'] as number };
    },
    async person(tenant, id) {
      if (!isUuid(id)) return undefined;
      const parameters = newParameters(tenant);
      const columns = personColumns(parameters.bind(types.manager), parameters.bind(types.members));
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select ${columns} from workspace.resource r ${joins}
            where r.tenant = $1 and r.resource_type = ${parameters.bind(types.person)} and r.id = ${parameters.bind(id)}
              and r.deleted_at is null`,
          values: parameters.values,
        },
      ]);
      const requests = await requestsBehind(database, tenant, rows as Row[]);
      return (await withManagers(database, tenant, rows as Row[], requests))[0];
    },
    async teams(tenant) {
      const [rows = []] = await database.batch(tenant, [teamStatement(tenant, types, null)]);
      return rows as TeamRow[];
    },
    team: (tenant, id) => team(database, types, tenant, id),
  };
}

function peopleWhere(types: DirectoryTypes, query: DirectoryQuery, { bind }: Parameters): string {
  const conditions = [`r.tenant = $1 and r.resource_type = ${bind(types.person)} and r.deleted_at is null`];
  const search = foldCase(query.search).trim();
  if (search !== '') {
    const text = bind(search);
    conditions.push(`(position(${text} in r.label_search) > 0
      or exists (select 1 from workspace.resource_key k where k.tenant = $1 and k.resource = r.id and position(${text} in k.value) > 0)
      or exists (select 1 from workspace.resource_value v where v.tenant = $1 and v.resource = r.id and position(${text} in v.value) > 0))`);
  }
  if (query.status === 'deactivated') conditions.push('not r.active');
  if (query.status === 'active') conditions.push('r.active and a.first_signed_in_at is not null');
  if (query.status === 'invited') conditions.push('r.active and a.first_signed_in_at is null');
  if (query.source) conditions.push(`r.connection is ${query.source === 'scim' ? 'not null' : 'null'}`);
  return conditions.join(' and ');
}

function peopleStatement(tenant: string, types: DirectoryTypes, query: DirectoryQuery): Statement {
  const parameters = newParameters(tenant);
  const columns = personColumns(parameters.bind(types.manager), parameters.bind(types.members));
  const where = peopleWhere(types, query, parameters);
  const limit = `limit ${parameters.bind(query.perPage)} offset ${parameters.bind((query.page - 1) * query.perPage)}`;
  return {
    text: `select ${columns} from workspace.resource r ${joins} where ${where} order by r.label_search, r.id ${limit}`,
    values: parameters.values,
  };
}

function peopleCount(tenant: string, types: DirectoryTypes, query: DirectoryQuery): Statement {
  const parameters = newParameters(tenant);
  const where = peopleWhere(types, query, parameters);
  return {
    text: `select count(*) as total from workspace.resource r ${joins} where ${where}`,
    values: parameters.values,
  };
}

interface RequestBehind {
  readonly id: string;
  readonly client: string;
  readonly method: string;
}

async function requestsBehind(
  database: TenantDatabase,
  tenant: string,
  rows: readonly Row[],
): Promise<Map<string, RequestBehind>> {
  const ids = rows.flatMap((row) => [
    ...Object.values(row.provenance).map((each) => each.journal),
    ...(row.pointing ?? []).map((each) => each[4]),
    ...(row.member_of ?? []).map((each) => each[2]),
  ]);
  if (ids.length === 0) return new Map();
  const [found = []] = await database.batch(tenant, [
    {
      text: 'select j.id, j.client, j.method from workspace.request_journal j where j.tenant = $1 and j.id = any($2::uuid[])',
      values: [tenant, [...new Set(ids)]],
    },
  ]);
  return new Map((found as RequestBehind[]).map((request) => [request.id, request]));
}

async function withManagers(
  database: TenantDatabase,
  tenant: string,
  rows: readonly Row[],
  requests: ReadonlyMap<string, RequestBehind>,
): Promise<DirectoryRow[]> {
  const targets = [...new Set(rows.flatMap((row) => (row.pointing ?? []).flatMap((each) => each[2] ?? [])))];
  const attributes = new Map<string, JsonObject>();
  if (targets.length > 0) {
    const [found = []] = await database.batch(tenant, [
      {
        text: 'select r.id, r.attributes from workspace.resource r where r.tenant = $1 and r.id = any($2::uuid[])',
        values: [tenant, targets],
      },
    ]);
    for (const row of found) attributes.set(row['id'] as string, row['attributes'] as JsonObject);
  }
  return rows.map((row) => toRow(row, attributes, requests));
}

function toRow(
  row: Row,
  attributesOf: ReadonlyMap<string, JsonObject>,
  requests: ReadonlyMap<string, RequestBehind>,
): DirectoryRow {
  const setBy = (journal: string, at: string, was?: Json): Provenance => {
    const request = requests.get(journal);
    return {
      at: new Date(at).toISOString(),
      ...(request ? { request } : {}),
      ...(was === undefined ? {} : { was }),
    };
  };
  return {
    id: row.id,
    label: row.label,
    attributes: row.attributes,
    active: row.active,
    connection: row.connection,
    client: row.client,
    created: row.created.toISOString(),
    lastModified: row.last_modified.toISOString(),
    account: row.role && {
      role: row.role,
      firstSignedInAt: row.first_signed_in_at?.toISOString() ?? null,
      lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    },
    references: (row.pointing ?? []).map(([attribute, value, id, label, journal, at]) => ({
      attribute,
      value,
      ...(id === null ? {} : { target: { id, label: label ?? '', attributes: attributesOf.get(id) ?? {} } }),
      setBy: setBy(journal, at),
    })),
    memberOf: (row.member_of ?? []).map(([id, label, journal, at]) => ({ id, label, setBy: setBy(journal, at) })),
    provenance: Object.fromEntries(
      Object.entries(row.provenance).map(([path, { journal, at, was }]) => [path, setBy(journal, at, was)]),
    ),
  };
}

function teamStatement(tenant: string, types: DirectoryTypes, id: string | null): Statement {
  return {
    name: 'directory_teams',
    text: `select g.id, g.label, g.connection, c.client,
        (select count(*) from workspace.resource_reference f
          where f.tenant = g.tenant and f.resource = g.id and f.attribute = $2 and f.target is not null) as members,
        (select count(*) from workspace.resource_reference f
          where f.tenant = g.tenant and f.resource = g.id and f.attribute = $2 and f.target is null) as waiting
      from workspace.resource g
      left join workspace.scim_connection c on c.tenant = g.tenant and c.id = g.connection
      where g.tenant = $1 and g.resource_type = $3 and g.deleted_at is null and ($4::uuid is null or g.id = $4)
      order by g.label_search, g.id`,
    values: [tenant, types.members, types.team, id],
  };
}

const mostMembersShown = 1_000;

async function team(database: TenantDatabase, types: DirectoryTypes, tenant: string, id: string) {
  if (!isUuid(id)) return undefined;
  const [teams = [], members = [], parked = []] = await database.batch(tenant, [
    teamStatement(tenant, types, id),
    {
      text: `select p.id, p.label, p.attributes, p.active, a.first_signed_in_at as "firstSignedInAt"
          from workspace.resource_reference f
          join workspace.resource p on p.tenant = f.tenant and p.id = f.target
          left join workspace.account a on a.tenant = p.tenant and a.person = p.id
         where f.tenant = $1 and f.resource = $2 and f.attribute = $3 order by p.label_search, p.id limit ${mostMembersShown}`,
      values: [tenant, id, types.members],
    },
    {
      text: `select f.value from workspace.resource_reference f
         where f.tenant = $1 and f.resource = $2 and f.attribute = $3 and f.target is null order by f.value limit ${mostMembersShown}`,
      values: [tenant, id, types.members],
    },
  ]);
  const [found] = teams as TeamRow[];
  if (!found) return undefined;
  return {
    team: found,
    members: members.map(
      (row): TeamMember => ({
        ...(row as Omit<TeamMember, 'firstSignedInAt'>),
        firstSignedInAt: (row['firstSignedInAt'] as Date | null)?.toISOString() ?? null,
      }),
    ),
    waitingFor: parked.map((row) => row['value'] as string),
  };
}
