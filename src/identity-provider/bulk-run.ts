// Carrying a bulk job on: one person after the other, until none waits. It may be killed anywhere and is carried on from
// there, by whoever finds it; two at once share the work.

import type { BulkStore } from './bulk.ts';
import { createInvitation } from './invitation.ts';
import type { OrganizationStore } from './organization.ts';

export interface BulkRunPorts {
  bulk: Pick<BulkStore, 'next' | 'job'>;
  organizations: Pick<OrganizationStore, 'settings'>;
  publicUrl: string;
  now(): Date;
  isStopping(): boolean;
  /** Somebody was done: pages are told, mails and deliveries handed over. */
  onDone(tenant: string): void;
}

export async function runBulkJob(ports: BulkRunPorts, tenant: string, job: string): Promise<void> {
  const [{ name }, read] = await Promise.all([ports.organizations.settings(tenant), ports.bulk.job(tenant, job)]);
  if (!read) return;
  const facts = { tenant, tenantName: name, from: read.job.startedBy, publicUrl: ports.publicUrl };
  let isMore = true;
  while (isMore && !ports.isStopping()) {
    const at = ports.now();
    isMore = await ports.bulk.next(tenant, job, at, (person, reason) =>
      createInvitation({ name: person.name, email: person.email }, { ...facts, at, reason }),
    );
    ports.onDone(tenant);
  }
}
