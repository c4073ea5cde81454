// One group at one app: deliver its name and members, record. Talks to: the store, an app.

import type { Step } from '../step.ts';
import { deliverGroup, type GroupLink } from '../target/deliver-group.ts';
import type { GroupSnapshot } from './delivery-store.ts';
import {
  type ConnectionNews,
  type EnginePorts,
  membershipOf,
  plain,
  recordFailure,
  updateMethodOf,
  type Work,
} from './outcome.ts';

export async function runGroup(ports: EnginePorts, work: Work, snapshot: GroupSnapshot): Promise<ConnectionNews> {
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
    return recordFailure(ports, work, error, facts);
  }
}
