// The SCIM connection of a workspace and its tokens in PostgreSQL. Talks to: Postgres.
// A token's digest lies in control, where a request finds its tenant; whether it is live is decided by the tenant's own
// row. The digest is written first: one that no row follows opens nothing.

import { Refusal } from '../../accounts/refusal.ts';
import { createId } from '../../secrets/identifier.ts';
import type {
  Actor,
  ScimConnection,
  StoredToken,
  TokenDraft,
  WorkspaceStore,
} from '../../service-provider/workspace.ts';
import type { TenantDatabase, TenantTransaction } from '../database.ts';

type Part = Pick<
  WorkspaceStore,
  | 'scimConnection'
  | 'enableScim'
  | 'disableScim'
  | 'pinClient'
  | 'pauseScim'
  | 'resumeScim'
  | 'tokens'
  | 'addToken'
  | 'revokeToken'
>;

const connectionColumns = `id, state, client, client_pinned as "clientPinned", enabled_at as "enabledAt", enabled_by_name as "enabledBy",
  paused_by_name as "pausedBy", paused_at as "pausedAt"`;

/** Writers that must see each other's connection wait here for each other. */
async function lock(transaction: TenantTransaction): Promise<void> {
  await transaction.query(
    "select name from workspace.tenant_lock where tenant = $1 and name = 'connection' for update",
    [transaction.tenant],
  );
}

async function current(transaction: TenantTransaction): Promise<ScimConnection | undefined> {
  const [row] = await transaction.query(
    `select ${connectionColumns} from workspace.scim_connection where tenant = $1 order by enabled_at limit 1`,
    [transaction.tenant],
  );
  return row as ScimConnection | undefined;
}

async function insertToken(
  transaction: TenantTransaction,
  connection: string,
  token: TokenDraft,
  actor: Actor,
): Promise<void> {
  await transaction.query(
    `insert into workspace.scim_token (tenant, id, connection, hint, created_at, created_by_name) select $1, $2, $3, $4, $5, $6 returning id`,
    [transaction.tenant, token.id, connection, token.hint, actor.at, actor.name],
  );
}

export function createScimConnectionStore(database: TenantDatabase): Part {
  const announceDigest = (tenant: string, connection: string, token: TokenDraft) =>
    database.control.query(
      'insert into control.scim_token (digest, tenant, connection, token) values ($1, $2, $3, $4)',
      [token.digest, tenant, connection, token.id],
    );
  const forgetDigest = (token: TokenDraft) =>
    database.control.query('delete from control.scim_token where digest = $1', [token.digest]);
  return {
    scimConnection: (tenant) => database.withTenant(tenant, current),
    async enableScim(tenant, token, actor) {
      const known = await database.withTenant(tenant, current);
      const id = known?.id ?? createId(actor.at);
      await announceDigest(tenant, id, token);
      const connection = await database.withTenant(tenant, async (transaction) => {
        await lock(transaction);
        const before = await current(transaction);
        // Another admin was first (perhaps with another new id): nothing is changed.
        if (before?.state === 'enabled' || (before && before.id !== id)) return undefined;
        const [row] = await transaction.query(
          `insert into workspace.scim_connection (tenant, id, state, enabled_at, enabled_by, enabled_by_name)
           select $1, $2, 'enabled', $3, $4, $5
           on conflict (tenant, id) do update set state = 'enabled', enabled_at = excluded.enabled_at, enabled_by = excluded.enabled_by,
             enabled_by_name = excluded.enabled_by_name, disabled_at = null, disabled_by_name = null, disabled_reason = null, paused_at = null, paused_by_name = null
           returning ${connectionColumns}`,
          [tenant, id, actor.at, actor.person, actor.name],
        );
        await insertToken(transaction, id, token, actor);
        return row as ScimConnection;
      });
      if (!connection) await forgetDigest(token);
      return connection;
    },
    disableScim: (tenant, actor, reason) =>
      database.withTenant(tenant, async (transaction) => {
        await lock(transaction);
        const found = await transaction.query(
          `update workspace.scim_connection set state = 'disabled', disabled_at = $2, disabled_by_name = $3, disabled_reason = $4
           where tenant = $1 and state = 'enabled' returning id`,
          [tenant, actor.at, actor.name, reason],
        );
        await transaction.query(
          'update workspace.scim_token set revoked_at = $2 where tenant = $1 and revoked_at is null',
          [tenant, actor.at],
        );
        return found.length > 0;
      }),
    pinClient: (tenant, client) =>
      database.withTenant(tenant, async (transaction) => {
        await lock(transaction);
        const connection = await current(transaction);
        const found = await transaction.query(
          `update workspace.scim_connection set client = $3, client_pinned = $4 where tenant = $1 and id = $2 returning id`,
          [tenant, connection?.id ?? null, client, client !== null],
        );
        return found.length > 0;
      }),
    async pauseScim(tenant, actor) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update workspace.scim_connection set paused_at = $2, paused_by_name = $3
            where tenant = $1 and state = 'enabled' and paused_at is null returning id`,
          values: [tenant, actor.at, actor.name],
        },
      ]);
      return rows!.length > 0;
    },
    async resumeScim(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update workspace.scim_connection set paused_at = null, paused_by_name = null
            where tenant = $1 and paused_at is not null returning id`,
          values: [tenant],
        },
      ]);
      return rows!.length > 0;
    },
    async tokens(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select id, hint, created_at as "createdAt", created_by_name as "createdBy", last_used_at as "lastUsedAt",
                   last_used_address as "lastUsedAddress", last_used_agent as "lastUsedAgent", revoked_at as "revokedAt"
                 from workspace.scim_token where tenant = $1 order by created_at desc limit 20`,
          values: [tenant],
        },
      ]);
      return (rows ?? []) as unknown as StoredToken[];
    },
    async addToken(tenant, token, actor) {
      const connection = await database.withTenant(tenant, current);
      if (connection?.state !== 'enabled') throw new Refusal('precondition', 'SCIM is not enabled. Enable it first.');
      await announceDigest(tenant, connection.id, token);
      try {
        await database.withTenant(tenant, async (transaction) => {
          await lock(transaction);
          const live = await transaction.query(
            'select id from workspace.scim_token where tenant = $1 and revoked_at is null',
            [tenant],
          );
          if (live.length >= 2)
            throw new Refusal(
              'precondition',
              'Two tokens are live already. Revoke the one that is no longer used, then make a new one.',
            );
          await insertToken(transaction, connection.id, token, actor);
        });
      } catch (error) {
        await forgetDigest(token);
        throw error;
      }
    },
    async revokeToken(tenant, id, actor) {
      const [rows] = await database.batch(tenant, [
        {
          text: 'update workspace.scim_token set revoked_at = coalesce(revoked_at, $3) where tenant = $1 and id = $2 returning id',
          values: [tenant, id, actor.at],
        },
      ]);
      return rows?.length === 1;
    },
  };
}
