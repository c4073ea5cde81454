// One request on its way through the handler, and the record it leaves. Pure.

import { type ErrorName, errorBody, ScimError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { PatchRefusal } from '../patch/apply.ts';
import { noFacts, type RequestFacts, type RequestRecord } from '../request-record.ts';
import type { ResourceStore } from '../resource-store.ts';
import type { ResourceType, ResourceTypes } from '../schema/resource-type.ts';
import { keptBody, keptQuery } from './mask.ts';
import type { ClientProfile, NormalizedRequest } from './profile.ts';
import type { Query } from './query.ts';
import { MethodNotAllowed, type Route } from './routes.ts';

/** Who is calling, as authentication found out. */
export interface Caller {
  readonly tenant: string;
  readonly connection: string;
  readonly token: string;
  readonly tokenHint: string;
  readonly profile: ClientProfile;
  /** As the screens name the client. */
  readonly client: string;
  /** The resource types of this workspace: the registered ones and its own. */
  readonly types: ResourceTypes;
}

export interface ScimRequest {
  /** UUIDv7; the record's id, and the answer's x-request-id. */
  readonly id: string;
  readonly method: string;
  /** As it came, without the query. */
  readonly path: string;
  /** Decoded, after the base URL. */
  readonly segments: readonly string[];
  readonly query: string;
  /** Parsed; absent where there is none. */
  readonly body?: Json;
  /** Why the request could not be read; the handler refuses and records it. */
  readonly problem?: ScimError;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly userAgent?: string;
  readonly remoteAddress: string;
  /** The public base URL of this workspace's SCIM endpoint, without a slash at its end. */
  readonly baseUrl: string;
}

export interface ScimResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

export interface HandlerPorts {
  readonly store: ResourceStore;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A new UUIDv7. */
  readonly newId: () => string;
}

export interface Exchange {
  readonly request: ScimRequest;
  readonly caller: Caller;
  readonly ports: HandlerPorts;
  readonly startedAt: number;
  route?: Route;
  /** The body as parsed, before any rewriting. */
  body?: Json;
  normalized?: NormalizedRequest;
  /** The id a new resource gets: one that other operations of a bulk request name already. */
  readonly reservedId?: string;
  /** The bulk request this is an operation of. */
  readonly bulk?: NonNullable<RequestFacts['bulk']>;
}

/** The exchange once it has been routed and normalized. */
export interface ReadyExchange extends Exchange {
  readonly route: Route;
  readonly normalized: NormalizedRequest;
}

const readsBody: readonly Route['operation'][] = ['create', 'replace', 'patch', 'bulk'];

/** Lets the client's profile rewrite what was asked for, and notes it in the exchange. */
export function normalize(exchange: Exchange, route: Route, query: Query): ReadyExchange {
  const { caller, body } = exchange;
  const normalized = caller.profile.normalize({
    operation: route.operation,
    types: caller.types,
    query,
    ...(route.type ? { type: route.type } : {}),
    ...(body !== undefined && readsBody.includes(route.operation) ? { body } : {}),
  });
  exchange.normalized = normalized;
  return { ...exchange, route, normalized };
}

export function newFacts(exchange: Exchange): RequestFacts {
  const { route, normalized } = exchange;
  return {
    ...noFacts,
    ...(route ? { operation: route.operation } : {}),
    ...(route?.type ? { resourceType: route.type.name } : {}),
    ...(exchange.bulk ? { bulk: exchange.bulk } : {}),
    ...(normalized ? { rewrites: normalized.rewrites } : {}),
  };
}

export function refusal(exchange: Exchange, error: ScimError): { facts: RequestFacts; response: ScimResponse } {
  const kind: ErrorName = error.kind;
  const facts = newFacts(exchange);
  if (exchange.route?.id !== undefined && exchange.route.type) facts.resourceId = exchange.route.id;
  facts.error = { kind, detail: error.message, ...(error.path === undefined ? {} : { path: error.path }) };
  if (error instanceof PatchRefusal) facts.outcomes = error.outcomes;
  const headers: Record<string, string> = error instanceof MethodNotAllowed ? { allow: error.allow } : {};
  return { facts, response: { status: error.status, headers, body: errorBody(error) } };
}

/** Reads leave no bodies: their answers are the data itself. */
export function recordOf(exchange: Exchange, facts: RequestFacts, response: ScimResponse): RequestRecord {
  const { request, caller, ports, route, body } = exchange;
  const isQuery = facts.operation === 'list' || facts.operation === 'search' || facts.operation === 'read';
  const keepsAnswer = response.body !== undefined && (facts.error !== undefined || !isQuery);
  return {
    id: request.id,
    at: new Date(exchange.startedAt).toISOString(),
    token: caller.token,
    tokenHint: caller.tokenHint,
    client: caller.client,
    ...(request.userAgent === undefined ? {} : { userAgent: request.userAgent }),
    remoteAddress: request.remoteAddress,
    method: request.method,
    path: request.path,
    pathTemplate: route?.template ?? '(unknown)',
    ...(request.query === '' ? {} : { query: keptQuery(caller.types, request.query) }),
    ...(body === undefined ? {} : { requestBody: keptBody(caller.types, body) }),
    status: response.status,
    ...(keepsAnswer ? { responseBody: keptBody(caller.types, response.body!) } : {}),
    durationMs: ports.clock() - exchange.startedAt,
    facts,
  };
}

export function notFound(exchange: ReadyExchange): ScimError {
  const noun = exchange.route.type?.noun.one ?? 'resource';
  return new ScimError(
    'notFound',
    `There is no ${noun} with the id "${(exchange.route.id ?? '').slice(0, 100)}" in this workspace.`,
  );
}

export function otherVersion(type: ResourceType): ScimError {
  return new ScimError(
    'preconditionFailed',
    `This ${type.noun.one} has another version than the request expects. Read it again and decide anew.`,
  );
}
