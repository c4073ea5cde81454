// One workspace on a real database with the SCIM entrance in front of it, as main wires it; plus a second workspace to
// look for leaks. The clock moves 10 ms whenever it is read.

import { createScimSite, type ScimSite } from '../../../src/http/scim/site.ts';
import { registeredTypes } from '../../../src/scim/schema/registered.ts';
import type { ResourceTypes } from '../../../src/scim/schema/resource-type.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { createScimToken } from '../../../src/secrets/scim-token.ts';
import type { TokenOwner } from '../../../src/service-provider/scim/access.ts';
import { isDatabaseAway, type TenantDatabase } from '../../../src/store/database.ts';
import { writeEntry } from '../../../src/store/scim/journal.ts';
import { createScimStore, type ScimStore } from '../../../src/store/scim/resource-store.ts';
import type { ResourceRules } from '../../../src/store/scim/resource-transaction.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly body: any;
}

export interface Workspace {
  readonly slug: string;
  readonly tenant: string;
  readonly connection: string;
  readonly token: string;
  owner: TokenOwner;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface World {
  readonly site: ScimSite;
  readonly store: ScimStore;
  readonly database: TenantDatabase;
  readonly errors: unknown[];
  readonly deactivated: string[];
  readonly protectedIds: Set<string>;
  workspace(slug: string): Workspace;
  now(): Date;
}

export const publicUrl = 'http://localhost:8080';

export function createWorld(
  database: TenantDatabase,
  types: ResourceTypes = registeredTypes,
  options: { rate?: number; stepMs?: number; scanTimeoutMs?: number } = {},
): World {
  let now = Date.parse('2026-11-25T09:00:00Z');
  const clock = () => {
    now += options.stepMs ?? 10;
    return now;
  };
  const newId = () => createId(new Date(now));
  const errors: unknown[] = [];
  const deactivated: string[] = [];
  const protectedIds = new Set<string>();
  const rules: ResourceRules = {
    protection: async (_, { id }) => (protectedIds.has(id) ? 'An owner is not deactivated by SCIM.' : undefined),
    onDeactivated: async (_, { id }) => void deactivated.push(id),
  };
  const { scanTimeoutMs } = options;
  const store = createScimStore({
    ...{ database, rules, newId, onJournalError: (error) => errors.push(error) },
    ...(scanTimeoutMs === undefined ? {} : { scanTimeoutMs }),
  });
  const workspaces = new Map<string, Workspace>();
  const scim = createScimSite({
    store,
    clock,
    newId,
    publicUrl,
    rate: options.rate,
    isAway: isDatabaseAway,
    onError: (error) => errors.push(error),
    access: {
      findWorkspace: async (slug) => workspaces.get(slug),
      findToken: async (token) => [...workspaces.values()].find((each) => each.token === token)?.owner,
      noteUse: () => {},
      noteClient: async (owner, client) => {
        const found = [...workspaces.values()].find((each) => each.connection === owner.connection)!;
        found.owner = { ...found.owner, client };
      },
      recordUnauthenticated: (tenant, record) =>
        database.withTenant(tenant, (transaction) => writeEntry(transaction, { tenant, connection: null, record }, [])),
    },
  });
  return {
    site: scim,
    store,
    database,
    errors,
    deactivated,
    protectedIds,
    now: () => new Date(now),
    workspace(slug) {
      const tenant = newId();
      const connection = newId();
      const token = createScimToken();
      const owner: TokenOwner = {
        tenant,
        connection,
        token: newId(),
        enabled: true,
        paused: null,
        client: null,
        pinned: false,
        types,
      };
      const workspace: Workspace = {
        slug,
        tenant,
        connection,
        token,
        owner,
        send: (method, path, body, headers = {}) => send(scim, { slug, token, method, path, body, headers }),
      };
      workspaces.set(slug, workspace);
      return workspace;
    },
  };
}

interface Sending {
  slug: string;
  token: string;
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
}

async function send(site: ScimSite, { slug, token, method, path, body, headers }: Sending): Promise<Answer> {
  const request = new Request(`${publicUrl}/${slug}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await site(request, { remoteAddress: '203.0.113.7' });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
