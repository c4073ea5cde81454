// What sign-on asks of the directory, in PostgreSQL. Talks to: Postgres.

import type { SignOnApp, SignOnStore } from '../../identity-provider/sign-on.ts';
import type { TenantDatabase } from '../database.ts';
import { entitledPairs } from './touch.ts';

export function createSignOnStore(database: TenantDatabase): SignOnStore {
  return {
    async appByEntityId(tenant, entityId) {
      const [rows] = await database.batch(tenant, [
        {
          text: 'select id, name, entity_id as "entityId", acs_urls as "acsUrls" from identity.app where tenant = $1 and entity_id = $2',
          values: [tenant, entityId],
        },
      ]);
      return rows?.[0] as SignOnApp | undefined;
    },
    async login(tenant, app, person) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select p.user_name, p.display_name, p.given_name, p.family_name, p.email, d.overrides, coalesce(d.may_sign_in, true) as may_sign_in
                 from identity.person p
                 left join identity.direct_assignment d on d.tenant = p.tenant and d.person = p.id and d.app = $2
                 where p.tenant = $1 and p.id = $3 and p.status = 'active' and p.deleted_at is null
                   and exists (select 1 from (${entitledPairs}) e where e.app = $2::uuid and e.person = p.id)`,
          values: [tenant, app, person],
        },
      ]);
      const row = rows?.[0];
      if (!row) return undefined;
      const overrides = (row['overrides'] ?? {}) as Record<string, string>;
      const value = (name: string, column: string) => overrides[name] ?? (row[column] as string);
      return {
        userName: value('userName', 'user_name'),
        maySignIn: row['may_sign_in'] as boolean,
        attributes: [
          { name: 'email', values: [value('email', 'email')] },
          { name: 'givenName', values: [value('givenName', 'given_name')] },
          { name: 'familyName', values: [value('familyName', 'family_name')] },
          { name: 'displayName', values: [value('displayName', 'display_name')] },
        ],
      };
    },
    async recordSignOn(tenant, entry) {
      await database.batch(tenant, [
        {
          text: 'insert into identity.sign_on (tenant, id, at, person, app, outcome, detail) values ($1, $2, $3, $4, $5, $6, $7) returning id',
          values: [tenant, entry.id, entry.at, entry.person, entry.app, entry.outcome, entry.detail],
        },
      ]);
    },
  };
}
