// Who may speak SCIM to a workspace, from control and the tenant's own rows. Talks to: Postgres.
// Nothing is cached: a revoked token or a disabled connection is refused on the next request, in every process. When and
// from where a token was last used is written lazily, at most once a minute.

import { registeredTypes } from '../../scim/schema/registered.ts';
import { digestOf } from '../../secrets/digest.ts';
import type { ScimAccess, TokenOwner } from '../../service-provider/scim/access.ts';
import type { Row, TenantDatabase } from '../database.ts';
import { writeEntry } from '../scim/journal.ts';

export interface ScimAccessOptions {
  database: TenantDatabase;
  onError(error: unknown): void;
}

const writeEveryMs = 60_000;

function toOwner(row: Row, tenant: string): TokenOwner {
  return {
    tenant,
    connection: row['connection'] as string,
    token: row['token'] as string,
    enabled: row['state'] === 'enabled',
    client: row['client'] as string | null,
    pinned: row['client_pinned'] as boolean,
    types: registeredTypes,
  };
}

export function createScimAccess({ database, onError }: ScimAccessOptions): ScimAccess {
  const written = new Map<string, number>();
  return {
    async findWorkspace(slug) {
      const [row] = await database.control.query({
        name: 'workspace-by-slug',
        text: 'select tenant from control.workspace where slug = $1',
        values: [slug],
      });
      return row && { tenant: row['tenant'] as string };
    },
    async findToken(token) {
      const [found] = await database.control.query({
        name: 'scim-token',
        text: 'select tenant, token from control.scim_token where digest = $1',
        values: [digestOf(token)],
      });
      if (!found) return undefined;
      const tenant = found['tenant'] as string;
      const [rows] = await database.batch(tenant, [
        {
          name: 'scim-token-owner',
          text: `select t.id as token, t.connection, c.state, c.client, c.client_pinned
                 from workspace.scim_token t join workspace.scim_connection c on c.tenant = t.tenant and c.id = t.connection
                 where t.tenant = $1 and t.id = $2 and (t.revoked_at is null or c.state = 'disabled')`,
          values: [tenant, found['token']],
        },
      ]);
      return rows?.[0] && toOwner(rows[0], tenant);
    },
    noteUse({ tenant, token }, { at, remoteAddress, userAgent }) {
      const key = `${tenant} ${token}`;
      const last = written.get(key);
      if (last !== undefined && at.getTime() - last < writeEveryMs) return;
      written.set(key, at.getTime());
      database
        .batch(tenant, [
          {
            text: `update workspace.scim_token set last_used_at = $3, last_used_address = $4, last_used_agent = $5 where tenant = $1 and id = $2`,
            values: [tenant, token, at, remoteAddress, userAgent?.slice(0, 200) ?? null],
          },
        ])
        .catch(onError);
    },
    async noteClient({ tenant, connection }, client) {
      await database
        .batch(tenant, [
          {
            text: 'update workspace.scim_connection set client = $3 where tenant = $1 and id = $2 and not client_pinned',
            values: [tenant, connection, client],
          },
        ])
        .catch(onError);
    },
    recordUnauthenticated: (tenant, record) =>
      database.withTenant(tenant, (transaction) => writeEntry(transaction, { tenant, connection: null, record }, [])),
  };
}
