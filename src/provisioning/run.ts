// One subject, from its snapshot to its record: snapshot -> plan -> deliver -> record. Talks to: the store, an app.
// It may be killed between any two lines: the lease expires, and the next run looks up before it creates.

import { randomUUID } from 'node:crypto';
import { createScimClient, DeliveryFailure, type ExchangeFunction, type ScimClient } from './client.ts';
import { deliverGroup, type GroupLink } from './deliver-group.ts';
import { deliverUser } from './deliver-user.ts';
import type {
  AppTarget,
  ClaimedSubject,
  DeliveryStore,
  GroupSnapshot,
  Membership,
  Outcome,
  UserSnapshot,
} from './delivery-store.ts';
import { desiredUser } from './desired.ts';
import { equalsFilter, listPath } from './look-up.ts';
import { approvalKey, type Intent, type Link, needsApproval, type Plan, planUser } from './plan.ts';
import { nextAttempt, retryWindowMs } from './retry.ts';
import type { Step } from './step.ts';

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

interface Work {
  tenant: string;
  subject: ClaimedSubject;
  client: ScimClient;
  startedAt: Date;
  name: string;
}

function openClient(ports: EnginePorts, app: AppTarget): ScimClient {
  let credential: string;
  try {
    credential = ports.openCredential(app);
  } catch (error) {
    throw new DeliveryFailure('halt', error instanceof Error ? error.message : 'The credential cannot be opened.');
  }
  return createScimClient({
    exchange: ports.exchange,
    baseUrl: app.baseUrl,
    credential,
    name: app.name,
    now: ports.now,
  });
}

function plain(
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

function readSteps(snapshot: UserSnapshot): Step[] {
  const { standing, through, user } = snapshot;
  const scope =
    standing === 'entitled'
      ? `Entitled: ${through.join(', ')}.`
      : standing === 'deleted'
        ? 'Deleted here.'
        : 'No longer entitled.';
  return [
    { name: 'read', state: 'done', fact: `Read ${user.displayName}${user.isSuspended ? ', who is suspended' : ''}.` },
    { name: 'scope', state: 'done', fact: scope },
  ];
}

/** The outcome when nothing is to be sent, or somebody has to decide first; undefined when it is to be delivered. */
function withoutSending(ports: EnginePorts, work: Work, plan: Plan, snapshot: UserSnapshot): Outcome | undefined {
  const { subject } = work;
  const steps = readSteps(snapshot);
  const { intent, changes } = plan;
  if (intent === 'none')
    return plain(ports, work, {
      status: plan.rest,
      lastStep: 'Nothing to change.',
      steps: [...steps, { name: 'action', state: 'skipped', fact: 'Nothing differs.' }],
    });
  if (!needsApproval(plan, snapshot.app.settings)) return undefined;
  const key = approvalKey(plan);
  if (subject.decidedKey === key) {
    if (subject.decision === 'approved') return undefined;
    return plain(ports, work, { status: 'skipped', intent, changes, lastStep: 'Skipped by an administrator.', steps });
  }
  const step: Step = { name: 'action', state: 'waiting', fact: 'Waits for an administrator.' };
  const lastStep = 'Waits for an administrator under Users, Provisioning.';
  return plain(ports, work, {
    status: 'pending-approval',
    intent,
    changes,
    approvalKey: key,
    lastStep,
    steps: [...steps, step],
    isSettled: false,
  });
}

async function runUser(ports: EnginePorts, work: Work, snapshot: UserSnapshot): Promise<ConnectionNews> {
  const { tenant, subject, client } = work;
  const { app, user, standing } = snapshot;
  const link: Link | undefined =
    subject.remoteId === null ? undefined : { remoteId: subject.remoteId, delivered: subject.delivered ?? {} };
  const desired = desiredUser(user, app.capabilities);
  const plan = planUser(
    { standing, isSuspended: user.isSuspended, desired, link, mayBeThere: subject.tries > 1 },
    app.settings,
  );
  const early = withoutSending(ports, work, plan, snapshot);
  if (early) {
    await ports.store.record(tenant, subject, early, membershipOf);
    return { kind: 'untouched' };
  }
  const facts = { intent: plan.intent, changes: plan.changes, steps: readSteps(snapshot) };
  try {
    const ownerOf = (remoteId: string) => ports.store.ownerOf(tenant, subject, remoteId);
    const result = await deliverUser({
      client,
      plan,
      link,
      externalId: user.id,
      updateBy: updateMethodOf(app),
      ownerOf,
    });
    const outcome = plain(ports, work, {
      ...facts,
      status: plan.rest,
      lastStep: `${result.sentence}.`,
      steps: [...facts.steps, ...result.steps],
      link: result.link ?? null,
      journal: { name: work.name, outcome: 'delivered', sentence: result.sentence, exchanges: client.exchanges },
    });
    await ports.store.record(tenant, subject, outcome, membershipOf);
    return { kind: 'answered' };
  } catch (error) {
    const failure = await understand(error, client);
    if (failure.kind === 'halt') await ports.store.hold(tenant, app.id, failure.message, ports.now());
    await ports.store.record(tenant, subject, failed(ports, work, failure, facts), membershipOf);
    return newsOf(failure);
  }
}

async function runGroup(ports: EnginePorts, work: Work, snapshot: GroupSnapshot): Promise<ConnectionNews> {
  const { tenant, subject, client } = work;
  const { app, displayName, members, confirmed } = snapshot;
  const link: GroupLink | undefined =
    subject.remoteId === null
      ? undefined
      : { remoteId: subject.remoteId, displayName: String(subject.delivered?.['displayName'] ?? '') };
  const steps: Step[] = [{ name: 'read', state: 'done', fact: `Read ${snapshot.name}.` }];
  const facts = { intent: 'update' as const, changes: [], steps };
  try {
    const result = await deliverGroup({
      client,
      group: { id: subject.local, displayName, members },
      link,
      confirmed,
      updateBy: updateMethodOf(app),
      onDelete: app.settings.onDelete === 'delete' ? 'delete' : 'keep',
      confirm: (_remoteId, added, removed) => ports.store.confirmMembers(tenant, subject, { added, removed }),
    });
    const outcome = plain(ports, work, {
      status: result.rest,
      lastStep: `${result.sentence}.`,
      steps: [...steps, ...result.steps],
      link: result.link ?? null,
      ...(client.exchanges.length > 0
        ? { journal: { name: work.name, outcome: 'delivered', sentence: result.sentence, exchanges: client.exchanges } }
        : {}),
    });
    await ports.store.record(tenant, subject, outcome, membershipOf);
    return { kind: client.exchanges.length > 0 ? 'answered' : 'untouched' };
  } catch (error) {
    const failure = await understand(error, client);
    if (failure.kind === 'halt') await ports.store.hold(tenant, app.id, failure.message, ports.now());
    await ports.store.record(tenant, subject, failed(ports, work, failure, facts), membershipOf);
    return newsOf(failure);
  }
}

async function runClaimed(ports: EnginePorts, tenant: string, subject: ClaimedSubject): Promise<ConnectionNews> {
  const startedAt = ports.now();
  const isUser = subject.kind === 'user';
  const snapshot = isUser
    ? await ports.store.userSnapshot(tenant, subject)
    : await ports.store.groupSnapshot(tenant, subject);
  const name = 'user' in snapshot ? snapshot.user.displayName : snapshot.name;
  let client: ScimClient;
  try {
    client = openClient(ports, snapshot.app);
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error;
    await ports.store.hold(tenant, subject.app, error.message, ports.now());
    const work = {
      tenant,
      subject,
      startedAt,
      name,
      client: { name: snapshot.app.name, exchanges: [], send: () => Promise.reject(error) },
    };
    await ports.store.record(
      tenant,
      subject,
      failed(ports, work, error, { intent: 'none', changes: [], steps: [] }),
      membershipOf,
    );
    return { kind: 'untouched' };
  }
  const work: Work = { tenant, subject, client, startedAt, name };
  return 'user' in snapshot ? runUser(ports, work, snapshot) : runGroup(ports, work, snapshot);
}

export const leaseMs = 15_000;

/** Delivers one claimed subject, renewing its lease while the app takes its time. */
export async function runSubject(ports: EnginePorts, tenant: string, subject: ClaimedSubject): Promise<ConnectionNews> {
  const renewal = setInterval(() => {
    ports.store.renew(tenant, subject, new Date(ports.now().getTime() + leaseMs)).catch(ports.onFailure);
  }, leaseMs / 3);
  try {
    return await runClaimed(ports, tenant, subject);
  } finally {
    clearInterval(renewal);
  }
}
