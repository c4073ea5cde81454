// /Bulk (RFC 7644 section 3.7): one transaction, a part of its own for every operation. Pure; works over a ResourceStore.
// Every new resource has its id before the first operation runs, so a reference forward or in a circle is an ordinary
// reference to somebody who is not here yet, and joins when that one is. If that one fails in the end, what refers to it
// must fail too; if it takes over somebody who was made by hand, that one's id was meant. Then the operations are run
// again from the start, with the lost ones refused and the ids as they turned out, until no forward reference misleads.
import { ScimError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ResourceTransaction } from '../resource-store.ts';
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
import { decodeSegment, findRoute } from './routes.ts';
import { scopeOf } from './shown.ts';
import { prepareWrite } from './write.ts';

const responseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

/** Each run finds out something more; a request that needs one for each operation is not worth a thousand runs. */
const mostRuns = 16;

interface Found {
  /** The id of each resource that the request makes or takes over, by bulkId. */
  readonly ids: ReadonlyMap<string, string>;
  /** bulkIds of operations that are not done, and that earlier ones refer to. */
  readonly lost: ReadonlySet<string>;
}

interface Running extends Found {
  readonly exchange: ReadyExchange;
  readonly request: BulkRequest;
  readonly transaction: ResourceTransaction;
  /** The id of whatever is made anew, by bulkId. */
  readonly reserved: ReadonlyMap<string, string>;
}

/** What has become of the operations so far, by bulkId. */
interface SoFar {
  readonly done: Map<string, string>;
  readonly failed: Set<string>;
  /** Whom an operation that was done referred to before that one's turn. */
  readonly forward: Set<string>;
}

/** Thrown to undo a run; carries what the next one starts with. */
class RunAgain extends Error {
  readonly found: Found;

  constructor(found: Found) {
    super('An operation that earlier ones refer to has turned out otherwise.');
    this.found = found;
  }
}

export function bulk(exchange: ReadyExchange): Promise<ScimResponse> {
  const request = readBulk(exchange.normalized.body ?? exchange.body ?? null);
  return exchange.ports.store.transact(scopeOf(exchange.caller), async (transaction) => {
    const made = request.operations.flatMap(({ method, bulkId }) => (method === 'POST' ? (bulkId ?? []) : []));
    const reserved = new Map(made.map((name) => [name, exchange.ports.newId()]));
    const operations = await runUntilKept({ exchange, request, transaction, reserved, ids: reserved, lost: new Set() });
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
  let found: Found = running;
  for (let run = 1; run <= mostRuns; run += 1) {
    try {
      return await running.transaction.attempt(() => runAll({ ...running, ...found }));
    } catch (error) {
      if (!(error instanceof RunAgain)) throw error;
      found = error.found;
    }
  }
  throw new ScimError(
    'conflict',
    'The operations refer to each other, and too many of them fail one after the other. Nothing was done.',
  );
}

async function runAll(running: Running): Promise<JsonObject[]> {
  const { request } = running;
  const ids = new Map(running.ids);
  const soFar: SoFar = { done: new Map(), failed: new Set(), forward: new Set() };
  const answers: JsonObject[] = [];
  let errors = 0;
  for (const operation of request.operations) {
    if (errors >= request.failOnErrors) break;
    const { shown, error, id } = await runOne({ ...running, ids }, operation, soFar);
    answers.push(shown);
    if (error) errors += 1;
    else for (const name of operation.refersTo) if (!soFar.done.has(name)) soFar.forward.add(name);
    const { bulkId } = operation;
    if (bulkId === undefined || !ids.has(bulkId)) continue;
    if (error) soFar.failed.add(bulkId);
    else if (id !== undefined) soFar.done.set(bulkId, id);
    if (id !== undefined) ids.set(bulkId, id);
  }
  const found = misled(running, soFar);
  if (found) throw new RunAgain(found);
  return answers;
}

/** What forward references should have known; undefined: they went by nothing that is not so. */
function misled(running: Running, { done, forward }: SoFar): Found | undefined {
  const wrong = [...forward].filter((name) => done.get(name) !== running.ids.get(name));
  if (wrong.length === 0) return undefined;
  const ids = new Map(running.ids);
  const lost = new Set(running.lost);
  for (const name of wrong) {
    const id = done.get(name);
    if (id === undefined) lost.add(name);
    else ids.set(name, id);
  }
  loseAllThatRefer(running, lost);
  return { ids, lost };
}

/** However long the chain of them is. */
function loseAllThatRefer(running: Running, lost: Set<string>): void {
  const before = lost.size;
  for (const { bulkId, refersTo } of running.request.operations) {
    if (bulkId !== undefined && [...refersTo].some((name) => lost.has(name))) lost.add(bulkId);
  }
  if (lost.size > before) loseAllThatRefer(running, lost);
}

interface Outcome {
  readonly shown: JsonObject;
  readonly error?: ScimError;
  /** Of the resource that was made or taken over. */
  readonly id?: string;
}

async function runOne(running: Running, operation: BulkOperation, { failed }: SoFar): Promise<Outcome> {
  const { transaction, ids, lost } = running;
  const exchange = exchangeOf(running, operation);
  try {
    const ready = prepare(exchange, running, operation);
    const unknown = [...operation.refersTo].find((name) => !ids.has(name) || lost.has(name) || failed.has(name));
    if (unknown !== undefined) throw unresolved(running, unknown);
    const response = await transaction.attempt(async () => {
      const written = await prepareWrite(ready, ready.route.type!)(transaction);
      // It failed in an earlier run, and is possible now that others are not done: what refers to it was refused for it.
      if (operation.bulkId !== undefined && lost.has(operation.bulkId)) throw lostBefore();
      return written;
    });
    const id = response.headers['location']?.split('/').at(-1);
    return { shown: shownOf(operation, exchange, response), ...(id === undefined ? {} : { id }) };
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { facts, response } = refusal(exchange, error);
    await transaction.record(recordOf(exchange, facts, response));
    return { shown: shownOf(operation, exchange, response), error };
  }
}

function unresolved({ ids }: Running, name: string): ScimError {
  return new ScimError(
    'conflict',
    ids.has(name)
      ? `The operation "bulkId:${name.slice(0, 100)}" that this one refers to was not done.`
      : `No POST of this request has the bulkId "${name.slice(0, 100)}".`,
  );
}

function lostBefore(): ScimError {
  return new ScimError(
    'conflict',
    'This operation was not done, because an earlier one that refers to it was refused. Send both again.',
  );
}

function exchangeOf({ exchange, request: whole, ids, reserved }: Running, operation: BulkOperation): Exchange {
  const { caller, ports } = exchange;
  // A precondition of the whole request is none of its parts'.
  const { ifMatch: _, ifNoneMatch: __, ...request } = exchange.request;
  const path = withIds(operation.path, ids, whole);
  const [plain = '', query = ''] = withoutBase(path, request.baseUrl).split('?');
  const reservedId = operation.bulkId === undefined ? undefined : reserved.get(operation.bulkId);
  const own: ScimRequest = {
    ...request,
    id: ports.newId(),
    method: operation.method,
    path: `${request.path}${plain.startsWith('/') ? '' : '/'}${plain}`,
    segments: plain
      .split('/')
      .filter((part) => part !== '')
      .map(decodeSegment),
    query,
    ...(operation.version === undefined ? {} : { ifMatch: operation.version }),
  };
  return {
    request: own,
    caller,
    ports,
    startedAt: ports.clock(),
    bulk: { request: request.id, operation: operation.index },
    ...(operation.data === undefined ? {} : { body: withIds(operation.data, ids, whole) }),
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

function shownOf(operation: BulkOperation, exchange: Exchange, response: ScimResponse): JsonObject {
  const failed = response.status >= 300;
  const { location, etag } = response.headers;
  const where = location ?? (operation.method === 'POST' ? undefined : addressOf(exchange.request));
  return {
    ...(where === undefined ? {} : { location: where }),
    method: operation.method,
    ...(operation.bulkId === undefined ? {} : { bulkId: operation.bulkId }),
    ...(etag === undefined ? {} : { version: etag }),
    status: String(response.status),
    ...(failed && response.body ? { response: response.body } : {}),
  };
}

function addressOf({ baseUrl, segments }: ScimRequest): string {
  return [baseUrl, ...segments.map((each) => encodeURIComponent(each.toWellFormed()))].join('/');
}
