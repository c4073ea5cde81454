// Counts and marks over an organization, in PostgreSQL. Talks to: Postgres. Nothing here is kept: it is counted when asked.

import type { OverviewStore, PortalApp } from '../../identity-provider/overview.ts';
import type { TenantDatabase } from '../database.ts';
import { entitledPairs } from './touch.ts';

function dashboardPart(database: TenantDatabase): Pick<OverviewStore, 'dashboard'> {
  return {
    async dashboard(tenant) {
      const values = [tenant];
      const [people, subjects, failed = [], held = [], others] = await database.batch(tenant, [
        {
          text: `select count(*) as users, count(*) filter (where p.status = 'not-activated') as not_activated,
                   count(*) filter (where not exists (select 1 from (${entitledPairs}) e where e.person = p.id)) as unassigned
                 from identity.person p where p.tenant = $1 and p.deleted_at is null`,
          values,
        },
        {
          text: `select count(*) filter (where s.status = 'pending-approval') as pending,
                   min(s.requested_at) filter (where s.status = 'pending-approval') as oldest,
                   count(*) filter (where s.status in ('queued', 'provisioning') and a.provisioning and a.api_status = 'enabled') as moving
                 from identity.subject s join identity.app a on a.tenant = s.tenant and a.id = s.app where s.tenant = $1 and s.kind = 'user'`,
          values,
        },
        {
          text: `select a.id, a.name, count(*) as n from identity.subject s join identity.app a on a.tenant = s.tenant and a.id = s.app
                 where s.tenant = $1 and s.status = 'failed' group by a.id, a.name order by n desc, a.name`,
          values,
        },
        {
          text: 'select id, name, held from identity.app where tenant = $1 and held is not null order by name',
          values,
        },
        {
          text: `select (select count(*) from identity.app where tenant = $1) as apps,
                   (select count(*) from identity.bulk_job where tenant = $1 and state = 'running') as jobs
                 from identity.settings where tenant = $1`,
          values,
        },
      ]);
      return {
        users: people?.[0]?.['users'] ?? 0,
        notActivated: people?.[0]?.['not_activated'] ?? 0,
        unassigned: people?.[0]?.['unassigned'] ?? 0,
        pendingApprovals: subjects?.[0]?.['pending'] ?? 0,
        oldestPendingAt: subjects?.[0]?.['oldest'] ?? null,
        moving: subjects?.[0]?.['moving'] ?? 0,
        failed: failed.map(({ id, name, n }) => ({ app: { id, name }, count: n })),
        held: held.map(({ id, name, held: reason }) => ({ app: { id, name }, reason })),
        apps: others?.[0]?.['apps'] ?? 0,
        runningJobs: others?.[0]?.['jobs'] ?? 0,
      };
    },
  };
}

function articlePart(database: TenantDatabase): Pick<OverviewStore, 'article'> {
  return {
    async article(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select count(a.id) > 0 as app, coalesce(bool_or(a.org_id is not null), false) as org_id,
                   coalesce(bool_or(a.credential is not null), false) as credential, coalesce(bool_or(a.api_status <> 'disabled'), false) as enabled,
                   coalesce(bool_or(a.provisioning), false) as provisioning,
                   coalesce(bool_or(a.provisioning and not (a.approve_create or a.approve_update or a.approve_delete)), false) as approvals,
                   exists (select 1 from identity.account x where x.tenant = $1 and x.role <> 'member' and x.first_signed_in_at is not null) as signed_in,
                   exists (select 1 from identity.direct_assignment d where d.tenant = $1) as assigned,
                   exists (select 1 from identity.subject s where s.tenant = $1 and s.kind = 'user' and s.status = 'provisioned') as provisioned,
                   exists (select 1 from identity.bulk_job j where j.tenant = $1 and j.state = 'finished' and j.request ->> 'operation' = 'activate-invite') as bulk
                 from identity.app a where a.tenant = $1 and a.connector = 'rollcall'`,
          values: [tenant],
        },
      ]);
      const row = rows?.[0] ?? {};
      const [app, enabled] = [row['app'] === true, row['enabled'] === true];
      return {
        6: row['signed_in'] === true,
        7: app,
        8: row['org_id'] === true,
        9: row['credential'] === true,
        10: enabled,
        11: enabled && row['credential'] === true,
        12: row['provisioning'] === true,
        13: row['approvals'] === true,
        15: app && row['assigned'] === true,
        16: app && row['provisioned'] === true,
        17: row['bulk'] === true,
      };
    },
  };
}

export function createOverviewStore(database: TenantDatabase): OverviewStore {
  return {
    ...dashboardPart(database),
    ...articlePart(database),
    async portal(tenant, person) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select a.id, a.name, a.connector, a.sign_in_url as "signInUrl", coalesce(s.status, 'queued') as status,
                   a.sign_in_url is not null and coalesce(d.may_sign_in, true) and (not a.provisioning or s.status = 'provisioned') as ready
                 from identity.app a
                 left join identity.subject s on s.tenant = a.tenant and s.app = a.id and s.kind = 'user' and s.local = $2
                 left join identity.direct_assignment d on d.tenant = a.tenant and d.app = a.id and d.person = $2
                 where a.tenant = $1 and a.visible_in_portal
                   and exists (select 1 from (${entitledPairs}) e where e.app = a.id and e.person = $2::uuid)
                 order by lower(a.name)`,
          values: [tenant, person],
        },
      ]);
      return rows as unknown as PortalApp[];
    },
    async marks(tenant) {
      const [people, apps, subjects, jobs] = await database.batch(tenant, [
        {
          text: 'select max(changed_at) as at, count(*) as n from identity.person where tenant = $1',
          values: [tenant],
        },
        {
          text: `select string_agg(a.id::text || a.api_status || a.provisioning || coalesce(a.checked_at::text, '') || coalesce(a.last_success_at::text, ''), ',' order by a.id) as state
                 from identity.app a where a.tenant = $1`,
          values: [tenant],
        },
        {
          text: 'select max(changed_at) as at, sum(wanted) as wanted, sum(done) as done from identity.subject where tenant = $1',
          values: [tenant],
        },
        {
          text: `select count(*) filter (where i.state <> 'waiting') as n, count(m.id) filter (where m.state = 'accepted') as mails
                 from identity.bulk_item i left join identity.mail m on m.tenant = i.tenant and m.id = i.mail where i.tenant = $1`,
          values: [tenant],
        },
      ]);
      const mark = (rows: unknown) => JSON.stringify(rows ?? null);
      return { users: mark(people), apps: mark([apps, subjects]), tasks: mark(subjects), jobs: mark(jobs) };
    },
    async holders(tenant, role) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `select p.display_name from identity.account a join identity.person p on p.tenant = a.tenant and p.id = a.person
                 where a.tenant = $1 and a.role = any($2) and p.status = 'active' and p.deleted_at is null order by lower(p.display_name)`,
          values: [tenant, role === 'owner' ? ['owner'] : ['owner', 'admin']],
        },
      ]);
      return rows.map((row) => row['display_name'] as string);
    },
  };
}
