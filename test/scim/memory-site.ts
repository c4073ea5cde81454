// The SCIM entrance over the store in memory, with the same few resources in it each time: every id and time is the same
// in each of these worlds, so that two of them can be compared.
import { createScimSite } from '../../src/http/scim/site.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { ResourceTransaction, WriteResult } from '../../src/scim/resource-store.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createScimToken } from '../../src/secrets/scim-token.ts';
import type { TokenOwner } from '../../src/service-provider/scim/access.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly body: any;
}

export interface MemorySite {
  readonly store: MemoryStore;
  /** What became a 500 or 503. */
  readonly errors: readonly unknown[];
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Everything that is here, as clients see it, in the order of ids. */
  everything(): Promise<JsonObject[]>;
}

const publicUrl = 'http://localhost:8080';
const token = createScimToken();

function id(count: number): string {
  return `0193a000-0000-7000-8000-${String(count).padStart(12, '0')}`;
}

const connection = id(2);
const owner: TokenOwner = {
  ...{ tenant: id(1), connection, token: id(3), enabled: true, paused: null },
  ...{ client: 'generic', pinned: true, types: registeredTypes },
};

/** Who is here from the start: managed by this connection, by another one, and by nobody. */
export const here = { ada: id(11), ben: id(12), otto: id(13), team: id(14), crew: id(15) } as const;

const [user, group] = ['User', 'Group'].map((name) => registeredTypes.byName(name)!) as [
  ReturnType<typeof registeredTypes.byName> & object,
  ReturnType<typeof registeredTypes.byName> & object,
];

function fill(store: MemoryStore): void {
  const put = (type: typeof user, key: keyof typeof here, managedBy: string | null, attributes: JsonObject) =>
    store.put(owner.tenant, { type, id: here[key], managedBy, attributes });
  put(user, 'ada', connection, { userName: 'ada', externalId: 'x-ada', active: true });
  put(user, 'ben', null, { userName: 'ben', active: true });
  put(user, 'otto', id(4), { userName: 'otto', active: true });
  put(group, 'team', connection, { displayName: 'Team' });
  put(group, 'crew', null, { displayName: 'Crew' });
}

/** What a store refuses although it has written it. */
export const refusedLate = 'refused once it is written';

function refuseLate({ resource }: WriteResult): void {
  if (resource.attributes['title'] === refusedLate) throw new ScimError('conflict', 'The store refuses this title.');
}

function withLateRefusals(store: MemoryStore): MemoryStore {
  const refusing = (transaction: ResourceTransaction): ResourceTransaction => ({
    ...transaction,
    async insert(...given) {
      const result = await transaction.insert(...given);
      refuseLate(result);
      return result;
    },
    async update(...given) {
      const result = await transaction.update(...given);
      refuseLate(result);
      return result;
    },
  });
  return { ...store, transact: (scope, work) => store.transact(scope, (transaction) => work(refusing(transaction))) };
}

export function createMemorySite(): MemorySite {
  let ids = 100;
  const errors: unknown[] = [];
  const store = withLateRefusals(createMemoryStore(registeredTypes));
  fill(store);
  const site = createScimSite({
    ...{ store, publicUrl, rate: undefined, isAway: () => false, clock: () => Date.parse('2026-11-25T09:00:00Z') },
    newId: () => {
      ids += 1;
      return id(ids);
    },
    onError: (error) => errors.push(error),
    access: {
      findWorkspace: async () => owner,
      findToken: async (given) => (given === token ? owner : undefined),
      noteUse: () => {},
      noteClient: async () => {},
      recordUnauthenticated: async () => {},
    },
  });
  const send: MemorySite['send'] = async (method, path, body, headers = {}) => {
    const request = new Request(`${publicUrl}/acme/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await site(request, { remoteAddress: '203.0.113.7' });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  const everything = async () => {
    const lists = await Promise.all(['/Users', '/Groups'].map((path) => send('GET', `${path}?count=1000`)));
    const all = lists.flatMap(({ body }) => body.Resources as JsonObject[]);
    return all.sort((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1));
  };
  return { store, errors, send, everything };
}
