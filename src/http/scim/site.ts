// The SCIM entrance: admit, hand over to the handler, answer. Talks to: the network, through Request and Response.
// Nothing under /{workspace}/scim answers without a token, whatever the method or path; a store that is away is 503 and
// never 404, because clients create anew what they believe to be gone.
import { chooseProfile, type Traffic } from '../../profiles/clients/index.ts';
import { type ErrorName, errorBody, ScimError } from '../../scim/errors.ts';
import type { Caller, HandlerPorts, ScimRequest } from '../../scim/handler/exchange.ts';
import { handle } from '../../scim/handler/handle.ts';
import { type Json, type JsonObject, parseJson } from '../../scim/json.ts';
import { tokenHint } from '../../secrets/scim-token.ts';
import { readScimAddress } from './address.ts';
import { type AdmissionPorts, type Arrival, createAdmission } from './admission.ts';
import { readBody, requireJson } from './body.ts';

export interface ScimSitePorts extends HandlerPorts, Pick<AdmissionPorts, 'access' | 'rate'> {
  /** The workspace app's public address, without a slash at its end. */
  readonly publicUrl: string;
  /** The database cannot be reached (503), as opposed to a fault of ours (500). */
  readonly isAway: (error: unknown) => boolean;
  readonly onError: (error: unknown, requestId: string) => void;
  /** Sent with every answer. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Told of every answer; milliseconds. */
  readonly onAnswer?: (requestId: string, status: number, durationMs: number) => void;
}

export interface Connection {
  readonly remoteAddress: string;
}

export type ScimSite = (request: Request, connection: Connection) => Promise<Response>;

/** Any path given to it is answered as SCIM. */
export function createScimSite(ports: ScimSitePorts): ScimSite {
  const admit = createAdmission(ports);
  const { headers = {}, onAnswer = () => {} } = ports;
  return async (request, { remoteAddress }) => {
    const raw = request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
    const [path = '', ...rest] = raw.split('?');
    const address = readScimAddress(path) ?? { workspace: '', segments: [], hasVersion: false };
    const startedAt = ports.clock();
    const started = performance.now();
    const arrival = { request, remoteAddress, id: ports.newId(), startedAt, address, path, query: rest.join('?'), raw };
    const given = await answer(arrival, ports, admit).catch((error: unknown) => failure(error, arrival, ports));
    onAnswer(arrival.id, given.status, performance.now() - started);
    return respond(arrival, given, headers);
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

async function answer(
  arrival: Arrival,
  ports: ScimSitePorts,
  admit: ReturnType<typeof createAdmission>,
): Promise<Answer> {
  const { request } = arrival;
  const admitted = await admit(arrival);
  if ('error' in admitted) return refusedAnswer(admitted.error, admitted.retryAfter);
  const { owner, token } = admitted;
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
  return handle(toScim(arrival, ports, received), caller, ports);
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

function respond({ request, id }: Arrival, given: Answer, always: Readonly<Record<string, string>>): Response {
  const { status, body } = given;
  const headers = { ...always, 'cache-control': 'no-store', 'x-request-id': id, ...given.headers };
  if (body === undefined) return new Response(null, { status, headers });
  const accepts = request.headers.get('accept') ?? '';
  const plainOnly = /application\/json/i.test(accepts) && !/scim\+json|\*\/\*|application\/\*/i.test(accepts);
  const typed = { ...headers, 'content-type': plainOnly ? 'application/json' : 'application/scim+json' };
  return new Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers: typed });
}
