// Taking subjects that are due, in PostgreSQL. Talks to: Postgres.
// A claim is one statement (SKIP LOCKED within the tenant) and leaves a lease; whoever lets the lease run out has lost it.

import type { ClaimedSubject, DeliveryStore, SubjectKind } from '../../../provisioning/engine/delivery-store.ts';
import type { Row, TenantDatabase } from '../../database.ts';

/** Due: asked for, not waiting for a person or a time, and nobody is at it. $2 is now. */
export const due = `s.wanted > s.done and s.status in ('queued', 'provisioning')
  and (s.lease is null or s.lease_until < $2) and (s.next_attempt_at is null or s.next_attempt_at <= $2)
  and a.provisioning and a.api_status = 'enabled' and a.held is null`;

function toClaimed(row: Row, lease: string): ClaimedSubject {
  return {
    app: row['app'],
    kind: row['kind'] as SubjectKind,
    local: row['local'],
    lease,
    wanted: row['wanted'],
    tries: row['tries'],
    attempts: row['attempts'],
    failingSince: row['failing_since'],
    decision: row['decision'],
    decidedKey: row['decided_key'],
    remoteId: row['remote_id'],
    delivered: row['delivered'],
  };
}

/** What names a subject. */
export function keyOf(tenant: string, { app, kind, local }: ClaimedSubject): unknown[] {
  return [tenant, app, kind, local];
}

export function createClaimStore(
  database: TenantDatabase,
): Pick<DeliveryStore, 'dueApps' | 'claim' | 'renew' | 'ownerOf'> {
  return {
    async dueApps(tenant, now) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select distinct s.app from identity.subject s join identity.app a on a.tenant = s.tenant and a.id = s.app
                 where s.tenant = $1 and ${due}`,
          values: [tenant, now],
        },
      ]);
      return (rows ?? []).map((row) => row['app'] as string);
    },
    async claim(tenant, app, kind, lease) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update identity.subject set lease = $3, lease_until = $4, tries = tries + 1, status = 'provisioning'
                 where tenant = $1 and id = (
                   select s.id from identity.subject s join identity.app a on a.tenant = s.tenant and a.id = s.app
                   where s.tenant = $1 and s.app = $5 and s.kind = $6 and ${due}
                   order by s.urgent desc, s.remote_id is null, s.requested_at, s.id limit 1 for update of s skip locked)
                 returning *`,
          values: [tenant, lease.now, lease.id, lease.until, app, kind],
        },
      ]);
      return rows?.[0] && toClaimed(rows[0], lease.id);
    },
    async renew(tenant, subject, until) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update identity.subject set lease_until = $6 where tenant = $1 and app = $2 and kind = $3 and local = $4 and lease = $5 returning id`,
          values: [...keyOf(tenant, subject), subject.lease, until],
        },
      ]);
      return rows?.length === 1;
    },
    async ownerOf(tenant, subject, remoteId) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select p.display_name from identity.subject s join identity.person p on p.tenant = s.tenant and p.id = s.local
                 where s.tenant = $1 and s.app = $2 and s.kind = 'user' and s.remote_id = $3 and s.local <> $4 and p.deleted_at is null`,
          values: [tenant, subject.app, remoteId, subject.local],
        },
      ]);
      return rows?.[0]?.['display_name'] as string | undefined;
    },
  };
}
