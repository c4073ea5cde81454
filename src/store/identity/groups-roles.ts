// Teams ("groups" on the screens) and roles of an organization in PostgreSQL. Talks to: Postgres.
// A change of members or apps touches the subjects before and after it, so that what is lost is told as well.

import { Refusal } from '../../accounts/refusal.ts';
import type { Cause, DirectoryStore } from '../../identity-provider/directory.ts';
import { createId } from '../../secrets/identifier.ts';
import { type Row, type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';
import { teamsOf, touchTeams, touchUsers } from './touch.ts';
import { refuseUnknown } from './unknown.ts';

type Part = Omit<
  DirectoryStore,
  | 'users'
  | 'user'
  | 'createUser'
  | 'updateUser'
  | 'deleteUser'
  | 'setStatus'
  | 'invite'
  | 'setAdminRole'
  | 'setUserRoles'
  | 'setUserGroups'
>;

function ids(rows: Row[]): string[] {
  return rows.map((row) => row['id'] as string);
}

function refuseTaken(error: unknown, what: string, name: string | undefined): never {
  if (/team_name|role_name/.test(violatedConstraint(error))) {
    throw new Refusal('conflict', `There is a ${what} named ${name} already.`, {
      errors: [{ pointer: '/name', detail: 'The name is taken.' }],
    });
  }
  refuseUnknown(error);
}

/** Replaces the rows that tie one team or role to others; returns who came or went. */
async function replaceSide(
  transaction: TenantTransaction,
  names: { table: string; own: string; other: string },
  id: string,
  wanted: readonly string[],
): Promise<{ gone: string[]; come: string[] }> {
  const { table, own, other } = names;
  const gone = await transaction.query(
    `delete from identity.${table} where tenant = $1 and ${own} = $2 and not (${other} = any($3::uuid[])) returning ${other} as id`,
    [transaction.tenant, id, wanted],
  );
  const come = await transaction.query(
    `insert into identity.${table} (tenant, ${own}, ${other}) select $1, $2, x.id from unnest($3::uuid[]) as x (id)
     on conflict do nothing returning ${other} as id`,
    [transaction.tenant, id, wanted],
  );
  return { gone: ids(gone), come: ids(come) };
}

/**
 * Replaces the members of one team or role; returns who came or went. Who is deleted keeps a row, so that no foreign key
 * refuses them as members: asked here, under a lock, so that a deletion at the same moment comes before or after.
 * @throws Refusal `not-found`
 */
async function replaceMembers(
  transaction: TenantTransaction,
  table: 'team_member' | 'role_member',
  own: 'team' | 'role',
  id: string,
  wanted: readonly string[],
): Promise<string[]> {
  const { gone, come } = await replaceSide(transaction, { table, own, other: 'person' }, id, wanted);
  const there = await transaction.query(
    'select id from identity.person where tenant = $1 and id = any($2::uuid[]) and deleted_at is null order by id for share',
    [transaction.tenant, come],
  );
  if (there.length < come.length) throw new Refusal('not-found', 'There is no such user.');
  return [...gone, ...come];
}

async function membersOf(transaction: TenantTransaction, table: string, own: string, id: string): Promise<string[]> {
  return ids(
    await transaction.query(`select person as id from identity.${table} where tenant = $1 and ${own} = $2`, [
      transaction.tenant,
      id,
    ]),
  );
}

const memberList = (table: string, own: string) => `
  select p.id, p.display_name as name from identity.${table} m
  join identity.person p on p.tenant = m.tenant and p.id = m.person
  where m.tenant = $1 and m.${own} = $2 order by lower(p.display_name), p.id`;

function touch(cause: Cause) {
  return { by: cause.name, at: cause.at };
}

function groupPart(
  database: TenantDatabase,
): Pick<Part, 'groups' | 'group' | 'createGroup' | 'updateGroup' | 'deleteGroup'> {
  return {
    async groups(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select t.id, t.name, (select count(*) from identity.team_member m where m.tenant = $1 and m.team = t.id) as members
                 from identity.team t where t.tenant = $1 order by lower(t.name)`,
          values: [tenant],
        },
      ]);
      return (rows ?? []) as Awaited<ReturnType<Part['groups']>>;
    },
    async group(tenant, id) {
      const [rows, members] = await database.batch(tenant, [
        { text: 'select id, name from identity.team where tenant = $1 and id = $2', values: [tenant, id] },
        { text: memberList('team_member', 'team'), values: [tenant, id] },
      ]);
      const row = rows?.[0];
      return row && { id: row['id'], name: row['name'], members: (members ?? []) as { id: string; name: string }[] };
    },
    async createGroup(tenant, name, cause) {
      const id = createId(cause.at);
      await database
        .batch(tenant, [
          {
            text: 'insert into identity.team (tenant, id, name, created_at) values ($1, $2, $3, $4) returning id',
            values: [tenant, id, name, cause.at],
          },
        ])
        .catch((error) => refuseTaken(error, 'group', name));
      return id;
    },
    updateGroup: (tenant, id, { name, members }, cause) =>
      database
        .withTenant(tenant, async (transaction) => {
          const found = await transaction.query(
            'update identity.team set name = coalesce($3, name) where tenant = $1 and id = $2 returning id',
            [tenant, id, name ?? null],
          );
          if (found.length === 0) return false;
          const changed = members ? await replaceMembers(transaction, 'team_member', 'team', id, members) : [];
          await touchTeams(transaction, [id], touch(cause));
          await touchUsers(transaction, changed, touch(cause));
          return true;
        })
        .catch((error) => refuseTaken(error, 'group', name)),
    deleteGroup: (tenant, id, cause) =>
      database.withTenant(tenant, async (transaction) => {
        await touchTeams(transaction, [id], touch(cause));
        const found = await transaction.query('delete from identity.team where tenant = $1 and id = $2 returning id', [
          tenant,
          id,
        ]);
        return found.length === 1;
      }),
  };
}

async function changeRole(
  transaction: TenantTransaction,
  id: string,
  changes: Parameters<Part['updateRole']>[2],
  cause: Cause,
): Promise<boolean> {
  const { tenant } = transaction;
  const found = await transaction.query(
    'update identity.role set name = coalesce($3, name) where tenant = $1 and id = $2 returning id',
    [tenant, id, changes.name ?? null],
  );
  if (found.length === 0) return false;
  const before = await membersOf(transaction, 'role_member', 'role', id);
  const members = changes.members ? await replaceMembers(transaction, 'role_member', 'role', id, changes.members) : [];
  // Whoever left has a subject at the role's apps already or never had the app: touchUsers finds both.
  const apps = changes.apps
    ? await replaceSide(transaction, { table: 'role_app', own: 'role', other: 'app' }, id, changes.apps)
    : undefined;
  const concerned =
    apps !== undefined && apps.gone.length + apps.come.length > 0 ? [...new Set([...before, ...members])] : members;
  await touchUsers(transaction, concerned, touch(cause));
  await touchTeams(transaction, await teamsOf(transaction, concerned), touch(cause));
  return true;
}

function rolePart(
  database: TenantDatabase,
): Pick<Part, 'roles' | 'role' | 'createRole' | 'updateRole' | 'deleteRole' | 'rolePreview'> {
  const apps = `(select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name) order by a.name), '[]')
    from identity.role_app ra join identity.app a on a.tenant = ra.tenant and a.id = ra.app where ra.tenant = $1 and ra.role = r.id) as apps`;
  return {
    async roles(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select r.id, r.name, r.is_default as "isDefault", ${apps},
                   (select count(*) from identity.role_member m where m.tenant = $1 and m.role = r.id) as members
                 from identity.role r where r.tenant = $1 order by r.is_default desc, lower(r.name)`,
          values: [tenant],
        },
      ]);
      return (rows ?? []) as Awaited<ReturnType<Part['roles']>>;
    },
    async role(tenant, id) {
      const [rows, members] = await database.batch(tenant, [
        {
          text: `select r.id, r.name, r.is_default as "isDefault", ${apps} from identity.role r where r.tenant = $1 and r.id = $2`,
          values: [tenant, id],
        },
        { text: memberList('role_member', 'role'), values: [tenant, id] },
      ]);
      const row = rows?.[0];
      return row && ({ ...row, members: members ?? [] } as unknown as Awaited<ReturnType<Part['role']>>);
    },
    async createRole(tenant, name, cause) {
      const id = createId(cause.at);
      await database
        .batch(tenant, [
          {
            text: 'insert into identity.role (tenant, id, name, created_at) values ($1, $2, $3, $4) returning id',
            values: [tenant, id, name, cause.at],
          },
        ])
        .catch((error) => refuseTaken(error, 'role', name));
      return id;
    },
    updateRole: (tenant, id, changes, cause) =>
      database
        .withTenant(tenant, (transaction) => changeRole(transaction, id, changes, cause))
        .catch((error) => refuseTaken(error, 'role', changes.name)),
    deleteRole: (tenant, id, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const [role] = await transaction.query('select is_default from identity.role where tenant = $1 and id = $2', [
          tenant,
          id,
        ]);
        if (!role) return false;
        if (role['is_default']) throw new Refusal('precondition', 'The role Default stays: new people are given it.');
        const members = await membersOf(transaction, 'role_member', 'role', id);
        await transaction.query('delete from identity.role where tenant = $1 and id = $2 returning id', [tenant, id]);
        await touchUsers(transaction, members, touch(cause));
        await touchTeams(transaction, await teamsOf(transaction, members), touch(cause));
        return true;
      }),
    rolePreview: (tenant, id, { members, apps: wantedApps }) =>
      database.withTenant(tenant, async (transaction) => {
        const elsewhere = `select d.tenant, d.app, d.person from identity.direct_assignment d where d.tenant = $1
          union select rm.tenant, ra.app, rm.person from identity.role_member rm
            join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role where rm.tenant = $1 and rm.role <> $2`;
        const now = `select rm.tenant, ra.app, rm.person from identity.role_member rm
          join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role where rm.tenant = $1 and rm.role = $2`;
        const then = `select $1::uuid as tenant, a.app, p.person
          from (select unnest($3::uuid[]) as person union select person from identity.role_member where tenant = $1 and role = $2 and $3::uuid[] is null) p,
               (select unnest($4::uuid[]) as app union select app from identity.role_app where tenant = $1 and role = $2 and $4::uuid[] is null) a`;
        const values = [tenant, id, members ?? null, wantedApps ?? null];
        const count = async (text: string) =>
          (
            await transaction.query<{ n: number }>(`select count(*) as n from (${text}) x where x.tenant = $1`, values)
          )[0]?.n ?? 0;
        return {
          gained: await count(`(${then}) except (${now}) except (${elsewhere})`),
          lost: await count(`(${now}) except (${then}) except (${elsewhere})`),
        };
      }),
  };
}

export function createGroupRoleStore(database: TenantDatabase): Part {
  return { ...groupPart(database), ...rolePart(database) };
}
