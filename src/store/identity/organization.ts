// Organizations in PostgreSQL. Talks to: Postgres.

import { Refusal } from '../../accounts/refusal.ts';
import type {
  OrganizationSettings,
  OrganizationStore,
  StoredSigningKey,
} from '../../identity-provider/organization.ts';
import { createId } from '../../secrets/identifier.ts';
import { type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';

/** The rows every organization begins with, in one transaction; demo data adds its own to it. */
export async function insertOrganization(
  transaction: TenantTransaction,
  settings: OrganizationSettings,
  key: StoredSigningKey,
  at: Date,
): Promise<{ defaultRole: string }> {
  const { tenant } = transaction;
  const defaultRole = createId(at);
  await Promise.all([
    transaction.query(
      'insert into identity.settings (tenant, slug, name, created_at) values ($1, $2, $3, $4) returning slug',
      [tenant, settings.slug, settings.name, at],
    ),
    transaction.query(
      "insert into identity.role (tenant, id, name, is_default, created_at) values ($1, $2, 'Default', true, $3) returning id",
      [tenant, defaultRole, at],
    ),
    transaction.query(
      'insert into identity.signing_key (tenant, id, private_key, certificate, created_at) values ($1, $2, $3, $4, $5) returning id',
      [tenant, key.id, key.privateKey, key.certificate, at],
    ),
  ]);
  return { defaultRole };
}

export function createOrganizationStore(database: TenantDatabase): OrganizationStore {
  return {
    async createOrganization(settings, key, at) {
      const tenant = createId(at);
      await database.control
        .query('insert into control.organization (slug, tenant, created_at) values ($1, $2, $3)', [
          settings.slug,
          tenant,
          at,
        ])
        .catch((error) => {
          if (violatedConstraint(error).includes('organization_pkey')) {
            throw new Refusal('conflict', `The address ${settings.slug} is taken.`, {
              errors: [{ pointer: '/slug', detail: 'Taken.' }],
            });
          }
          throw error;
        });
      await database.withTenant(tenant, (transaction) => insertOrganization(transaction, settings, key, at));
      return tenant;
    },
    organizations: () =>
      database.control.query('select tenant, slug from control.organization order by created_at, slug'),
    async tenantBySlug(slug) {
      const rows = await database.control.query('select tenant from control.organization where slug = $1', [
        slug.toLowerCase(),
      ]);
      return rows[0]?.['tenant'] as string | undefined;
    },
    async settings(tenant) {
      const [rows] = await database.batch(tenant, [
        { text: 'select slug, name from identity.settings where tenant = $1', values: [tenant] },
      ]);
      const row = rows?.[0];
      if (!row) throw new Error('An organization without settings.');
      return row as OrganizationSettings;
    },
    async signingKey(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: 'select id, private_key as "privateKey", certificate from identity.signing_key where tenant = $1 order by created_at desc limit 1',
          values: [tenant],
        },
      ]);
      const row = rows?.[0];
      if (!row) throw new Error('An organization without a signing key.');
      return row as StoredSigningKey;
    },
  };
}
