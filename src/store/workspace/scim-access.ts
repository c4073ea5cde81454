// Who may speak SCIM to a workspace, from control and the tenant's own rows. Talks to: Postgres.
// What was found is remembered for half a second: a revoked token or a disabled connection is refused by the very next
// request in the process that did it, and within a second in every other. When and from where a token was last used is
// written lazily, at most once a minute.

import type { ResourceTypes } from '../../scim/schema/resource-type.ts';
import { digestOf } from '../../secrets/digest.ts';
import type { ScimAccess, TokenOwner } from '../../service-provider/scim/access.ts';
import type { WorkspaceStore } from '../../service-provider/workspace.ts';
import type { Row, TenantDatabase } from '../database.ts';
import { writeEntry } from '../scim/journal.ts';
import { definitionStatements, toTypes } from './resource-types.ts';

export interface ScimAccessOptions {
  database: TenantDatabase;
  onError(error: unknown): void;
  /** Milliseconds since 1970. */
  clock(): number;
}

export interface RememberingAccess extends ScimAccess {
  /** Something about a workspace's tokens or connections has changed. */
  forget(tenant: string): void;
}

const rememberedMs = 500;
const mostRemembered = 10_000;
const writeEveryMs = 60_000;

function toOwner(row: Row, tenant: string, types: ResourceTypes): TokenOwner {
  return {
    tenant,
    connection: row['connection'] as string,
    token: row['token'] as string,
    enabled: row['state'] === 'enabled',
    paused: row['paused_by_name'] as string | null,
    client: row['client'] as string | null,
    pinned: row['client_pinned'] as boolean,
    types,
  };
}

/** Looks up once for all who ask within half a second; what was not found is looked up again each time. */
function remembering<T extends { tenant: string }>(
  clock: () => number,
  find: (key: string) => Promise<T | undefined>,
): { find(key: string): Promise<T | undefined>; forget(tenant: string): void } {
  const found = new Map<string, { at: number; value: Promise<T | undefined> }>();
  const drop = (key: string, entry: unknown) => {
    if (found.get(key) === entry) found.delete(key);
  };
  return {
    find(key) {
      const now = clock();
      const before = found.get(key);
      if (before && now - before.at < rememberedMs) return before.value;
      if (found.size >= mostRemembered) found.clear();
      const entry = { at: now, value: find(key) };
      found.set(key, entry);
      entry.value.then(
        (value) => value === undefined && drop(key, entry),
        () => drop(key, entry),
      );
      return entry.value;
    },
    forget(tenant) {
      for (const [key, entry] of found) {
        entry.value.then(
          (value) => value?.tenant === tenant && drop(key, entry),
          () => {},
        );
      }
    },
  };
}

export function createScimAccess({ database, onError, clock }: ScimAccessOptions): RememberingAccess {
  const written = new Map<string, number>();
  const workspaces = remembering(clock, (slug) => findWorkspace(database, slug));
  const owners = remembering(clock, (digest) => findOwner(database, Buffer.from(digest, 'base64')));
  const forget = (tenant: string) => owners.forget(tenant);
  return {
    forget,
    findWorkspace: workspaces.find,
    findToken: (token) => owners.find(digestOf(token).toString('base64')),
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
        .then(() => forget(tenant), onError);
    },
    recordUnauthenticated: (tenant, record) =>
      database.withTenant(tenant, (transaction) => writeEntry(transaction, { tenant, connection: null, record }, [])),
  };
}

const changesOfAccess = [
  'enableScim',
  'disableScim',
  'addToken',
  'revokeToken',
  'pinClient',
  'pauseScim',
  'resumeScim',
] as const;

/** The store, whose changes of tokens and connections are known to `access` at once. */
export function forgettingStore(store: WorkspaceStore, access: RememberingAccess): WorkspaceStore {
  const changes = changesOfAccess.map((name) => [
    name,
    async (tenant: string, ...rest: never[]) => {
      const change = store[name] as (tenant: string, ...rest: never[]) => Promise<unknown>;
      const result = await change(tenant, ...rest);
      access.forget(tenant);
      return result;
    },
  ]);
  return { ...store, ...(Object.fromEntries(changes) as Pick<WorkspaceStore, (typeof changesOfAccess)[number]>) };
}

async function findWorkspace(database: TenantDatabase, slug: string): Promise<{ tenant: string } | undefined> {
  const [row] = await database.control.query({
    name: 'workspace-by-slug',
    text: 'select tenant from control.workspace where slug = $1',
    values: [slug],
  });
  return row && { tenant: row['tenant'] as string };
}

async function findOwner(database: TenantDatabase, digest: Buffer): Promise<TokenOwner | undefined> {
  const [found] = await database.control.query({
    name: 'scim-token',
    text: 'select tenant, token from control.scim_token where digest = $1',
    values: [digest],
  });
  if (!found) return undefined;
  const tenant = found['tenant'] as string;
  const [owners, schemas, types] = await database.batch(tenant, [
    {
      name: 'scim-token-owner',
      text: `select t.id as token, t.connection, c.state, c.paused_by_name, c.client, c.client_pinned
             from workspace.scim_token t join workspace.scim_connection c on c.tenant = t.tenant and c.id = t.connection
             where t.tenant = $1 and t.id = $2 and (t.revoked_at is null or c.state = 'disabled')`,
      values: [tenant, found['token']],
    },
    ...definitionStatements(tenant),
  ]);
  return owners?.[0] && toOwner(owners[0], tenant, toTypes(schemas!, types!));
}
