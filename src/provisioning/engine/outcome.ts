// What becomes of a delivery, made from its result or its failure: the status, when to try again, the journal's entry.
// A failure is understood before it is recorded: a 403 may be about one account or about us.

import { randomUUID } from 'node:crypto';
import type { Intent, Plan } from '../plan.ts';
import { nextAttempt, retryWindowMs } from '../retry.ts';
import type { Step } from '../step.ts';
import { DeliveryFailure, type ExchangeFunction, type ScimClient } from '../target/client.ts';
import { equalsFilter, listPath } from '../target/look-up.ts';
import type { AppTarget, ClaimedSubject, DeliveryStore, Membership, Outcome } from './delivery-store.ts';

export interface EnginePorts {
  store: DeliveryStore;
  exchange: ExchangeFunction;
  /** Opens an app's sealed credential. @throws Error with a sentence when it cannot be opened */
  openCredential(app: AppTarget): string;
  now(): Date;
  /** Between 0 and 1. */
  random(): number;
  onFailure(error: unknown): void;
}

/** What a run told about the app's connection, for its breaker. */
export type ConnectionNews =
  | { kind: 'answered' }
  | { kind: 'silent' }
  | { kind: 'untouched' }
  | { kind: 'pause'; until: Date };

export function updateMethodOf({ updateMethod, capabilities }: AppTarget): 'PATCH' | 'PUT' {
  if (updateMethod !== 'auto') return updateMethod;
  return capabilities.patch === false ? 'PUT' : 'PATCH';
}

export const membershipOf: Membership = (missing) => {
  if (missing.length === 0)
    return { status: 'provisioned', step: { name: 'memberships', state: 'done', fact: 'All groups told.' } };
  const fact = `Waits for ${missing.length === 1 ? 'the group' : 'the groups'} ${missing.join(', ')}.`;
  return { status: 'provisioning', step: { name: 'memberships', state: 'waiting', fact } };
};

export interface Work {
  tenant: string;
  subject: ClaimedSubject;
  app: AppTarget;
  client: ScimClient;
  startedAt: Date;
  name: string;
}

export function plain(
  ports: EnginePorts,
  work: Work,
  outcome: Partial<Outcome> & Pick<Outcome, 'status' | 'lastStep' | 'steps'>,
): Outcome {
  const at = ports.now();
  return {
    intent: 'none',
    changes: [],
    approvalKey: null,
    error: null,
    link: undefined,
    isSettled: true,
    attempts: 0,
    failingSince: null,
    nextAttemptAt: null,
    durationMs: at.getTime() - work.startedAt.getTime(),
    at,
    ...outcome,
  };
}

/** A 403 may be about this one account or about us: a search for nobody tells which. */
async function isRefusedAltogether(client: ScimClient): Promise<boolean> {
  try {
    await client.send('GET', listPath('/Users', equalsFilter('userName', randomUUID()), 1), { accepted: [400, 404] });
    return false;
  } catch (error) {
    const last = client.exchanges.at(-1);
    return last?.status === 401 || last?.status === 403 || !(error instanceof DeliveryFailure);
  }
}

async function understand(error: unknown, client: ScimClient | undefined): Promise<DeliveryFailure> {
  if (!(error instanceof DeliveryFailure)) throw error;
  const isForbidden = client?.exchanges.at(-1)?.status === 403;
  if (client && isForbidden && (await isRefusedAltogether(client)))
    return new DeliveryFailure(
      'halt',
      `${client.name} does not allow us anything with this credential. ${error.message}`,
    );
  return error;
}

function failed(
  ports: EnginePorts,
  work: Work,
  failure: DeliveryFailure,
  facts: { intent: Intent; changes: Plan['changes']; steps: Step[] },
): Outcome {
  const at = ports.now();
  const { subject, client } = work;
  const attempts = subject.attempts + 1;
  const failingSince = subject.failingSince ?? at;
  const isOver = at.getTime() - failingSince.getTime() > retryWindowMs(facts.intent);
  const isRetried = failure.kind === 'retry' && !isOver;
  const status = failure.kind === 'halt' ? 'held' : isRetried ? 'queued' : 'failed';
  const step: Step = { name: 'action', state: 'failed', fact: failure.message };
  return plain(ports, work, {
    intent: facts.intent,
    changes: facts.changes,
    status,
    lastStep: isRetried ? `Failed ${attempts === 1 ? 'once' : `${attempts} times`}; tried again by itself.` : 'Failed.',
    error: failure.message,
    steps: [...facts.steps, step],
    isSettled: false,
    attempts,
    failingSince,
    nextAttemptAt: isRetried ? nextAttempt(attempts, at, ports.random(), failure.notBefore) : null,
    journal: {
      name: work.name,
      outcome: failure.kind === 'halt' ? 'held' : isRetried ? 'retry' : 'rejected',
      sentence: failure.message,
      exchanges: client.exchanges,
    },
  });
}

function newsOf(failure: DeliveryFailure): ConnectionNews {
  if (failure.notBefore) return { kind: 'pause', until: failure.notBefore };
  return { kind: failure.isConnection ? 'silent' : 'answered' };
}

/** Writes a failure down; one about the credential holds the app. @throws what is no failure of a delivery */
export async function recordFailure(
  ports: EnginePorts,
  work: Work,
  error: unknown,
  facts: { intent: Intent; changes: Plan['changes']; steps: Step[] },
): Promise<ConnectionNews> {
  const { tenant, subject, client } = work;
  const failure = await understand(error, client);
  if (failure.kind === 'halt') await ports.store.hold(tenant, work.app, failure.message, ports.now());
  await ports.store.record(tenant, subject, failed(ports, work, failure, facts), membershipOf);
  return newsOf(failure);
}
