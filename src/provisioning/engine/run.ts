// One subject, from its snapshot to its record: snapshot -> plan -> deliver -> record. Talks to: the store, an app.
// It may be killed between any two lines: the lease expires, and the next run looks up before it creates.

import { createScimClient, DeliveryFailure, type ScimClient } from '../target/client.ts';
import type { AppTarget, ClaimedSubject } from './delivery-store.ts';
import type { ConnectionNews, EnginePorts } from './outcome.ts';
import { runGroup } from './run-group.ts';
import { runUser } from './run-user.ts';

/** A credential that cannot be opened is found out by the first request, as one that the app refuses. */
function openClient({ exchange, openCredential, now }: EnginePorts, app: AppTarget): ScimClient {
  try {
    return createScimClient({ exchange, baseUrl: app.baseUrl, credential: openCredential(app), name: app.name, now });
  } catch (error) {
    const sentence = error instanceof Error ? error.message : 'The stored credential cannot be opened. Enter it again.';
    return { name: app.name, exchanges: [], send: () => Promise.reject(new DeliveryFailure('halt', sentence)) };
  }
}

async function runClaimed(ports: EnginePorts, tenant: string, subject: ClaimedSubject): Promise<ConnectionNews> {
  const startedAt = ports.now();
  if (subject.kind === 'user') {
    const snapshot = await ports.store.userSnapshot(tenant, subject);
    const client = openClient(ports, snapshot.app);
    return runUser(
      ports,
      { tenant, subject, app: snapshot.app, client, startedAt, name: snapshot.user.displayName },
      snapshot,
    );
  }
  const snapshot = await ports.store.groupSnapshot(tenant, subject);
  const client = openClient(ports, snapshot.app);
  return runGroup(ports, { tenant, subject, app: snapshot.app, client, startedAt, name: snapshot.name }, snapshot);
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
