// A SCIM service provider in memory, to deliver to: as strict or as odd as a test wants it, and able to fail on order.

import { randomUUID } from 'node:crypto';
import type { OutboundRequest, OutboundResponse } from '../../src/outbound/guarded-fetch.ts';
import { OutboundError } from '../../src/outbound/target.ts';

// biome-ignore lint/suspicious/noExplicitAny: resources are whatever was sent.
export type Resource = Record<string, any>;

export interface TargetOptions {
  patch?: boolean;
  /** URNs of /Schemas; null: it has no /Schemas. */
  schemas?: string[] | null;
  /** Filters on these attributes are answered 400. */
  refusedFilters?: string[];
  pageSize?: number;
  ignoresFilters?: boolean;
  hasGroups?: boolean;
  emptyCreateAnswers?: boolean;
}

/** Answers (or throws) in the target's place; undefined lets the request through. */
export type Fault = (
  request: OutboundRequest,
  path: string,
) => OutboundResponse | undefined | Promise<OutboundResponse | undefined>;

export interface Target {
  exchange(request: OutboundRequest): Promise<OutboundResponse>;
  users: Map<string, Resource>;
  groups: Map<string, Resource>;
  requests: { method: string; path: string; body: Resource | undefined }[];
  token: string;
  /** Before the target looks at a request. */
  before: Fault | undefined;
  /** After it has carried a request out. */
  after: Fault | undefined;
  add(user: Resource): string;
}

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const workspace = 'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User';
const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): OutboundResponse {
  return { status, headers, body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body) };
}

export function scimError(status: number, detail: string, headers: Record<string, string> = {}): OutboundResponse {
  return answer(status, { schemas: [errorSchema], status: String(status), detail }, headers);
}

export function cutWire(): never {
  throw new OutboundError('unreachable', 'The app closed the connection before it had answered.');
}

function objectAt(resource: Resource, key: string): Resource {
  if (typeof resource[key] !== 'object') resource[key] = {};
  return resource[key];
}

function setAt(resource: Resource, path: string, value: unknown): void {
  const urn = /^(urn:.*:User):([^:]+)$/.exec(path);
  const container = urn ? objectAt(resource, urn[1] as string) : resource;
  const [first = '', second] = (urn?.[2] ?? path).split('.');
  if (second) objectAt(container, first)[second] = value;
  else if (value === undefined) delete container[first];
  else container[first] = value;
}

function patchMembers(group: Resource, operation: Resource): void {
  const members: Resource[] = group['members'] ?? [];
  const removed = /^members\[value eq "(.*)"\]$/.exec(operation['path']);
  if (removed) group['members'] = members.filter((each) => each['value'] !== removed[1]);
  else {
    const known = new Set(members.map((each) => each['value']));
    group['members'] = [...members, ...operation['value'].filter((each: Resource) => !known.has(each['value']))];
  }
}

function patch(resource: Resource, body: Resource): void {
  for (const operation of body['Operations'] as Resource[]) {
    if (!['add', 'replace', 'remove'].includes(operation['op']) || typeof operation['path'] !== 'string')
      throw new Error('An operation without op or path.');
    if (operation['path'].startsWith('members')) patchMembers(resource, operation);
    else setAt(resource, operation['path'], operation['op'] === 'remove' ? undefined : operation['value']);
  }
}

function valuesOf(resource: Resource, attribute: string): unknown[] {
  if (attribute === 'emails.value') return (resource['emails'] ?? []).map((each: Resource) => each['value']);
  return [resource[attribute]];
}

interface Collection {
  name: 'Users' | 'Groups';
  all: Map<string, Resource>;
  key: 'userName' | 'displayName';
}

function list(collection: Collection, query: URLSearchParams, options: TargetOptions): OutboundResponse {
  const filter = /^([A-Za-z.]+) eq (".*")$/.exec(query.get('filter') ?? '');
  const [, attribute = '', literal = '""'] = filter ?? [];
  if (options.refusedFilters?.includes(attribute)) return scimError(400, `No filter on ${attribute}.`);
  const wanted = String(JSON.parse(literal));
  const fold = (value: unknown) => (attribute === 'externalId' ? String(value) : String(value).toLowerCase());
  const hits = [...collection.all.values()].filter(
    (each) => options.ignoresFilters || valuesOf(each, attribute).some((value) => fold(value) === fold(wanted)),
  );
  const start = Number(query.get('startIndex') ?? 1);
  const size = Math.min(Number(query.get('count') ?? 100), options.pageSize ?? 100);
  return answer(200, {
    totalResults: hits.length,
    startIndex: start,
    Resources: hits.slice(start - 1, start - 1 + size),
  });
}

function create(collection: Collection, body: Resource, options: TargetOptions): OutboundResponse {
  const taken = [...collection.all.values()].some(
    (each) => String(each[collection.key]).toLowerCase() === String(body[collection.key]).toLowerCase(),
  );
  if (taken) return scimError(409, `${collection.key} is taken.`);
  const id = randomUUID();
  collection.all.set(id, { active: collection.name === 'Users' ? true : undefined, ...body, id });
  return answer(201, options.emptyCreateAnswers ? undefined : collection.all.get(id));
}

function one(collection: Collection, id: string, method: string, body: Resource | undefined): OutboundResponse {
  const found = collection.all.get(id);
  if (!found) return scimError(404, 'Not here.');
  if (method === 'DELETE') {
    collection.all.delete(id);
    return answer(204);
  }
  if (method === 'PATCH') patch(found, body ?? {});
  if (method === 'PUT') collection.all.set(id, { ...body, id });
  return answer(200, collection.all.get(id));
}

function discovery(path: string, options: TargetOptions): OutboundResponse | undefined {
  if (path === '/ServiceProviderConfig')
    return answer(200, { patch: { supported: options.patch ?? true }, filter: { supported: true } });
  if (path !== '/Schemas') return undefined;
  const schemas = options.schemas === undefined ? [enterprise, workspace] : options.schemas;
  if (schemas === null) return scimError(404, 'No schemas.');
  return answer(200, { totalResults: schemas.length, Resources: schemas.map((id) => ({ id })) });
}

export function createTarget(options: TargetOptions = {}): Target {
  const users: Collection = { name: 'Users', all: new Map(), key: 'userName' };
  const groups: Collection = { name: 'Groups', all: new Map(), key: 'displayName' };
  function carryOut(request: OutboundRequest, path: string, body: Resource | undefined): OutboundResponse {
    const url = new URL(`http://target${path}`);
    const found = discovery(url.pathname, options);
    if (found) return found;
    const [, name, id] = url.pathname.split('/');
    const collection = name === 'Users' ? users : name === 'Groups' && options.hasGroups !== false ? groups : undefined;
    if (!collection) return scimError(404, 'There is no such endpoint.');
    if (request.method === 'PATCH' && options.patch === false) return scimError(501, 'No PATCH here.');
    if (id !== undefined) return one(collection, decodeURIComponent(id), request.method, body);
    if (request.method === 'POST') return create(collection, body ?? {}, options);
    return list(collection, url.searchParams, options);
  }
  const target: Target = {
    users: users.all,
    groups: groups.all,
    requests: [],
    token: 'secret-token',
    before: undefined,
    after: undefined,
    async exchange(request) {
      const path = request.url.replace(/^https?:\/\/[^/]+\/scim\/v2/, '');
      const body = request.body === undefined ? undefined : (JSON.parse(request.body) as Resource);
      target.requests.push({ method: request.method, path, body });
      const early = await target.before?.(request, path);
      if (early) return early;
      if (request.headers?.['authorization'] !== `Bearer ${target.token}`) return scimError(401, 'Who are you?');
      const response = carryOut(request, path, body);
      return (await target.after?.(request, path)) ?? response;
    },
    add(user) {
      const id = randomUUID();
      users.all.set(id, { active: true, ...user, id });
      return id;
    },
  };
  return target;
}
