// The relay: hands rows of a tenant's outbox to the queue, with the row's id as the job's id, and then takes them away.
// Talks to: Postgres. Killed in between, it hands the same row over again, which the queue takes for the same job.

import type { TenantDatabase } from '../../database.ts';
import type { Queue } from '../../queue.ts';

const atOnce = 200;

/** @returns how many rows were handed over */
export async function relayOutbox(
  database: TenantDatabase,
  queue: Pick<Queue, 'send'>,
  tenant: string,
): Promise<number> {
  const [rows = []] = await database.batch(tenant, [
    {
      text: 'select id, queue, payload from identity.outbox where tenant = $1 order by id limit $2',
      values: [tenant, atOnce],
    },
  ]);
  if (rows.length === 0) return 0;
  // Rows that say the same are one job: twenty changes of an app are one reason to look at it.
  const jobs = new Map(rows.map((row) => [`${row['queue']} ${JSON.stringify(row['payload'])}`, row]));
  for (const row of jobs.values()) {
    await queue.send(row['queue'] as string, row['id'] as string, { tenant, ...(row['payload'] as object) });
  }
  await database.batch(tenant, [
    {
      text: 'delete from identity.outbox where tenant = $1 and id = any($2::uuid[])',
      values: [tenant, rows.map((row) => row['id'])],
    },
  ]);
  return rows.length;
}
