// The books of a workspace after a load, by the tables themselves: each person once, with one row of the journal and one of
// the outbox for their creation, and a total that is the number of rows. Talks to: Postgres, as the owner.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Server } from '../../server.ts';

/** The address of a server's embedded database, as its owner. */
export function embeddedAddress({ folder }: Server): string {
  const password = readFileSync(join(folder, 'database-password'), 'utf8').trim();
  const port = readFileSync(join(folder, 'postgres-data', 'postmaster.pid'), 'utf8').split('\n')[3];
  return `postgresql://postgres:${password}@127.0.0.1:${port}/rollcall`;
}

/** What does not add up, each in a sentence. */
export async function auditBooks(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ problem: string }>(`
      with made as (
        select r.tenant, r.id, r.label from workspace.resource r join workspace.resource_key k
          on k.tenant = r.tenant and k.resource = r.id and k.attribute = 'userName' and k.value like 'load-%')
      select 'journal rows of the creation of ' || m.label || ': ' || count(j.id) as problem
        from made m left join workspace.request_journal j
          on j.tenant = m.tenant and j.resource = m.id and j.operation = 'create' and j.status = 201
        group by m.tenant, m.id, m.label having count(j.id) <> 1
      union all
      select 'outbox rows of the creation of ' || m.label || ': ' || count(o.id)
        from made m left join workspace.outbox o on o.tenant = m.tenant and o.resource = m.id and o.version = 1
        group by m.tenant, m.id, m.label having count(o.id) <> 1
      union all
      select 'the total of ' || c.resource_type || ' is ' || c.total || ' and there are ' || count(r.id)
        from (select tenant, resource_type, sum(resources) as total from workspace.resource_count group by 1, 2) c
        left join workspace.resource r on r.tenant = c.tenant and r.resource_type = c.resource_type and r.deleted_at is null
        group by c.tenant, c.resource_type, c.total having c.total <> count(r.id)
      union all
      select 'a creation without its resource: ' || j.id from workspace.request_journal j
        where j.operation = 'create' and j.status = 201
          and not exists (select 1 from workspace.resource r where r.tenant = j.tenant and r.id = j.resource)`);
    return rows.map(({ problem }) => problem);
  } finally {
    await client.end();
  }
}
