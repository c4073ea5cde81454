// Workspaces, their settings and members in PostgreSQL. Talks to: Postgres.

import { Refusal } from '../../accounts/refusal.ts';
import { createId } from '../../secrets/identifier.ts';
import { slugProblem } from '../../service-provider/slug.ts';
import type { Member, WorkspaceSettings, WorkspaceStore } from '../../service-provider/workspace.ts';
import { type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';

type Part = Pick<
  WorkspaceStore,
  'createWorkspace' | 'workspaces' | 'tenantBySlug' | 'settings' | 'updateSettings' | 'holders' | 'members' | 'setRole'
>;

/** The rows every workspace begins with, in a transaction. */
export async function insertSettings(
  transaction: TenantTransaction,
  settings: WorkspaceSettings,
  at: Date,
): Promise<void> {
  const { tenant } = transaction;
  await Promise.all([
    transaction.query(
      'insert into workspace.settings (tenant, slug, name, plan, created_at) values ($1, $2, $3, $4, $5)',
      [tenant, settings.slug, settings.name, settings.plan, at],
    ),
    // Writers of one tenant that must exclude each other lock this row.
    transaction.query("insert into workspace.tenant_lock (tenant, name) values ($1, 'connection')", [tenant]),
    transaction.query("insert into workspace.saml_connection (tenant, id, state) values ($1, $2, 'draft')", [
      tenant,
      createId(at),
    ]),
  ]);
}

export function createSettingsStore(database: TenantDatabase): Part {
  return {
    async createWorkspace(settings, at) {
      const problem = slugProblem(settings.slug);
      if (problem) throw new Refusal('invalid-request', problem, { errors: [{ pointer: '/slug', detail: problem }] });
      const tenant = createId(at);
      await database.control
        .query('insert into control.workspace (slug, tenant, created_at) values ($1, $2, $3)', [
          settings.slug,
          tenant,
          at,
        ])
        .catch((error) => {
          if (violatedConstraint(error).includes('workspace_pkey')) {
            throw new Refusal('conflict', `The address ${settings.slug} is taken.`, {
              errors: [{ pointer: '/slug', detail: 'Taken.' }],
            });
          }
          throw error;
        });
      await database.withTenant(tenant, (transaction) => insertSettings(transaction, settings, at));
      return tenant;
    },
    async workspaces() {
      return database.control.query(
        'select tenant, slug, created_at as "createdAt" from control.workspace order by created_at, slug',
      );
    },
    async tenantBySlug(slug) {
      const rows = await database.control.query({
        name: 'workspace-by-slug',
        text: 'select tenant from control.workspace where slug = $1',
        values: [slug.toLowerCase()],
      });
      return rows[0]?.['tenant'] as string | undefined;
    },
    async settings(tenant) {
      const [rows] = await database.batch(tenant, [
        { text: 'select slug, name, plan from workspace.settings where tenant = $1', values: [tenant] },
      ]);
      const row = rows?.[0];
      if (!row) throw new Error('A workspace without settings.');
      return row as WorkspaceSettings;
    },
    async updateSettings(tenant, { name, plan }) {
      await database.batch(tenant, [
        {
          text: 'update workspace.settings set name = coalesce($2, name), plan = coalesce($3, plan) where tenant = $1',
          values: [tenant, name ?? null, plan ?? null],
        },
      ]);
    },
    async holders(tenant, role) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select r.label from workspace.account a join workspace.resource r on r.tenant = a.tenant and r.id = a.person
                 where a.tenant = $1 and a.role = any($2) and r.active and r.deleted_at is null order by lower(r.label) limit 10`,
          values: [tenant, role === 'owner' ? ['owner'] : ['owner', 'admin']],
        },
      ]);
      return (rows ?? []).map((row) => row['label'] as string);
    },
    async members(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select a.person as id, r.label as name, a.sign_in_name as email, a.role, r.active,
                   a.first_signed_in_at is not null as "signedIn", r.connection is not null as "managedByScim"
                 from workspace.account a join workspace.resource r on r.tenant = a.tenant and r.id = a.person
                 where a.tenant = $1 and r.deleted_at is null
                 order by array_position(array['owner', 'admin', 'member'], a.role), lower(r.label)`,
          values: [tenant],
        },
      ]);
      return (rows ?? []) as unknown as Member[];
    },
    setRole: (tenant, person, role) =>
      database.withTenant(tenant, async (transaction) => {
        // Whoever deletes or deactivates somebody looks for their role while holding this row.
        const here = await transaction.query(
          'select r.id from workspace.resource r where r.tenant = $1 and r.id = $2 and r.deleted_at is null for no key update',
          [tenant, person],
        );
        if (here.length === 0) return false;
        const owners = await transaction.query(
          `select person from workspace.account where tenant = $1 and role = 'owner' order by person for update`,
          [tenant],
        );
        if (role !== 'owner' && owners.length === 1 && owners[0]?.['person'] === person) {
          throw new Refusal('precondition', 'A workspace keeps at least one owner. Make somebody else owner first.');
        }
        const found = await transaction.query(
          'update workspace.account set role = $3 where tenant = $1 and person = $2 returning person',
          [tenant, person, role],
        );
        return found.length === 1;
      }),
  };
}
