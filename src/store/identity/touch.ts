// Touching subjects: what makes a change of the directory reach the apps. Talks to: Postgres.
// In the transaction of the change, every (app, user) and (app, team) it concerns gets a higher `wanted`, and every app an
// outbox row; what is to be sent is found out later, when it is sent, so that the newest state always wins.

import { createId } from '../../secrets/identifier.ts';
import type { Row, TenantTransaction } from '../database.ts';

/** Who asked for it, shown beside the task. */
export interface TouchCause {
  by: string;
  at: Date;
}

export type SubjectKind = 'user' | 'group';

export interface Pair {
  app: string;
  local: string;
}

function asPairs(rows: Row[]): Pair[] {
  return rows.map((row) => ({ app: row['app'] as string, local: row['local'] as string }));
}

/** Everybody who is entitled to an app (directly or by a role), as `tenant, app, person` of one tenant ($1). */
export const entitledPairs = `
  select d.tenant, d.app, d.person from identity.direct_assignment d where d.tenant = $1
  union
  select rm.tenant, ra.app, rm.person from identity.role_member rm
  join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role where rm.tenant = $1`;

/** Whether one person is entitled to one app ($1: tenant), by index whatever the planner knows of the tables. */
export function isEntitled(app: string, person: string): string {
  return `(exists (select 1 from identity.direct_assignment d where d.tenant = $1 and d.app = ${app} and d.person = ${person})
    or exists (select 1 from identity.role_member rm join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role
      where rm.tenant = $1 and rm.person = ${person} and ra.app = ${app}))`;
}

/**
 * Raises `wanted` of subjects, which are made where they are missing. Who is to lose an app, or is suspended or deleted,
 * goes before everybody else (`urgent`).
 */
export async function raiseSubjects(
  transaction: TenantTransaction,
  kind: SubjectKind,
  pairs: readonly Pair[],
  cause: TouchCause,
): Promise<void> {
  await transaction.query(
    `insert into identity.subject (tenant, app, kind, local, id, status, wanted, urgent, requested_by, requested_at, changed_at)
     select $1, x.app, $2, x.local, x.id,
       (select case when a.held is null then 'queued' else 'held' end from identity.app a where a.tenant = $1 and a.id = x.app), 1,
       $2 = 'user' and (
         exists (select 1 from identity.person p where p.tenant = $1 and p.id = x.local and (p.status = 'suspended' or p.deleted_at is not null))
         or not ${isEntitled('x.app', 'x.local')}),
       $6, $7, $7
     from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as x (app, local, id)
     on conflict (tenant, app, kind, local) do update set
       wanted = identity.subject.wanted + 1, urgent = excluded.urgent,
       status = case when identity.subject.lease is null then excluded.status else identity.subject.status end,
       requested_by = excluded.requested_by, requested_at = excluded.requested_at, changed_at = excluded.changed_at,
       attempts = 0, failing_since = null, next_attempt_at = null
     returning id`,
    [
      ...[transaction.tenant, kind, pairs.map(({ app }) => app), pairs.map(({ local }) => local)],
      ...[pairs.map(() => createId(cause.at)), cause.by, cause.at],
    ],
  );
}

/** Says in the outbox that these apps have something to deliver. */
export async function noteInOutbox(
  transaction: TenantTransaction,
  queue: 'deliver' | 'bulk',
  payloads: readonly object[],
  at: Date,
): Promise<void> {
  await transaction.query(
    `insert into identity.outbox (tenant, id, queue, payload, created_at)
     select $1, x.id, $2, x.payload::jsonb, $5 from unnest($3::uuid[], $4::text[]) as x (id, payload) returning id`,
    [transaction.tenant, queue, payloads.map(() => createId(at)), payloads.map((each) => JSON.stringify(each)), at],
  );
}

async function raise(
  transaction: TenantTransaction,
  kind: SubjectKind,
  pairs: readonly Pair[],
  cause: TouchCause,
): Promise<void> {
  if (pairs.length === 0) return;
  // In one order everywhere, so that two changes that touch the same subjects do not wait for each other in a circle.
  const ordered = [...pairs].sort((one, other) => (one.app + one.local).localeCompare(other.app + other.local));
  const apps = [...new Set(ordered.map(({ app }) => app))];
  await Promise.all([
    raiseSubjects(transaction, kind, ordered, cause),
    noteInOutbox(
      transaction,
      'deliver',
      apps.map((app) => ({ app })),
      cause.at,
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
    `select e.app, e.person as local from (${entitledPairs}) e where e.tenant = $1 and e.person = any($2::uuid[])
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
     join identity.team_member m on m.tenant = $1 and m.person = e.person where e.tenant = $1 and m.team = any($2::uuid[])
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'group' and s.local = any($2::uuid[])`,
    [transaction.tenant, teams],
  );
  await raise(transaction, 'group', asPairs(rows), cause);
}

/** Touches everything at an app: after provisioning was switched on, or its rules changed. */
export async function touchApp(transaction: TenantTransaction, app: string, cause: TouchCause): Promise<void> {
  const users = await transaction.query(
    `select e.app, e.person as local from (${entitledPairs}) e where e.tenant = $1 and e.app = $2
     union select s.app, s.local from identity.subject s where s.tenant = $1 and s.kind = 'user' and s.app = $2`,
    [transaction.tenant, app],
  );
  await raise(transaction, 'user', asPairs(users), cause);
  const teams = await transaction.query(
    `select e.app, m.team as local from (${entitledPairs}) e
     join identity.team_member m on m.tenant = $1 and m.person = e.person where e.tenant = $1 and e.app = $2
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
