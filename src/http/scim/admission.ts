// Who comes in at the SCIM entrance: by a token of the workspace in the address, unless its connection is paused or it
// sends too much. Who does not leaves a row all the same, as long as those rows are no load of their own.
// Talks to: nothing but what it is given.
import { profileOf } from '../../profiles/clients/index.ts';
import { ScimError } from '../../scim/errors.ts';
import { noFacts, type RequestFacts, type RequestRecord } from '../../scim/request-record.ts';
import type { ResourceStore } from '../../scim/resource-store.ts';
import { isScimToken, tokenHint } from '../../secrets/scim-token.ts';
import type { ScimAccess, TokenOwner } from '../../service-provider/scim/access.ts';
import type { ScimAddress } from './address.ts';
import { readToken } from './authorization.ts';
import { createRateLimit, type RateLimit } from './rate-limit.ts';
import { createRefusalBudget } from './refusal-budget.ts';

/** A request as it arrived, before anything is known of who sent it. */
export interface Arrival {
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

export interface AdmissionPorts {
  readonly access: ScimAccess;
  readonly store: Pick<ResourceStore, 'recordNow'>;
  readonly clock: () => number;
  /** Requests a second of one token; undefined: as many as come. */
  readonly rate: number | undefined;
}

interface Admitted {
  readonly owner: TokenOwner;
  readonly token: string;
}

interface Refused {
  readonly error: ScimError;
  /** Seconds. */
  readonly retryAfter?: number;
}

interface Limits {
  /** Whether one more refusal of this key may be written down. */
  readonly mayRecord: (key: string) => boolean;
  readonly rate: RateLimit;
}

type Reason = NonNullable<RequestFacts['notLetIn']>;
type Found = Admitted | { reason: Reason; token: string | undefined; tenant: string | undefined };

const sentences: Record<Reason, string> = {
  'no token':
    'The request carries no token. Send the header "Authorization: Bearer" with the API token of the SCIM card.',
  'no token of ours':
    'This is not a token of Rollcall, or a part of it is missing. Copy the API token again, or make a new one on the SCIM card.',
  'unknown token':
    'This token is not known to this workspace, or was revoked. Make a new one on the SCIM card, and check the workspace in the base URL.',
  disabled: 'SCIM is disabled for this workspace. An administrator can enable it on the SCIM card.',
};

/** What it gives back decides about each request; a refusal has been recorded by then. */
export function createAdmission(ports: AdmissionPorts): (arrival: Arrival) => Promise<Admitted | Refused> {
  const limits: Limits = {
    mayRecord: createRefusalBudget(ports.clock),
    rate: createRateLimit(ports.rate, ports.clock),
  };
  return async (arrival) => {
    const found = await authenticate(arrival, ports);
    if ('reason' in found) {
      await recordUnauthenticated(arrival, ports, found, limits.mayRecord);
      return { error: new ScimError('unauthenticated', sentences[found.reason]) };
    }
    const refused = refuseForNow(found.owner, limits);
    if (!refused) return found;
    await recordHeldOff(arrival, ports, { ...found, error: refused.error, mayRecord: limits.mayRecord });
    return refused;
  };
}

async function authenticate({ request, address }: Arrival, { access }: AdmissionPorts): Promise<Found> {
  const token = readToken(request.headers.get('authorization'));
  const isOurs = token !== undefined && isScimToken(token);
  const owner = isOurs ? await access.findToken(token) : undefined;
  const workspace = await access.findWorkspace(address.workspace);
  const refuse = (reason: Reason) => ({ reason, token, tenant: workspace?.tenant });
  if (token === undefined) return refuse('no token');
  if (!isOurs) return refuse('no token of ours');
  if (!owner || !workspace || owner.tenant !== workspace.tenant) return refuse('unknown token');
  if (!owner.enabled) return refuse('disabled');
  return { owner, token };
}

/** What the client is to try again later: its connection is paused, or it sends too much. */
function refuseForNow(owner: TokenOwner, { rate }: Limits): Refused | undefined {
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

async function recordUnauthenticated(
  arrival: Arrival,
  ports: AdmissionPorts,
  refused: Extract<Found, { reason: Reason }>,
  mayRecord: Limits['mayRecord'],
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

interface HeldOff extends Admitted {
  readonly error: ScimError;
  readonly mayRecord: Limits['mayRecord'];
}

/** Some of them, so that the log shows that it happens; not each, or the log would be the load. */
async function recordHeldOff(arrival: Arrival, ports: AdmissionPorts, held: HeldOff): Promise<void> {
  const { owner, token, error } = held;
  if (!held.mayRecord(`${owner.tenant} ${owner.token}`)) return;
  const record = outsideRecord(arrival, ports, {
    ...{ token: owner.token, tokenHint: tokenHint(token), client: profileOf(owner.client)?.name ?? 'SCIM client' },
    ...{ status: error.status, pathTemplate: '(not processed)' },
    error: { kind: error.kind, detail: error.message },
  });
  await ports.store.recordNow({ tenant: owner.tenant, connection: owner.connection }, record);
}

type Outside = Pick<RequestRecord, 'token' | 'tokenHint' | 'client' | 'status' | 'pathTemplate'> &
  Pick<RequestFacts, 'notLetIn' | 'error'>;

/** The row of a request that never reached the handler. */
function outsideRecord(arrival: Arrival, ports: AdmissionPorts, outside: Outside): RequestRecord {
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
