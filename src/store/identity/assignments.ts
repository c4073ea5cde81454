// Assignments and tasks in PostgreSQL: lists of subjects with the person, the app and how they got it. Talks to: Postgres.

import type {
  Assignment,
  AssignmentQuery,
  AssignmentStore,
  GroupStanding,
  Task,
} from '../../identity-provider/assignment.ts';
import type { Row, TenantDatabase } from '../database.ts';
import { createAssignmentWrites } from './assignment-writes.ts';
import { createDecisions } from './decisions.ts';
import { readSource } from './delivery/snapshots.ts';

/** One subject with what the screens show of it; a group stands in the place of the user. $1 is the tenant. */
const listed = `
  select s.*, a.name as app_name, a.connector, a.provisioning, a.api_status, coalesce(p.display_name, t.name, s.delivered ->> 'displayName', 'A deleted group') as local_name,
    coalesce(p.user_name, '') as local_user_name, d.app is not null as is_direct, coalesce(d.may_sign_in, true) as may_sign_in,
    coalesce(d.overrides ->> 'userName', p.user_name, '') as login,
    (select coalesce(jsonb_agg(r.name order by r.name), '[]') from identity.role_member rm
       join identity.role_app ra on ra.tenant = rm.tenant and ra.role = rm.role
       join identity.role r on r.tenant = rm.tenant and r.id = rm.role
       where rm.tenant = $1 and rm.person = s.local and ra.app = s.app) as roles
  from identity.subject s
  join identity.app a on a.tenant = s.tenant and a.id = s.app
  left join identity.person p on p.tenant = s.tenant and p.id = s.local and s.kind = 'user'
  left join identity.team t on t.tenant = s.tenant and t.id = s.local and s.kind = 'group'
  left join identity.direct_assignment d on d.tenant = s.tenant and d.app = s.app and d.person = s.local`;

/** What waits because its app is switched off says so; the engine never looked at it. */
function lastStepOf(row: Row): string {
  if (row['status'] !== 'queued') return row['last_step'];
  if (row['api_status'] === 'disabled') return `Waits until the API of ${row['app_name']} is enabled.`;
  return row['provisioning'] ? row['last_step'] : `Waits until provisioning is enabled for ${row['app_name']}.`;
}

function toAssignment(row: Row): Assignment {
  const isGroup = row['kind'] === 'group';
  return {
    id: row['id'],
    kind: row['kind'],
    app: { id: row['app'], name: row['app_name'], connector: row['connector'] },
    user: {
      id: row['local'],
      name: isGroup ? `Group ${row['local_name']}` : row['local_name'],
      userName: row['local_user_name'],
    },
    through: [...(row['is_direct'] ? ['Directly'] : []), ...(row['roles'] as string[]).map((role) => `Role ${role}`)],
    status: row['status'],
    intent: row['intent'],
    login: row['login'],
    maySignIn: row['may_sign_in'],
    lastStep: lastStepOf(row),
    error: row['error'],
    nextAttemptAt: row['next_attempt_at'],
    remoteId: row['remote_id'],
    changedAt: row['changed_at'],
    durationMs: row['duration_ms'],
    steps: row['steps'],
  };
}

function toTask(row: Row): Task {
  return {
    assignment: toAssignment(row),
    requestedBy: row['requested_by'],
    requestedAt: row['requested_at'],
    changes: row['changes'],
  };
}

function conditions(tenant: string, query: AssignmentQuery): { where: string; values: unknown[] } {
  const values: unknown[] = [tenant];
  const where = ['s.tenant = $1', "s.kind = 'user'"];
  const bind = (value: unknown) => `$${values.push(value)}`;
  if (query.app !== undefined) where.push(`s.app = ${bind(query.app)}::uuid`);
  if (query.user !== undefined) where.push(`s.local = ${bind(query.user)}::uuid`);
  if (query.status !== undefined) where.push(`s.status = ${bind(query.status)}`);
  const search = query.search?.trim().toLowerCase() ?? '';
  if (search !== '') {
    const pattern = bind(`%${search.replace(/[\\%_]/g, '\\$&')}%`);
    where.push(`lower(p.display_name || ' ' || p.user_name || ' ' || p.email) like ${pattern}`);
  }
  return { where: where.join(' and '), values };
}

function lists(database: TenantDatabase): Pick<AssignmentStore, 'assignments' | 'groupsOfApp' | 'activity'> {
  return {
    async assignments(tenant, query) {
      const { where, values } = conditions(tenant, query);
      const page = [...values, query.perPage, (query.page - 1) * query.perPage];
      const [rows = [], count] = await database.batch(tenant, [
        {
          text: `${listed} where ${where} order by lower(p.display_name), lower(a.name), s.id limit $${page.length - 1} offset $${page.length}`,
          values: page,
        },
        {
          text: `select count(*) as total from identity.subject s join identity.person p on p.tenant = s.tenant and p.id = s.local where ${where}`,
          values,
        },
      ]);
      return { assignments: rows.map(toAssignment), total: count?.[0]?.['total'] ?? 0 };
    },
    async groupsOfApp(tenant, app) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select s.id, coalesce(t.name, s.delivered ->> 'displayName', 'A deleted group') as name, s.status, s.last_step as "lastStep", s.error,
                   (select count(*) from identity.delivered_member m where m.tenant = $1 and m.app = $2 and m.team = s.local) as members
                 from identity.subject s left join identity.team t on t.tenant = s.tenant and t.id = s.local
                 where s.tenant = $1 and s.app = $2 and s.kind = 'group' order by lower(t.name), s.id`,
          values: [tenant, app],
        },
      ]);
      return rows as unknown as GroupStanding[];
    },
    async activity(tenant, person) {
      const [deliveries = [], signOns = []] = await database.batch(tenant, [
        {
          text: `select at, sentence from identity.delivery_journal where tenant = $1 and kind = 'user' and local = $2 order by id desc limit 100`,
          values: [tenant, person],
        },
        {
          text: `select o.at, case when o.outcome = 'answered' then 'Signed in to ' || a.name else 'Could not sign in to ' || a.name || ': ' || coalesce(o.detail, '') end as sentence
                 from identity.sign_on o join identity.app a on a.tenant = o.tenant and a.id = o.app
                 where o.tenant = $1 and o.person = $2 order by o.id desc limit 100`,
          values: [tenant, person],
        },
      ]);
      const all = [...deliveries, ...signOns] as { at: Date; sentence: string }[];
      return all.sort((one, other) => other.at.getTime() - one.at.getTime());
    },
  };
}

/** Tasks are subjects somebody may want to look at: not those that are where they should be. */
const open = `s.status in ('pending-approval', 'queued', 'provisioning', 'failed', 'held', 'skipped')`;

function taskPart(database: TenantDatabase): Pick<AssignmentStore, 'tasks' | 'task' | 'source'> {
  return {
    async tasks(tenant, { app, status }) {
      const [rows = [], counts] = await database.batch(tenant, [
        {
          text: `${listed} where s.tenant = $1 and ($2::uuid is null or s.app = $2) and ($3::text is null or s.status = $3)
                   and ${open} and (s.kind = 'user' or s.status in ('failed', 'held'))
                 order by s.requested_at, s.id limit 1000`,
          values: [tenant, app ?? null, status ?? null],
        },
        {
          text: `select count(*) filter (where s.status = 'pending-approval') as pending, count(*) filter (where s.status in ('queued', 'provisioning')) as moving,
                   count(*) filter (where s.status = 'failed') as failed, count(*) filter (where s.status = 'held') as held
                 from identity.subject s where s.tenant = $1 and ($2::uuid is null or s.app = $2) and (s.kind = 'user' or s.status in ('failed', 'held'))`,
          values: [tenant, app ?? null],
        },
      ]);
      const { pending = 0, moving = 0, failed = 0, held = 0 } = counts?.[0] ?? {};
      return { tasks: rows.map(toTask), counts: { pending, moving, failed, held } };
    },
    async task(tenant, id) {
      const [rows] = await database.batch(tenant, [
        { text: `${listed} where s.tenant = $1 and s.id = $2`, values: [tenant, id] },
      ]);
      return rows?.[0] && toTask(rows[0]);
    },
    source: (tenant, app, person) =>
      database.withTenant(tenant, async (transaction) => {
        const read = await readSource(transaction, app, person);
        return read && read.standing !== 'deleted'
          ? { user: read.user, isEntitled: read.standing === 'entitled' }
          : undefined;
      }),
  };
}

export function createAssignmentStore(database: TenantDatabase): AssignmentStore {
  return {
    ...lists(database),
    ...taskPart(database),
    ...createAssignmentWrites(database),
    ...createDecisions(database),
  };
}
