// The SCIM entrance: authenticate, hand over to the handler, answer. Talks to: the network, through Request and Response.
// Nothing under /{workspace}/scim answers without a token, whatever the method or path; a store that is away is 503 and
// never 404, because clients create anew what they believe to be gone.
import { chooseProfile, profileOf, type Traffic } from '../../profiles/clients/index.ts';
import { type ErrorName, errorBody, ScimError } from '../../scim/errors.ts';
import type { Caller, HandlerPorts, ScimRequest } from '../../scim/handler/exchange.ts';
import { handle } from '../../scim/handler/handle.ts';
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { type Json, type JsonObject, parseJson } from '../../scim/json.ts';
import { noFacts, type RequestFacts, type RequestRecord } from '../../scim/request-record.ts';
import { isScimToken, tokenHint } from '../../secrets/scim-token.ts';
import type { ScimAccess, TokenOwner } from '../../service-provider/scim/access.ts';
import { readScimAddress, type ScimAddress } from './address.ts';
import { readToken } from './authorization.ts';
import { readBody, requireJson } from './body.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createRefusalBudget } from './refusal-budget.ts';

export interface ScimSitePorts extends HandlerPorts {
  readonly access: ScimAccess;
  /** Requests a second of one token; undefined: as many as come. */
  readonly rate: number | undefined;
  /** The workspace app's public address, without a slash at its end. */
  readonly publicUrl: string;
  /** The database cannot be reached (503), as opposed to a fault of ours (500). */
  readonly isAway: (error: unknown) => boolean;
  readonly onError: (error: unknown, requestId: string) => void;
}

export interface Connection {
  readonly remoteAddress: string;
}

export type ScimSite = (request: Request, connection: Connection) => Promise<Response>;

interface Arrival {
  readonly request: Request;
  readonly remoteAddress: string;
  readonly id: string;
  readonly startedAt: number;
  readonly address: ScimAddress;
  readonly path: string;
  readonly query: string;
  /** Path and query as they came, a lonely "?" at the end included. */
  readonly raw: string;
}

/** Any path given to it is answered as SCIM. */
export function createScimSite(ports: ScimSitePorts): ScimSite {
  const limits: Limits = {
    mayRecord: createRefusalBudget(ports.clock),
    rate: createRateLimit(ports.rate, ports.clock),
  };
  return async (request, { remoteAddress }) => {
    const raw = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
    const [path = '', ...rest] = raw.split('?');
    const address = readScimAddress(path) ?? { workspace: '', segments: [], hasVersion: false };
    const startedAt = ports.clock();
    const arrival = { request, remoteAddress, id: ports.newId(), startedAt, address, path, query: rest.join('?'), raw };
    try {
      return await answer(arrival, ports, limits);
    } catch (error) {
      return respond(arrival, failure(error, arrival, ports));
    }
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

interface Limits {
  /** Whether one more refusal of this key may be written down. */
  readonly mayRecord: (key: string) => boolean;
  readonly rate: RateLimit;
}

async function answer(arrival: Arrival, ports: ScimSitePorts, limits: Limits): Promise<Response> {
  const { request } = arrival;
  const found = await authenticate(arrival, ports);
  if ('reason' in found) {
    await recordRefused(arrival, ports, found, limits.mayRecord);
    return respond(arrival, refusedAnswer(new ScimError('unauthenticated', sentences[found.reason])));
  }
  const { owner, token } = found;
  const refused = refuseForNow(owner, limits);
  if (refused) {
    await recordHeldOff(arrival, ports, { owner, token, error: refused.error, mayRecord: limits.mayRecord });
    return respond(arrival, refusedAnswer(refused.error, refused.retryAfter), profileOf(owner.client));
  }
  const use = { at: new Date(arrival.startedAt), remoteAddress: arrival.remoteAddress };
  const userAgent = request.headers.get('user-agent') ?? undefined;
  ports.access.noteUse(owner, userAgent === undefined ? use : { ...use, userAgent });
  const received = await receive(arrival);
  const { json } = received;
  const traffic: Traffic = {
    address: arrival.raw,
    ...(userAgent ? { userAgent } : {}),
    ...(json === undefined ? {} : { body: json }),
  };
  const profile = chooseProfile(owner, traffic);
  if (profile.id !== owner.client && !owner.pinned && profile.id !== 'generic')
    await ports.access.noteClient(owner, profile.id);
  const { tenant, connection } = owner;
  const caller: Caller = {
    tenant,
    connection,
    token: owner.token,
    tokenHint: tokenHint(token),
    profile,
    client: profile.name,
    types: owner.types,
  };
  return respond(arrival, await handle(toScim(arrival, ports, received), caller, ports), profile);
}

/** What the client is to try again later: its connection is paused, or it sends too much. */
function refuseForNow(owner: TokenOwner, { rate }: Limits): { error: ScimError; retryAfter: number } | undefined {
  if (owner.paused !== null) {
    const error = new ScimError(
      'unavailable',
      `${owner.paused} paused SCIM for this workspace. Nothing was changed; send the request again later.`,
    );
    return { error, retryAfter: 300 };
  }
  const retryAfter = rate.take(`${owner.tenant} ${owner.token}`);
  if (retryAfter === undefined) return undefined;
  const error = new ScimError(
    'tooManyRequests',
    'This token sends more requests a second than are taken. Wait, then go on.',
  );
  return { error, retryAfter };
}

interface HeldOff {
  readonly owner: TokenOwner;
  readonly token: string;
  readonly error: ScimError;
  readonly mayRecord: Limits['mayRecord'];
}

/** Some of them, so that the log shows that it happens; not each, or the log would be the load. */
async function recordHeldOff(arrival: Arrival, ports: ScimSitePorts, held: HeldOff): Promise<void> {
  const { owner, token, error } = held;
  if (!held.mayRecord(`${owner.tenant} ${owner.token}`)) return;
  const record = outsideRecord(arrival, ports, {
    ...{ token: owner.token, tokenHint: tokenHint(token), client: profileOf(owner.client)?.name ?? 'SCIM client' },
    ...{ status: error.status, pathTemplate: '(not processed)' },
    error: { kind: error.kind, detail: error.message },
  });
  await ports.store.recordNow({ tenant: owner.tenant, connection: owner.connection }, record);
}

/** The body as JSON, or why it is none: the handler refuses and records it like any other fault of a request. */
interface Received {
  readonly json?: Json;
  readonly problem?: ScimError;
}

async function receive({ request, address }: Arrival): Promise<Received> {
  try {
    if (!address.hasVersion) {
      throw new ScimError(
        'notFound',
        'The base URL of this workspace ends with /scim/v2; this address does not have the v2.',
      );
    }
    if (!['POST', 'PUT', 'PATCH'].includes(request.method)) return {};
    requireJson(request.headers.get('content-type'), request.headers.get('content-encoding'));
    const text = await readBody(request);
    return text.trim() === '' ? {} : { json: parseJson(text) };
  } catch (problem) {
    if (problem instanceof ScimError) return { problem };
    throw problem;
  }
}

function toScim(arrival: Arrival, ports: ScimSitePorts, { json, problem }: Received): ScimRequest {
  const { request, address } = arrival;
  const ifMatch = request.headers.get('if-match');
  const ifNoneMatch = request.headers.get('if-none-match');
  const userAgent = request.headers.get('user-agent');
  return {
    id: arrival.id,
    method: request.method,
    path: arrival.path,
    segments: address.segments,
    query: arrival.query,
    ...(json === undefined ? {} : { body: json }),
    ...(problem ? { problem } : {}),
    ...(ifMatch === null ? {} : { ifMatch }),
    ...(ifNoneMatch === null ? {} : { ifNoneMatch }),
    ...(userAgent === null ? {} : { userAgent }),
    remoteAddress: arrival.remoteAddress,
    baseUrl: `${ports.publicUrl}/${address.workspace}/scim/v2`,
  };
}

type Reason = NonNullable<RequestFacts['notLetIn']>;

type Found =
  | { owner: TokenOwner; token: string }
  | { reason: Reason; token: string | undefined; tenant: string | undefined };

const sentences: Record<Reason, string> = {
  'no token':
    'The request carries no token. Send the header "Authorization: Bearer" with the API token of the SCIM card.',
  'no token of ours':
    'This is not a token of Rollcall, or a part of it is missing. Copy the API token again, or make a new one on the SCIM card.',
  'unknown token':
    'This token is not known to this workspace, or was revoked. Make a new one on the SCIM card, and check the workspace in the base URL.',
  disabled: 'SCIM is disabled for this workspace. An administrator can enable it on the SCIM card.',
};

async function authenticate({ request, address }: Arrival, { access }: ScimSitePorts): Promise<Found> {
  const token = readToken(request.headers.get('authorization'));
  const owner = token && isScimToken(token) ? await access.findToken(token) : undefined;
  const workspace = await access.findWorkspace(address.workspace);
  const refuse = (reason: Reason) => ({ reason, token, tenant: workspace?.tenant });
  if (token === undefined) return refuse('no token');
  if (!isScimToken(token)) return refuse('no token of ours');
  if (!owner || !workspace || owner.tenant !== workspace.tenant) return refuse('unknown token');
  if (!owner.enabled) return refuse('disabled');
  return { owner, token };
}

async function recordRefused(
  arrival: Arrival,
  ports: ScimSitePorts,
  refused: Extract<Found, { reason: Reason }>,
  mayRecord: (key: string) => boolean,
): Promise<void> {
  if (refused.tenant === undefined || !mayRecord(`${refused.tenant} ${arrival.remoteAddress}`)) return;
  const record = outsideRecord(arrival, ports, {
    // Four characters of something short would be most of somebody's password.
    ...(refused.token && refused.token.length >= 16 ? { tokenHint: tokenHint(refused.token) } : {}),
    ...{ client: 'Unknown', status: 401, pathTemplate: '(not authenticated)' },
    notLetIn: refused.reason,
    error: { kind: 'unauthenticated', detail: sentences[refused.reason] },
  });
  await ports.access.recordUnauthenticated(refused.tenant, record);
}

type Outside = Pick<RequestRecord, 'token' | 'tokenHint' | 'client' | 'status' | 'pathTemplate'> &
  Pick<RequestFacts, 'notLetIn' | 'error'>;

/** The row of a request that never reached the handler. */
function outsideRecord(arrival: Arrival, ports: ScimSitePorts, outside: Outside): RequestRecord {
  const { notLetIn, error, ...columns } = outside;
  const userAgent = arrival.request.headers.get('user-agent');
  return {
    id: arrival.id,
    at: new Date(arrival.startedAt).toISOString(),
    ...(userAgent === null ? {} : { userAgent }),
    remoteAddress: arrival.remoteAddress,
    method: arrival.request.method,
    path: arrival.path,
    durationMs: ports.clock() - arrival.startedAt,
    facts: {
      ...noFacts,
      ...(notLetIn ? { notLetIn } : {}),
      ...(error ? { error } : {}),
    },
    ...columns,
  };
}

function refusedAnswer(error: ScimError, retryAfter = 5): Answer {
  const headers: Partial<Record<ErrorName, Record<string, string>>> = {
    unauthenticated: { 'www-authenticate': 'Bearer realm="scim"' },
    unavailable: { 'retry-after': String(retryAfter) },
    tooManyRequests: { 'retry-after': String(retryAfter) },
  };
  return { status: error.status, headers: headers[error.kind] ?? {}, body: errorBody(error) as JsonObject };
}

function failure(error: unknown, arrival: Arrival, ports: ScimSitePorts): Answer {
  ports.onError(error, arrival.id);
  if (ports.isAway(error)) {
    return refusedAnswer(
      new ScimError(
        'unavailable',
        'The service cannot reach its database at the moment. Send the request again in a few seconds; if it was done after all, nothing is done twice.',
      ),
    );
  }
  return refusedAnswer(
    new ScimError(
      'internal',
      `Something went wrong here. Quote the request id ${arrival.id} to whoever runs this service.`,
    ),
  );
}

function respond({ request, id }: Arrival, { status, headers, body }: Answer, profile?: ClientProfile): Response {
  const accepts = profile?.alwaysScimJson ? '' : (request.headers.get('accept') ?? '');
  const plainOnly = /application\/json/i.test(accepts) && !/scim\+json|\*\/\*|application\/\*/i.test(accepts);
  const all = new Headers({ 'cache-control': 'no-store', 'x-request-id': id, ...headers });
  if (body === undefined) return new Response(null, { status, headers: all });
  all.set('content-type', plainOnly ? 'application/json' : 'application/scim+json');
  return new Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers: all });
}
