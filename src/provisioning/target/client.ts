// Our SCIM client: sends one request, reads the answer tolerantly, and says what a bad answer means for the delivery
// (RFC 7644 section 3.12). Talks to: an app, through the exchange it is given.
// A 404 counts as "not there" only when it is a SCIM error: an address that leads nowhere must not look like a user who
// is gone.

import type { OutboundRequest, OutboundResponse } from '../../outbound/guarded-fetch.ts';
import { OutboundError } from '../../outbound/target.ts';
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { parseRetryAfter } from '../retry.ts';

export type ExchangeFunction = (request: OutboundRequest) => Promise<OutboundResponse>;

/** One request and its answer, for the screen: no credential, bodies of 2 KiB at most. */
export interface Exchange {
  method: string;
  path: string;
  status: number | null;
  sent: string | null;
  received: string | null;
  durationMs: number;
}

export interface Answer {
  status: number;
  body: JsonObject | undefined;
}

/**
 * `retry`: later, the same; `isConnection` when nothing was answered. `rejected`: an administrator has to look.
 * `halt`: the app refuses our credential, nothing more is sent.
 */
export class DeliveryFailure extends Error {
  override name = 'DeliveryFailure';
  readonly kind: 'retry' | 'rejected' | 'halt';
  readonly isConnection: boolean;
  readonly notBefore: Date | undefined;
  constructor(
    kind: DeliveryFailure['kind'],
    sentence: string,
    facts: { isConnection?: boolean; notBefore?: Date } = {},
  ) {
    super(sentence);
    this.kind = kind;
    this.isConnection = facts.isConnection ?? false;
    this.notBefore = facts.notBefore;
  }
}

export interface ClientOptions {
  exchange: ExchangeFunction;
  baseUrl: string;
  credential: string;
  /** The app's name, for sentences. */
  name: string;
  now(): Date;
}

export interface ScimClient {
  readonly name: string;
  /** What went over the wire so far, in order. */
  readonly exchanges: readonly Exchange[];
  /**
   * Sends a request. Statuses of success, and those in `accepted`, are returned; any other is thrown.
   * `any` returns whatever was answered.
   * @throws {DeliveryFailure}
   */
  send(
    method: OutboundRequest['method'],
    path: string,
    options?: { body?: JsonObject; accepted?: readonly number[] | 'any' },
  ): Promise<Answer>;
}

const shownBytes = 2_048;
const retryable = new Set([408, 409, 425, 429, 500, 502, 503, 504]);

/** At most 2 KiB, and without the credential, should the app send it back. */
export function masked(text: string, credential: string): string {
  return text.slice(0, shownBytes).replaceAll(credential, '…');
}

/** A JSON object; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** True for the body of a SCIM error (RFC 7644 section 3.12), its schema or at least its shape. */
export function isScimError(body: JsonObject | undefined): boolean {
  if (!body) return false;
  const schemas = Array.isArray(body['schemas']) ? body['schemas'].map(String) : [];
  return (
    schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error') ||
    ('status' in body && ('detail' in body || 'scimType' in body))
  );
}

/** The app's own words for a refusal, or what was answered when it has none. */
export function detailOf(answer: Answer): string {
  const detail = answer.body?.['detail'];
  return typeof detail === 'string' && detail !== '' ? detail : `It answered ${answer.status}.`;
}

function judge(answer: Answer, response: OutboundResponse, options: ClientOptions): DeliveryFailure {
  const { status } = answer;
  const { name } = options;
  const detail = detailOf(answer);
  if (status === 401) return new DeliveryFailure('halt', `${name} does not accept the credential. ${detail}`);
  if (retryable.has(status)) {
    const notBefore = parseRetryAfter(response.headers['retry-after'], options.now());
    return new DeliveryFailure('retry', `${name} answered ${status}. ${detail}`, notBefore ? { notBefore } : {});
  }
  if (status >= 500) return new DeliveryFailure('retry', `${name} answered ${status}. ${detail}`);
  if (status >= 300 && status < 400) {
    return new DeliveryFailure(
      'rejected',
      `${name} sends us elsewhere (${status}). Redirects are not followed; enter the final base URL.`,
    );
  }
  return new DeliveryFailure('rejected', detail);
}

async function attempt(options: ClientOptions, request: OutboundRequest): Promise<OutboundResponse> {
  try {
    return await options.exchange(request);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.kind === 'refused') throw new DeliveryFailure('rejected', error.message);
    throw new DeliveryFailure('retry', error.message, { isConnection: error.kind !== 'too-large' });
  }
}

export function createScimClient(options: ClientOptions): ScimClient {
  const exchanges: Exchange[] = [];
  return {
    name: options.name,
    exchanges,
    async send(method, path, { body, accepted = [] } = {}) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const startedAt = options.now().getTime();
      const exchange: Exchange = {
        method,
        path,
        status: null,
        sent: text === undefined ? null : masked(text, options.credential),
        received: null,
        durationMs: 0,
      };
      exchanges.push(exchange);
      try {
        const response = await attempt(options, {
          method,
          url: `${options.baseUrl}${path}`,
          headers: {
            authorization: `Bearer ${options.credential}`,
            accept: 'application/scim+json, application/json;q=0.9',
            ...(text === undefined ? {} : { 'content-type': 'application/scim+json' }),
          },
          ...(text === undefined ? {} : { body: text }),
          maxBytes: 10 * 1_048_576,
        });
        exchange.status = response.status;
        exchange.received = masked(response.body, options.credential);
        const answer = { status: response.status, body: parseObject(response.body) };
        if (accepted === 'any') return answer;
        if ((answer.status >= 200 && answer.status < 300) || accepted.includes(answer.status)) return answer;
        refuseStrange404(options, answer);
        throw judge(answer, response, options);
      } catch (error) {
        exchange.received ??= error instanceof Error ? error.message : null;
        throw error;
      } finally {
        exchange.durationMs = options.now().getTime() - startedAt;
      }
    },
  };
}

/** A 404 that is not a SCIM error comes from a wrong address or a proxy: nothing may be concluded from it. */
export function refuseStrange404(client: Pick<ScimClient, 'name'>, answer: Answer): void {
  if (answer.status === 404 && !isScimError(answer.body))
    throw new DeliveryFailure('retry', `${client.name} has nothing at this address (404, and not in SCIM’s words).`);
}

/** The id of a resource; some apps have numbers. */
export function idOf(resource: JsonObject | undefined): string | undefined {
  const id = resource?.['id'];
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The path of one resource. */
export function pathTo(endpoint: '/Users' | '/Groups', id: string): string {
  return `${endpoint}/${encodeURIComponent(id)}`;
}
