// Approving, skipping and trying again, in PostgreSQL. Talks to: Postgres.
// A decision is kept with the key of the plan that was shown: the engine carries out exactly that, or asks again.

import { Refusal } from '../../accounts/refusal.ts';
import type { AssignmentStore } from '../../identity-provider/assignment.ts';
import type { Row, TenantDatabase, TenantTransaction } from '../database.ts';
import { noteInOutbox } from './touch.ts';

function ago(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `at ${from.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

async function wake(transaction: TenantTransaction, rows: Row[], at: Date, how: { isWish?: true } = {}): Promise<void> {
  const apps = [...new Set(rows.map((row) => row['app'] as string))];
  if (apps.length > 0)
    await noteInOutbox(
      transaction,
      'deliver',
      apps.map((app) => ({ app, ...how })),
      at,
    );
}

/** The one task was not waiting any more: says who was first. */
async function refuseLate(transaction: TenantTransaction, id: string, at: Date): Promise<never> {
  const [row] = await transaction.query(
    'select decision, decided_by, decided_at from identity.subject where tenant = $1 and id = $2',
    [transaction.tenant, id],
  );
  if (!row) throw new Refusal('not-found', 'There is no such task.');
  if (row['decided_by'] === null) throw new Refusal('conflict', 'This task does not wait for anybody any more.');
  const verb = row['decision'] === 'skipped' ? 'Skipped' : 'Approved';
  throw new Refusal('conflict', `${verb} by ${row['decided_by']} ${ago(row['decided_at'], at)}.`);
}

export function createDecisions(database: TenantDatabase): Pick<AssignmentStore, 'decide' | 'retry'> {
  return {
    decide: (tenant, ids, decision, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const rows = await transaction.query(
          `update identity.subject set decision = $3, decided_key = approval_key, decided_by = $4, decided_at = $5, changed_at = $5,
             approval_key = null, next_attempt_at = null,
             status = case when $3 = 'approved' then 'queued' else 'skipped' end,
             done = case when $3 = 'approved' then done else wanted end,
             last_step = case when $3 = 'approved' then last_step else 'Skipped by ' || $4 || '.' end
           where tenant = $1 and id = any($2::uuid[]) and status = 'pending-approval' returning app`,
          [tenant, ids, decision, cause.name, cause.at],
        );
        const [only] = ids;
        if (rows.length === 0 && ids.length === 1 && only !== undefined) await refuseLate(transaction, only, cause.at);
        if (decision === 'approved') await wake(transaction, rows, cause.at);
        return rows.length;
      }),
    retry: (tenant, ids, cause) =>
      database.withTenant(tenant, async (transaction) => {
        // A skipped task is asked for anew, so that an administrator decides again.
        const rows = await transaction.query(
          `update identity.subject set wanted = case when status = 'skipped' then wanted + 1 else wanted end,
             decided_key = case when status = 'skipped' then null else decided_key end,
             status = 'queued', attempts = 0, failing_since = null, next_attempt_at = null, error = null, changed_at = $3
           where tenant = $1 and id = any($2::uuid[]) and lease is null
             and (status in ('failed', 'skipped') or (status = 'queued' and next_attempt_at is not null)) returning app`,
          [tenant, ids, cause.at],
        );
        await wake(transaction, rows, cause.at, { isWish: true });
        return rows.length;
      }),
  };
}
