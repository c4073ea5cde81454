// Apps of an organization in PostgreSQL: list, one, its configuration and settings. Talks to: Postgres.

import { Refusal } from '../../accounts/refusal.ts';
import type { AppCounts, AppRecord, AppStore, AppSummary, Configuration } from '../../identity-provider/app.ts';
import type { Cause } from '../../identity-provider/directory.ts';
import { createId } from '../../secrets/identifier.ts';
import { type Row, type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';
import { createAppRoleStore } from './app-roles.ts';
import { toSettings } from './delivery/snapshots.ts';
import { entitledPairs, noteInOutbox, touchApp, touchUsersOfApp } from './touch.ts';

const dayMs = 86_400_000;

/** How many subjects of kind user stand where, for `s` in a group. */
export const countColumns = `
  count(*) filter (where s.status = 'provisioned')::int as provisioned,
  count(*) filter (where s.status = 'pending-approval')::int as pending,
  count(*) filter (where s.status = 'failed')::int as failed,
  count(*) filter (where s.status in ('queued', 'provisioning'))::int as moving,
  count(*) filter (where s.status = 'held')::int as held`;

export function toCounts(row: Row): AppCounts {
  const { provisioned = 0, pending = 0, failed = 0, moving = 0, held = 0 } = row;
  return { provisioned, pending, failed, moving, held };
}

function summaryStatement(one: string | undefined, tenant: string, now: Date) {
  return {
    text: `select a.id, a.name, a.description, a.connector, a.api_status, a.provisioning, a.last_success_at, c.*,
             (select count(*) from (${entitledPairs}) e where e.app = a.id) as users,
             (select count(*) from identity.delivery_journal j where j.tenant = $1 and j.app = a.id and j.at > $2 and j.outcome <> 'delivered') as errors
           from identity.app a
           left join lateral (select ${countColumns} from identity.subject s where s.tenant = $1 and s.app = a.id and s.kind = 'user') c on true
           where a.tenant = $1 ${one === undefined ? '' : 'and a.id = $3'} order by lower(a.name), a.id`,
    values: [tenant, new Date(now.getTime() - dayMs), ...(one === undefined ? [] : [one])],
  };
}

function toSummary(row: Row): AppSummary {
  return {
    id: row['id'],
    name: row['name'],
    description: row['description'],
    connector: row['connector'],
    apiStatus: row['api_status'],
    provisioning: row['provisioning'],
    users: row['users'],
    counts: toCounts(row),
    lastSuccessAt: row['last_success_at'],
    errors24h: row['errors'],
  };
}

function toConfiguration(row: Row): Configuration {
  return {
    host: row['host'],
    orgId: row['org_id'],
    baseUrl: row['base_url'],
    credential: row['credential'],
    credentialHint: row['credential_hint'],
    updateMethod: row['update_method'],
    apiStatus: row['api_status'],
    checks: row['checks'],
    checkedAt: row['checked_at'],
    capabilities: row['capabilities'],
    held: row['held'],
  };
}

function toRecord(row: Row, roles: Row[], waiting: Row | undefined): AppRecord {
  return {
    id: row['id'],
    name: row['name'],
    connector: row['connector'],
    visibleInPortal: row['visible_in_portal'],
    entityId: row['entity_id'],
    acsUrls: row['acs_urls'],
    signInUrl: row['sign_in_url'],
    configuration: toConfiguration(row),
    settings: toSettings(row),
    roles: roles as AppRecord['roles'],
    waiting: { create: waiting?.['create'] ?? 0, update: waiting?.['update'] ?? 0, delete: waiting?.['delete'] ?? 0 },
  };
}

function reads(database: TenantDatabase): Pick<AppStore, 'apps' | 'summary' | 'app'> {
  return {
    async apps(tenant, now) {
      const [rows = []] = await database.batch(tenant, [summaryStatement(undefined, tenant, now)]);
      return rows.map(toSummary);
    },
    async summary(tenant, id, now) {
      const [rows] = await database.batch(tenant, [summaryStatement(id, tenant, now)]);
      return rows?.[0] && toSummary(rows[0]);
    },
    async app(tenant, id) {
      const [rows, roles = [], waiting] = await database.batch(tenant, [
        { text: 'select * from identity.app where tenant = $1 and id = $2', values: [tenant, id] },
        {
          text: `select r.id, r.name from identity.role_app ra join identity.role r on r.tenant = ra.tenant and r.id = ra.role
                 where ra.tenant = $1 and ra.app = $2 order by lower(r.name)`,
          values: [tenant, id],
        },
        {
          text: `select count(*) filter (where intent in ('create', 'reactivate')) as create, count(*) filter (where intent = 'update') as update,
                   count(*) filter (where intent in ('suspend', 'delete')) as delete
                 from identity.subject where tenant = $1 and app = $2 and status = 'pending-approval'`,
          values: [tenant, id],
        },
      ]);
      return rows?.[0] && toRecord(rows[0], roles, waiting?.[0]);
    },
  };
}

async function insertAssignment(
  transaction: TenantTransaction,
  app: string,
  person: string,
  cause: Cause,
): Promise<void> {
  await transaction.query(
    'insert into identity.direct_assignment (tenant, app, person, created_at) select $1, $2, $3, $4 returning person',
    [transaction.tenant, app, person, cause.at],
  );
  await touchUsersOfApp(transaction, app, [person], { by: cause.name, at: cause.at });
}

/** Lets everything of an app go on: whatever was held or waited for its time is due now. */
async function releaseApp(transaction: TenantTransaction, app: string, at: Date): Promise<void> {
  await transaction.query(
    `update identity.subject set status = 'queued', next_attempt_at = null, attempts = 0, failing_since = null, error = null
     where tenant = $1 and app = $2 and wanted > done and lease is null and status in ('held', 'queued') returning id`,
    [transaction.tenant, app],
  );
  await noteInOutbox(transaction, 'deliver', [{ app }], at);
}

async function writeConfiguration(
  transaction: TenantTransaction,
  id: string,
  next: Configuration,
  cause: Cause,
): Promise<void> {
  const { tenant } = transaction;
  const [before] = await transaction.query(
    'select api_status, held from identity.app where tenant = $1 and id = $2 for update',
    [tenant, id],
  );
  if (!before) throw new Refusal('not-found', 'There is no such app.');
  await transaction.query(
    `update identity.app set host = $3, org_id = $4, base_url = $5, credential = $6, credential_hint = $7, update_method = $8,
       api_status = $9, checks = $10, checked_at = $11, capabilities = $12, held = $13, held_at = $14
     where tenant = $1 and id = $2`,
    [
      ...[tenant, id, next.host, next.orgId, next.baseUrl, next.credential, next.credentialHint, next.updateMethod],
      ...[next.apiStatus, JSON.stringify(next.checks), next.checkedAt, JSON.stringify(next.capabilities), next.held],
      next.held === null ? null : cause.at,
    ],
  );
  if (next.apiStatus === 'enabled' && (before['api_status'] !== 'enabled' || before['held'] !== null))
    await releaseApp(transaction, id, cause.at);
  if (next.held !== null) {
    await transaction.query(
      `update identity.subject set status = 'held' where tenant = $1 and app = $2 and status = 'queued' and wanted > done returning id`,
      [tenant, id],
    );
  }
}

const boxOf = {
  approve_create: ['create', 'reactivate'],
  approve_update: ['update'],
  approve_delete: ['suspend', 'delete'],
};

/** Tasks that wait for an approval that is no longer asked for go on. */
async function runWaiting(transaction: TenantTransaction, app: string): Promise<void> {
  const [row] = await transaction.query('select * from identity.app where tenant = $1 and id = $2', [
    transaction.tenant,
    app,
  ]);
  const free = Object.entries(boxOf).flatMap(([column, intents]) => (row?.[column] ? [] : intents));
  await transaction.query(
    `update identity.subject set status = 'queued' where tenant = $1 and app = $2 and status = 'pending-approval' and intent = any($3) returning id`,
    [transaction.tenant, app, free],
  );
}

function writes(
  database: TenantDatabase,
): Pick<AppStore, 'addApp' | 'updateApp' | 'deleteApp' | 'saveConfiguration' | 'saveSettings'> {
  return {
    addApp: (tenant, app, cause, assignTo) =>
      database
        .withTenant(tenant, async (transaction) => {
          const id = createId(cause.at);
          await transaction.query(
            `insert into identity.app (tenant, id, name, connector, entity_id, acs_urls, sign_in_url, host, org_id, base_url, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id`,
            [
              ...[tenant, id, app.name, app.connector, app.entityId, JSON.stringify(app.acsUrls), app.signInUrl],
              ...[app.host, app.orgId, app.baseUrl, cause.at],
            ],
          );
          if (assignTo !== undefined) await insertAssignment(transaction, id, assignTo, cause);
          return id;
        })
        .catch((error) => {
          if (!violatedConstraint(error).includes('app_entity')) throw error;
          throw new Refusal('conflict', `This app is here already: its entity ID is ${app.entityId}.`);
        }),
    async updateApp(tenant, id, { name, description, visibleInPortal }) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update identity.app set name = coalesce($3, name), description = case when $4 then $5 else description end,
                   visible_in_portal = coalesce($6, visible_in_portal) where tenant = $1 and id = $2 returning id`,
          values: [tenant, id, name ?? null, description !== undefined, description ?? null, visibleInPortal ?? null],
        },
      ]);
      return rows?.length === 1;
    },
    async deleteApp(tenant, id) {
      const [rows] = await database.batch(tenant, [
        { text: 'delete from identity.app where tenant = $1 and id = $2 returning id', values: [tenant, id] },
      ]);
      return rows?.length === 1;
    },
    saveConfiguration: (tenant, id, configuration, cause) =>
      database.withTenant(tenant, (transaction) => writeConfiguration(transaction, id, configuration, cause)),
    saveSettings: (tenant, id, settings, waiting, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const [before] = await transaction.query(
          'select provisioning, on_delete, on_unassign, on_suspend from identity.app where tenant = $1 and id = $2 for update',
          [tenant, id],
        );
        if (!before) return false;
        await transaction.query(
          `update identity.app set provisioning = $3, approve_create = $4, approve_update = $5, approve_delete = $6,
             on_delete = $7, on_unassign = $8, on_suspend = $9 where tenant = $1 and id = $2`,
          [
            ...[tenant, id, settings.enabled, settings.approveCreate, settings.approveUpdate, settings.approveDelete],
            ...[settings.onDelete, settings.onUnassign, settings.onSuspend],
          ],
        );
        if (waiting === 'run') await runWaiting(transaction, id);
        // Switched on, everybody who has the app is looked at; otherwise only what waits goes on.
        if (settings.enabled && !before['provisioning'])
          await touchApp(transaction, id, { by: cause.name, at: cause.at });
        else await noteInOutbox(transaction, 'deliver', [{ app: id }], cause.at);
        return true;
      }),
  };
}

export function createAppStore(database: TenantDatabase): AppStore {
  return { ...reads(database), ...writes(database), ...createAppRoleStore(database) };
}
