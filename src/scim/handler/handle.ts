// The straight line every request walks (RFC 7644 section 3): parse, normalize, validate, apply, project, respond,
// record. Pure; works over a ResourceStore. Authentication has happened before.
// A ScimError is an answer and is recorded before it is given; anything else is the caller's to turn into 500 or 503.
import { ScimError } from '../errors.ts';
import { wanted } from '../project.ts';
import type { RequestFacts } from '../request-record.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { entityTag, isKnownAnswer, isVersion } from '../version.ts';
import { bulk } from './bulk.ts';
import { discover } from './discover.ts';
import {
  type Caller,
  type Exchange,
  type HandlerPorts,
  newFacts,
  normalize,
  notFound,
  otherVersion,
  type ReadyExchange,
  recordOf,
  refusal,
  type ScimRequest,
  type ScimResponse,
} from './exchange.ts';
import { parseQuery, readSearch } from './query.ts';
import { queryResources } from './query-resources.ts';
import { findRoute, type Route } from './routes.ts';
import { identity, scopeOf, selectionOf, shown } from './shown.ts';
import { write } from './write.ts';

export async function handle(request: ScimRequest, caller: Caller, ports: HandlerPorts): Promise<ScimResponse> {
  const exchange: Exchange = { request, caller, ports, startedAt: ports.clock() };
  try {
    return await answer(prepare(exchange));
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const { facts, response } = refusal(exchange, error);
    await ports.store.recordNow(scopeOf(caller), recordOf(exchange, facts, response));
    return response;
  }
}

/** Fills the exchange as far as it comes, so that a refusal's record shows how far that was. */
function prepare(exchange: Exchange): ReadyExchange {
  const { request, caller } = exchange;
  if (request.problem) throw request.problem;
  const route = findRoute(request.method, request.segments, caller.types);
  exchange.route = route;
  let query = parseQuery(request.query);
  if (carriesBody(route)) {
    if (request.body === undefined) throw new ScimError('invalidSyntax', 'The request needs a JSON body.');
    exchange.body = request.body;
    if (route.operation === 'search') query = readSearch(exchange.body);
  }
  return normalize(exchange, route, query);
}

function carriesBody({ operation }: Route): boolean {
  return ['create', 'replace', 'patch', 'search', 'bulk'].includes(operation);
}

async function answer(exchange: ReadyExchange): Promise<ScimResponse> {
  const { route } = exchange;
  if (route.document) return recorded(exchange, newFacts(exchange), discover(exchange));
  switch (route.operation) {
    case 'list':
    case 'search': {
      const { facts, response } = await queryResources(exchange);
      return recorded(exchange, facts, response);
    }
    case 'read':
      return read(exchange, route.type!);
    case 'bulk':
      return bulk(exchange);
    default:
      return write(exchange, route.type!);
  }
}

function recorded(exchange: ReadyExchange, facts: RequestFacts, response: ScimResponse): ScimResponse {
  exchange.ports.store.recordSoon(scopeOf(exchange.caller), recordOf(exchange, facts, response));
  return response;
}

async function read(exchange: ReadyExchange, type: ResourceType): Promise<ScimResponse> {
  const { caller, ports, request, route } = exchange;
  const selection = selectionOf(exchange, type);
  const resource = await ports.store.read(scopeOf(caller), type, route.id!, wanted(type, selection));
  if (!resource) throw notFound(exchange);
  if (request.ifMatch !== undefined && !isVersion(request.ifMatch, resource.version)) throw otherVersion(type);
  const facts = { ...newFacts(exchange), ...identity(resource) };
  const etag = entityTag(resource);
  if (request.ifNoneMatch !== undefined && isKnownAnswer(request.ifNoneMatch, etag)) {
    return recorded(exchange, facts, { status: 304, headers: { etag } });
  }
  return recorded(exchange, facts, { status: 200, headers: { etag }, body: shown(exchange, resource, selection) });
}
