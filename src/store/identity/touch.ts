// Touching subjects: what makes a change of the directory reach the apps. Talks to: Postgres.
// In the transaction of the change, every (app, user) and (app, team) it concerns gets a higher `wanted` and an outbox
// row; what is to be sent is found out later, when it is sent, so that the newest state always wins.

import { createId } from '../../secrets/identifier.ts';
import type { Row, TenantTransaction } from '../database.ts';

/** Who asked for it, shown beside the task. */
export interface TouchCause {
  by: string;
  at: Date;
}

export type SubjectKind = 'user' | 'group';

interface Pair {
  app: string;
  local: string;
}

function asPairs(rows: Row[]): Pair[] {
  return rows.map((row) => ({ app: row['app'] as string, local: row['local'] as string }));
}

/** Everybody who is entitled to an app (directly or by a role), as `app, person` of one tenant ($1). */
export const entitledPairs = `
  select d.app, d.person from identity.direct_assignment d where d.tenant = $1
  union
  select ra.app, rm.person from identity.role_member rm
  join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role where rm.tenant = $1`;

async function raise(
  transaction: TenantTransaction,
  kind: SubjectKind,
  pairs: readonly Pair[],
  cause: TouchCause,
): Promise<void> {
  if (pairs.length === 0) return;
  const ids = pairs.map(() => createId(cause.at));
  const apps = pairs.map(({ app }) => app);
  const locals = pairs.map(({ local }) => local);
  await Promise.all([
    transaction.query(
      `insert into identity.subject (tenant, app, kind, local, id, status, wanted, requested_by, requested_at, changed_at)
       select $1, x.app, $2, x.local, x.id, 'queued', 1, $6, $7, $7
       from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as x (app, local, id)
       on conflict (tenant, app, kind, local) do update set
         wanted = identity.subject.wanted + 1,
         status = case when identity.subject.lease is null then 'queued' else identity.subject.status end,
         requested_by = excluded.requested_by, requested_at = excluded.requested_at, changed_at = excluded.changed_at,
         attempts = 0, failing_since = null, next_attempt_at = null
       returning id`,
      [transaction.tenant, kind, apps, locals, ids, cause.by, cause.at],
    ),
    transaction.query(
      `insert into identity.outbox (tenant, id, queue, payload, created_at)
       select $1, x.id, 'deliver', jsonb_build_object('app', x.app, 'kind', $2::text, 'local', x.local), $6
       from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as x (app, local, id) returning id`,
      [transaction.tenant, kind, apps, locals, pairs.map(() => createId(cause.at)), cause.at],
    ),
  ]);
}

/** Touches these users at every app they have or had. */
export async function touchUsers(
  transaction: TenantTransaction,
  persons: readonly string[],
  cause: TouchCause,
): Promise<void> {
  if (persons.length === 0) return;
  const rows = await transaction.query(
    `select e.app, e.person as local from (${entitledPairs}) e where e.person = any($2::uuid[])
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'user' and s.local = any($2::uuid[])`,
    [transaction.tenant, persons],
  );
  await raise(transaction, 'user', asPairs(rows), cause);
}

/** Touches these users at one app: after a role or an assignment changed. */
export async function touchUsersOfApp(
  transaction: TenantTransaction,
  app: string,
  persons: readonly string[],
  cause: TouchCause,
): Promise<void> {
  await raise(
    transaction,
    'user',
    persons.map((local) => ({ app, local })),
    cause,
  );
}

/** Touches whoever reports to these users: their manager's name and e-mail are sent with them. */
export async function touchReports(
  transaction: TenantTransaction,
  managers: readonly string[],
  cause: TouchCause,
): Promise<void> {
  const rows = await transaction.query(
    'select id from identity.person where tenant = $1 and manager = any($2::uuid[]) and deleted_at is null',
    [transaction.tenant, managers],
  );
  await touchUsers(
    transaction,
    rows.map((row) => row['id'] as string),
    cause,
  );
}

/** Touches these teams at every app that has them, or has one of their members. */
export async function touchTeams(
  transaction: TenantTransaction,
  teams: readonly string[],
  cause: TouchCause,
): Promise<void> {
  if (teams.length === 0) return;
  const rows = await transaction.query(
    `select e.app, m.team as local from (${entitledPairs}) e
     join identity.team_member m on m.tenant = $1 and m.person = e.person where m.team = any($2::uuid[])
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'group' and s.local = any($2::uuid[])`,
    [transaction.tenant, teams],
  );
  await raise(transaction, 'group', asPairs(rows), cause);
}

/** Touches everything at an app: after provisioning was switched on, or its rules changed. */
export async function touchApp(transaction: TenantTransaction, app: string, cause: TouchCause): Promise<void> {
  const users = await transaction.query(
    `select e.app, e.person as local from (${entitledPairs}) e where e.app = $2
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'user' and s.app = $2`,
    [transaction.tenant, app],
  );
  await raise(transaction, 'user', asPairs(users), cause);
  const teams = await transaction.query(
    `select e.app, m.team as local from (${entitledPairs}) e
     join identity.team_member m on m.tenant = $1 and m.person = e.person where e.app = $2
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'group' and s.app = $2`,
    [transaction.tenant, app],
  );
  await raise(transaction, 'group', asPairs(teams), cause);
}

/** The teams of these users. */
export async function teamsOf(transaction: TenantTransaction, persons: readonly string[]): Promise<string[]> {
  const rows = await transaction.query(
    'select distinct team from identity.team_member where tenant = $1 and person = any($2::uuid[])',
    [transaction.tenant, persons],
  );
  return rows.map((row) => row['team'] as string);
}
