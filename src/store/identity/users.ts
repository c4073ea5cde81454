// Users of an organization in PostgreSQL. Talks to: Postgres.

import { Refusal } from '../../accounts/refusal.ts';
import type {
  Cause,
  DirectoryStore,
  DirectoryUser,
  Named,
  UserAttributes,
  UserQuery,
} from '../../identity-provider/directory.ts';
import { createId } from '../../secrets/identifier.ts';
import { endSessions, insertAccount, noteSignInName } from '../accounts.ts';
import { type Row, type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';
import { entitledPairs, teamsOf, touchReports, touchTeams, touchUsers } from './touch.ts';
import { refuseUnknown } from './unknown.ts';
import { writeInvitation, writeStatus } from './user-steps.ts';

const columns: Record<keyof UserAttributes, string> = {
  userName: 'user_name',
  displayName: 'display_name',
  givenName: 'given_name',
  familyName: 'family_name',
  email: 'email',
  title: 'title',
  department: 'department',
  employeeType: 'employee_type',
  location: 'location',
  startDate: 'start_date',
  manager: 'manager',
};

const listed = `
  select p.id, p.user_name, p.display_name, p.given_name, p.family_name, p.email, p.title, p.department, p.employee_type,
    p.location, p.start_date, p.status, m.id as manager, m.display_name as manager_name, m.email as manager_email,
    coalesce(a.role, 'member') as admin_role, a.last_seen_at,
    (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name), '[]')
       from identity.team_member tm join identity.team t on t.tenant = tm.tenant and t.id = tm.team
       where tm.tenant = $1 and tm.person = p.id) as groups,
    (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.name), '[]')
       from identity.role_member rm join identity.role r on r.tenant = rm.tenant and r.id = rm.role
       where rm.tenant = $1 and rm.person = p.id) as roles,
    (select count(*) from (${entitledPairs}) e where e.person = p.id) as apps
  from identity.person p
  left join identity.person m on m.tenant = p.tenant and m.id = p.manager and m.deleted_at is null
  left join identity.account a on a.tenant = p.tenant and a.person = p.id`;

function toUser(row: Row): DirectoryUser {
  return {
    id: row['id'],
    userName: row['user_name'],
    displayName: row['display_name'],
    givenName: row['given_name'],
    familyName: row['family_name'],
    email: row['email'],
    title: row['title'],
    department: row['department'],
    employeeType: row['employee_type'],
    location: row['location'],
    startDate: row['start_date'],
    manager: row['manager'] ? { id: row['manager'], name: row['manager_name'] } : null,
    managerEmail: row['manager_email'],
    groups: row['groups'] as Named[],
    roles: row['roles'] as Named[],
    apps: row['apps'],
    adminRole: row['admin_role'],
    status: row['status'],
    lastSeenAt: row['last_seen_at'],
  };
}

/** The conditions of a list as SQL with bound values; `%`, `_` and `\` of the search are literal. */
function conditions(tenant: string, query: UserQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [tenant];
  const where = ['p.tenant = $1', 'p.deleted_at is null'];
  const bind = (value: unknown) => `$${values.push(value)}`;
  if (query.search.trim() !== '') {
    const pattern = bind(
      `%${query.search
        .trim()
        .toLowerCase()
        .replace(/[\\%_]/g, '\\$&')}%`,
    );
    where.push(
      `lower(p.display_name || ' ' || p.user_name || ' ' || p.email || ' ' || coalesce(p.title, '')) like ${pattern}`,
    );
  }
  if (query.status) where.push(`p.status = ${bind(query.status)}`);
  if (query.role) {
    where.push(
      `exists (select 1 from identity.role_member f where f.tenant = $1 and f.person = p.id and f.role = ${bind(query.role)}::uuid)`,
    );
  }
  if (query.group) {
    where.push(
      `exists (select 1 from identity.team_member f where f.tenant = $1 and f.person = p.id and f.team = ${bind(query.group)}::uuid)`,
    );
  }
  if (query.app)
    where.push(
      `exists (select 1 from (${entitledPairs}) f where f.person = p.id and f.app = ${bind(query.app)}::uuid)`,
    );
  return { where: where.join(' and '), values };
}

function refuseTaken(error: unknown, userName: string | undefined): never {
  if (/person_user_name|account_sign_in_name/.test(violatedConstraint(error))) {
    throw new Refusal('conflict', `The user name ${userName} belongs to somebody else here.`, {
      errors: [{ pointer: '/userName', detail: 'Belongs to somebody else here.' }],
    });
  }
  if (violatedConstraint(error).includes('person_tenant_manager')) {
    throw new Refusal('invalid-request', 'The manager is not a user of this organization.', {
      errors: [{ pointer: '/manager', detail: 'Not a user of this organization.' }],
    });
  }
  throw error;
}

/** Inserts a user in a transaction; demo data and the form use it alike. */
export async function insertUser(
  transaction: TenantTransaction,
  user: UserAttributes & { id: string; status: DirectoryUser['status'] },
  at: Date,
): Promise<void> {
  await transaction.query(
    `insert into identity.person (tenant, id, user_name, display_name, given_name, family_name, email, title, department,
       employee_type, location, start_date, manager, status, created_at, changed_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15 returning id`,
    [
      ...[
        transaction.tenant,
        user.id,
        user.userName,
        user.displayName,
        user.givenName,
        user.familyName,
        user.email,
        user.title,
      ],
      ...[user.department, user.employeeType, user.location, user.startDate, user.manager, user.status, at],
    ],
  );
  await insertAccount('identity', transaction, { person: user.id, signInName: user.userName, role: 'member' }, at);
}

async function replaceRows(
  transaction: TenantTransaction,
  names: { table: string; column: string },
  person: string,
  wanted: readonly string[],
): Promise<string[]> {
  const { table, column } = names;
  const gone = await transaction.query(
    `delete from identity.${table} where tenant = $1 and person = $2 and not (${column} = any($3::uuid[])) returning ${column} as id`,
    [transaction.tenant, person, wanted],
  );
  const come = await transaction
    .query(
      `insert into identity.${table} (tenant, ${column}, person) select $1, x.id, $2 from unnest($3::uuid[]) as x (id)
       on conflict do nothing returning ${column} as id`,
      [transaction.tenant, person, wanted],
    )
    .catch(refuseUnknown);
  return [...gone, ...come].map((row) => row['id'] as string);
}

type UserPart = Pick<
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

function reads(database: TenantDatabase): Pick<UserPart, 'users' | 'user'> {
  return {
    async users(tenant, query) {
      const { where, values } = conditions(tenant, query);
      const page = [...values, query.perPage, (query.page - 1) * query.perPage];
      const [rows, count] = await database.batch(tenant, [
        {
          text: `${listed} where ${where} order by lower(p.display_name), p.id limit $${page.length - 1} offset $${page.length}`,
          values: page,
        },
        { text: `select count(*) as total from identity.person p where ${where}`, values },
      ]);
      return { users: (rows ?? []).map(toUser), total: count?.[0]?.['total'] ?? 0 };
    },
    async user(tenant, id) {
      const [rows] = await database.batch(tenant, [
        { text: `${listed} where p.tenant = $1 and p.id = $2 and p.deleted_at is null`, values: [tenant, id] },
      ]);
      return rows?.[0] && toUser(rows[0]);
    },
  };
}

function asTouch(cause: Cause) {
  return { by: cause.name, at: cause.at };
}

/** Attributes others show of a user: their manager's name and e-mail. */
const shownByReports: readonly (keyof UserAttributes)[] = ['displayName', 'email'];

/** The users' part of the directory store. */
export function createUserStore(database: TenantDatabase): UserPart {
  return {
    ...reads(database),
    async createUser(tenant, attributes, cause) {
      const id = createId(cause.at);
      await database
        .withTenant(tenant, (transaction) =>
          insertUser(transaction, { ...attributes, id, status: 'not-activated' }, cause.at),
        )
        .catch((error) => refuseTaken(error, attributes.userName));
      await noteSignInName('identity', database.control, tenant, attributes.userName);
      return id;
    },
    async updateUser(tenant, id, changes, cause) {
      const given = (Object.keys(columns) as (keyof UserAttributes)[]).filter((name) => changes[name] !== undefined);
      const set = given.map((name, at) => `${columns[name]} = $${at + 4}`).join(', ');
      if (given.length === 0) return true;
      if (changes.userName !== undefined) await noteSignInName('identity', database.control, tenant, changes.userName);
      return database
        .withTenant(tenant, async (transaction) => {
          const found = await transaction.query(
            `update identity.person set changed_at = $3, ${set} where tenant = $1 and id = $2 and deleted_at is null returning id`,
            [tenant, id, cause.at, ...given.map((name) => changes[name])],
          );
          if (found.length === 0) return false;
          if (changes.userName !== undefined) {
            await transaction.query('update identity.account set sign_in_name = $3 where tenant = $1 and person = $2', [
              tenant,
              id,
              changes.userName.toLowerCase(),
            ]);
          }
          await touchUsers(transaction, [id], asTouch(cause));
          if (given.some((name) => shownByReports.includes(name)))
            await touchReports(transaction, [id], asTouch(cause));
          return true;
        })
        .catch((error) => refuseTaken(error, changes.userName));
    },
    deleteUser: (tenant, id, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const found = await transaction.query(
          `update identity.person set deleted_at = $3, changed_at = $3, manager = null where tenant = $1 and id = $2 and deleted_at is null returning id`,
          [tenant, id, cause.at],
        );
        if (found.length === 0) return false;
        // Touched before the memberships go, so that every app the user had is told.
        await touchUsers(transaction, [id], asTouch(cause));
        const teams = await teamsOf(transaction, [id]);
        for (const table of ['team_member', 'role_member', 'direct_assignment']) {
          await transaction.query(`delete from identity.${table} where tenant = $1 and person = $2`, [tenant, id]);
        }
        await touchTeams(transaction, teams, asTouch(cause));
        await touchReports(transaction, [id], asTouch(cause));
        await endSessions('identity', transaction, id);
        // The name is free again, for somebody else's account.
        await transaction.query(
          `update identity.account set sign_in_name = 'deleted-' || person where tenant = $1 and person = $2`,
          [tenant, id],
        );
        return true;
      }),
    setStatus: (tenant, id, status, cause) =>
      database.withTenant(tenant, (transaction) => writeStatus(transaction, id, status, asTouch(cause))),
    invite: (tenant, id, invitation, cause) =>
      database.withTenant(tenant, async (transaction) => {
        if (!(await writeStatus(transaction, id, 'invited', asTouch(cause)))) return false;
        await writeInvitation(transaction, id, invitation);
        return true;
      }),
    setAdminRole: async (tenant, id, role) => {
      const [rows] = await database.batch(tenant, [
        {
          text: 'update identity.account set role = $3 where tenant = $1 and person = $2 returning person',
          values: [tenant, id, role],
        },
      ]);
      return rows?.length === 1;
    },
    setUserRoles: (tenant, id, roles, cause) =>
      database.withTenant(tenant, async (transaction) => {
        // Before and after, so that an app that is lost is touched as well.
        await touchUsers(transaction, [id], asTouch(cause));
        const changed = await replaceRows(transaction, { table: 'role_member', column: 'role' }, id, roles);
        if (changed.length > 0) await touchUsers(transaction, [id], asTouch(cause));
        await touchTeams(transaction, await teamsOf(transaction, [id]), asTouch(cause));
        return true;
      }),
    setUserGroups: (tenant, id, groups, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const changed = await replaceRows(transaction, { table: 'team_member', column: 'team' }, id, groups);
        await touchTeams(transaction, changed, asTouch(cause));
        if (changed.length > 0) await touchUsers(transaction, [id], asTouch(cause));
        return true;
      }),
  };
}
