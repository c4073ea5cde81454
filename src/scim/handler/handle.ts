// The straight line every request walks (RFC 7644 section 3): parse, normalize, validate, apply, project, respond,
// record. Pure; works over a ResourceStore. Authentication has happened before.
// A ScimError is an answer and is recorded before it is given; anything else is the caller's to turn into 500 or 503.
import {
  allDocuments,
  listResponse,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from '../discovery.ts';
import { ScimError } from '../errors.ts';
import { bindFilter } from '../filter/bind.ts';
import { parseFilter } from '../filter/parse.ts';
import { type JsonObject, parseJson } from '../json.ts';
import { wanted } from '../project.ts';
import type { RequestFacts } from '../request-record.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import {
  type Caller,
  type Exchange,
  type HandlerPorts,
  newFacts,
  notFound,
  type ReadyExchange,
  recordOf,
  refusal,
  type ScimRequest,
  type ScimResponse,
} from './exchange.ts';
import { offered, parseQuery, readPage, refuseUnoffered } from './query.ts';
import { findRoute } from './routes.ts';
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
  const { request, caller, ports } = exchange;
  if (request.problem) throw request.problem;
  const route = findRoute(request.method, request.segments, ports.types);
  exchange.route = route;
  if (request.ifMatch !== undefined) {
    throw new ScimError(
      'notImplemented',
      'Versions (ETag, If-Match) are not offered; send the request without If-Match.',
    );
  }
  const query = parseQuery(request.query);
  const carriesBody = route.operation === 'create' || route.operation === 'replace' || route.operation === 'patch';
  if (carriesBody) {
    if (request.body.trim() === '') throw new ScimError('invalidSyntax', 'The request needs a JSON body.');
    exchange.body = parseJson(request.body);
  }
  const normalized = caller.profile.normalize({
    operation: route.operation,
    types: ports.types,
    query,
    ...(route.type ? { type: route.type } : {}),
    ...(exchange.body === undefined ? {} : { body: exchange.body }),
  });
  exchange.normalized = normalized;
  return { ...exchange, route, normalized };
}

async function answer(exchange: ReadyExchange): Promise<ScimResponse> {
  const { route } = exchange;
  if (route.document) return recorded(exchange, newFacts(exchange), discover(exchange));
  if (route.operation === 'list') return list(exchange, route.type!);
  if (route.operation === 'read') return read(exchange, route.type!);
  return write(exchange, route.type!);
}

function recorded(exchange: ReadyExchange, facts: RequestFacts, response: ScimResponse): ScimResponse {
  exchange.ports.store.recordSoon(scopeOf(exchange.caller), recordOf(exchange, facts, response));
  return response;
}

async function read(exchange: ReadyExchange, type: ResourceType): Promise<ScimResponse> {
  const { caller, ports, route } = exchange;
  const selection = selectionOf(exchange, type);
  const resource = await ports.store.read(scopeOf(caller), type, route.id!, wanted(type, selection));
  if (!resource) throw notFound(exchange);
  const facts = { ...newFacts(exchange), ...identity(resource) };
  return recorded(exchange, facts, { status: 200, headers: {}, body: shown(exchange, resource, selection) });
}

async function list(exchange: ReadyExchange, type: ResourceType): Promise<ScimResponse> {
  const { caller, ports, normalized } = exchange;
  refuseUnoffered(normalized.query);
  const selection = selectionOf(exchange, type);
  const page = readPage(normalized.query);
  const text = normalized.query.get('filter')?.trim();
  const filter = text ? bindFilter(type, parseFilter(text)) : undefined;
  const { total, resources } = await ports.store.list(scopeOf(caller), type, {
    ...page,
    ...(filter ? { filter } : {}),
    want: wanted(type, selection),
  });
  const bodies = resources.map((resource) => shown(exchange, resource, selection));
  const facts = { ...newFacts(exchange), found: total, ...(text ? { filter: text } : {}) };
  return recorded(exchange, facts, { status: 200, headers: {}, body: listResponse(bodies, total, page.startIndex) });
}

function discover(exchange: ReadyExchange): ScimResponse {
  const { route } = exchange;
  if (exchange.normalized.query.get('filter') !== undefined) {
    // RFC 7644 section 4: "If a "filter" is provided, the service provider SHOULD respond with HTTP status code 403".
    throw new ScimError('forbidden', 'The discovery endpoints cannot be filtered.');
  }
  const body = route.id === undefined ? discoverAll(exchange) : discoverOne(exchange, route.id);
  if (!body)
    throw new ScimError('notFound', `There is no ${route.document} with the id "${(route.id ?? '').slice(0, 200)}".`);
  return { status: 200, headers: {}, body };
}

function discoverAll({ ports, request, route }: ReadyExchange): JsonObject {
  if (route.document === 'Schemas' || route.document === 'ResourceTypes') {
    const documents = allDocuments(ports.types, route.document, request.baseUrl);
    return listResponse(documents, documents.length, 1);
  }
  return serviceProviderConfig(offered, request.baseUrl);
}

function discoverOne({ ports, request, route }: ReadyExchange, id: string): JsonObject | undefined {
  if (route.document === 'Schemas') {
    const schema = ports.types.schema(id);
    return schema && schemaDocument(schema, request.baseUrl);
  }
  const type = route.document === 'ResourceTypes' ? ports.types.byName(id) : undefined;
  return type && resourceTypeDocument(type, request.baseUrl);
}
