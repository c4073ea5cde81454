// One user at one app: plan, decide whether somebody has to approve it, deliver, record. Talks to: the store, an app.

import { desiredUser } from '../desired.ts';
import { approvalKey, type Link, needsApproval, type Plan, planUser } from '../plan.ts';
import type { Step } from '../step.ts';
import { deliverUser } from '../target/deliver-user.ts';
import type { Outcome, UserSnapshot } from './delivery-store.ts';
import {
  type ConnectionNews,
  type EnginePorts,
  membershipOf,
  plain,
  recordFailure,
  updateMethodOf,
  type Work,
} from './outcome.ts';

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
  const lastStep = 'Waits for an administrator under Approvals.';
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

export async function runUser(ports: EnginePorts, work: Work, snapshot: UserSnapshot): Promise<ConnectionNews> {
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
    return recordFailure(ports, work, error, facts);
  }
}
