// How many subjects of the sending end are in each state, over all tenants, for metrics. Talks to: Postgres.
// Tenant by tenant, each in its own name: nothing may read across tenants in one statement, and they may live on
// different servers. Counted at most twice a minute, however often it is asked, and by a replica where there is one.

import type { TenantDatabase } from '../database.ts';

const keepMs = 30_000;

async function count(database: TenantDatabase): Promise<Map<string, number>> {
  const tenants = await database.control.query<{ tenant: string }>('select tenant from control.organization');
  const counts = new Map<string, number>();
  for (const { tenant } of tenants) {
    const [rows = []] = await database.replica.batch(tenant, [
      {
        text: 'select status, count(*) as subjects from identity.subject where tenant = $1 group by status',
        values: [tenant],
      },
    ]);
    for (const { status, subjects } of rows) counts.set(status, (counts.get(status) ?? 0) + subjects);
  }
  return counts;
}

/** @returns a look that counts again when what it knows is older than half a minute */
export function createTaskCounts(
  database: TenantDatabase,
  now: () => Date,
): () => Promise<ReadonlyMap<string, number>> {
  let known: { at: number; counts: Promise<ReadonlyMap<string, number>> } | undefined;
  return () => {
    const at = now().getTime();
    if (known && at - known.at < keepMs) return known.counts;
    const counts = count(database);
    known = { at, counts };
    counts.catch(() => {
      known = undefined;
    });
    return counts;
  };
}
