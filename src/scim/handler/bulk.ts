// /Bulk (RFC 7644 section 3.7): one transaction, a part of its own for every operation. Pure; works over a ResourceStore.
// Every new resource has its id before the first operation runs, so a reference forward or in a circle is an ordinary
// reference to somebody who is not here yet, and joins when that one is. If that one fails in the end, what refers to it
// must fail too: the operations are run again from the start with the lost ones refused, until no more are lost.
import { ScimError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { readResource } from '../read-resource.ts';
import type { ResourceTransaction } from '../resource-store.ts';
import { uniqueKeys } from '../unique-keys.ts';
import { type BulkOperation, type BulkRequest, readBulk, withIds } from './bulk-request.ts';
import {
  type Exchange,
  newFacts,
  normalize,
  type ReadyExchange,
  recordOf,
  refusal,
  type ScimRequest,
  type ScimResponse,
} from './exchange.ts';
import { parseQuery } from './query.ts';
import { findRoute } from './routes.ts';
import { scopeOf } from './shown.ts';
import { prepareWrite } from './write.ts';

const responseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** Each run loses at least one more operation; a request that loses them one by one is not worth a thousand runs. */
const mostRuns = 16;

interface Running {
  readonly exchange: ReadyExchange;
  readonly request: BulkRequest;
  readonly transaction: ResourceTransaction;
  readonly ids: ReadonlyMap<string, string>;
  /** bulkIds of operations that failed, or were never come to, in an earlier run. */
  readonly lost: ReadonlySet<string>;
}

/** Thrown to undo a run; carries what it lost. */
class LostMore extends Error {
  readonly lost: ReadonlySet<string>;

  constructor(lost: ReadonlySet<string>) {
    super('An operation that others refer to has failed.');
    this.lost = lost;
  }
}

export function bulk(exchange: ReadyExchange): Promise<ScimResponse> {
  const request = readBulk(exchange.normalized.body ?? exchange.body ?? null);
  return exchange.ports.store.transact(scopeOf(exchange.caller), async (transaction) => {
    const ids = await reserveIds(exchange, request, transaction);
    const operations = await runUntilKept({ exchange, request, transaction, ids, lost: new Set() });
    const response = { status: 200, headers: {}, body: { schemas: [responseUrn], Operations: operations } };
    // The operations have left their own rows; a second copy of all bodies would be of no use.
    const { body: _, ...envelope } = exchange;
    const facts = { ...newFacts(exchange), operations: countOf(request, operations) };
    await transaction.record(recordOf(envelope, facts, { status: 200, headers: {} }));
    return response;
  });
}

function countOf({ operations }: BulkRequest, answers: readonly JsonObject[]) {
  const refused = answers.filter(({ status }) => Number(status) >= 300).length;
  return { asked: operations.length, done: answers.length - refused, refused };
}

async function runUntilKept(running: Running): Promise<JsonObject[]> {
  let lost = running.lost;
  for (let run = 1; run <= mostRuns; run += 1) {
    try {
      return await running.transaction.attempt(() => runAll({ ...running, lost }));
    } catch (error) {
      if (!(error instanceof LostMore)) throw error;
      lost = new Set([...lost, ...error.lost]);
    }
  }
  throw new ScimError(
    'conflict',
    'The operations refer to each other, and too many of them fail one after the other. Nothing was done.',
  );
}

async function runAll(running: Running): Promise<JsonObject[]> {
  const { request, lost } = running;
  const answers: JsonObject[] = [];
  const kept = new Set<string>();
  let errors = 0;
  for (const operation of request.operations) {
    if (errors >= request.failOnErrors) break;
    const answer = await runOne(running, operation);
    answers.push(answer.shown);
    if (answer.failed) errors += 1;
    else if (operation.bulkId !== undefined) kept.add(operation.bulkId);
  }
  const named = new Set(request.operations.slice(0, answers.length).flatMap((each) => [...each.refersTo]));
  const lostNow = [...running.ids.keys()].filter((id) => !kept.has(id) && named.has(id) && !lost.has(id));
  if (lostNow.length > 0) throw new LostMore(new Set(lostNow));
  return answers;
}

async function runOne(running: Running, operation: BulkOperation): Promise<{ shown: JsonObject; failed: boolean }> {
  const { transaction } = running;
  const exchange = exchangeOf(running, operation);
  try {
    const unknown = [...operation.refersTo].find((name) => !running.ids.has(name) || running.lost.has(name));
    if (unknown !== undefined) throw unresolved(running, unknown);
    const ready = prepare(exchange, running, operation);
    const response = await transaction.attempt(async () => prepareWrite(ready, ready.route.type!)(transaction));
    return { shown: shownOf(operation, exchange, response), failed: false };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { facts, response } = refusal(exchange, error);
    await transaction.record(recordOf(exchange, facts, response));
    return { shown: shownOf(operation, exchange, response), failed: true };
  }
}

function unresolved({ ids }: Running, name: string): ScimError {
  return new ScimError(
    'conflict',
    ids.has(name)
      ? `The operation "bulkId:${name.slice(0, 100)}" that this one refers to was not done.`
      : `No operation of this request has the bulkId "${name.slice(0, 100)}".`,
  );
}

function exchangeOf({ exchange, ids }: Running, operation: BulkOperation): Exchange {
  const { request, caller, ports } = exchange;
  const path = withIds(operation.path, ids);
  const [plain = '', query = ''] = withoutBase(path, request.baseUrl).split('?');
  const reservedId = operation.bulkId === undefined ? undefined : ids.get(operation.bulkId);
  const own: ScimRequest = {
    ...request,
    id: ports.newId(),
    method: operation.method,
    path: `${request.path}${plain.startsWith('/') ? '' : '/'}${plain}`,
    segments: plain.split('/').filter((part) => part !== ''),
    query,
    ...(operation.version === undefined ? {} : { ifMatch: operation.version }),
  };
  return {
    request: own,
    caller,
    ports,
    startedAt: ports.clock(),
    bulk: { request: request.id, operation: operation.index },
    ...(operation.data === undefined ? {} : { body: withIds(operation.data, ids) }),
    ...(reservedId === undefined ? {} : { reservedId }),
  };
}

/** The RFC has relative paths; some clients repeat the address. */
function withoutBase(path: string, baseUrl: string): string {
  return path.toLowerCase().startsWith(baseUrl.toLowerCase()) ? path.slice(baseUrl.length) : path;
}

function prepare(exchange: Exchange, { exchange: whole }: Running, operation: BulkOperation): ReadyExchange {
  const { caller, request } = exchange;
  const route = findRoute(operation.method, request.segments, caller.types);
  exchange.route = route;
  if (!route.type || !['create', 'replace', 'patch', 'delete'].includes(route.operation)) {
    throw new ScimError('invalidSyntax', `"${operation.path.slice(0, 100)}" is not an address of a resource.`);
  }
  if (operation.method !== 'DELETE' && exchange.body === undefined) {
    throw new ScimError('invalidSyntax', 'The operation needs "data".');
  }
  return normalize(exchange, route, parseQuery(whole.request.query));
}

/**
 * The id of every resource the request makes. One that takes over a resource made by hand has that one's id, which others
 * may name before the operation has run.
 */
async function reserveIds(
  exchange: ReadyExchange,
  { operations }: BulkRequest,
  transaction: ResourceTransaction,
): Promise<Map<string, string>> {
  const referred = new Set(operations.flatMap((each) => [...each.refersTo]));
  const ids = new Map<string, string>();
  for (const operation of operations) {
    if (operation.method !== 'POST' || operation.bulkId === undefined) continue;
    const here = referred.has(operation.bulkId) ? await unmanagedLike(exchange, operation, transaction) : undefined;
    ids.set(operation.bulkId, here ?? exchange.ports.newId());
  }
  return ids;
}

async function unmanagedLike(
  exchange: ReadyExchange,
  operation: BulkOperation,
  transaction: ResourceTransaction,
): Promise<string | undefined> {
  const { types } = exchange.caller;
  const type = types.byEndpoint(operation.path.split('?')[0]!.replaceAll('/', ''));
  const attributes = type && isObject(operation.data) ? attributesOf(type, operation.data) : undefined;
  if (!type || !attributes) return undefined;
  const [first, ...others] = await transaction.holders(type, uniqueKeys(type, attributes));
  return first && others.length === 0 && first.managedBy === null ? first.id : undefined;
}

function attributesOf(type: Parameters<typeof readResource>[0], data: Json): JsonObject | undefined {
  try {
    return readResource(type, data).attributes;
  } catch {
    // Refused with its reason when its turn comes.
    return undefined;
  }
}

function shownOf(operation: BulkOperation, exchange: Exchange, response: ScimResponse): JsonObject {
  const failed = response.status >= 300;
  const { location, etag } = response.headers;
  const endpoint =
    operation.method === 'POST' ? undefined : `${exchange.request.baseUrl}/${exchange.request.segments.join('/')}`;
  const where = location ?? endpoint;
  return {
    ...(where === undefined ? {} : { location: where }),
    method: operation.method,
    ...(operation.bulkId === undefined ? {} : { bulkId: operation.bulkId }),
    ...(etag === undefined ? {} : { version: etag }),
    status: String(response.status),
    ...(failed && response.body ? { response: response.body } : {}),
  };
}
