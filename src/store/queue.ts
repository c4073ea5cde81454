// The durable queue: pg-boss on the control database, under its own role. Talks to: Postgres.
// Nothing is sent from inside a tenant's transaction: a relay hands rows of a tenant's outbox over, with the row's id as
// the job's id, so that a row handed over twice is one job. Jobs are idempotent.

import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { surviveLostConnections } from './pool.ts';

export interface Job<T> {
  id: string;
  data: T;
}

export interface Queue {
  /** Hands a job over; an id that is there already changes nothing. `notBefore` delays it. */
  send<T extends object>(queue: string, id: string, data: T, notBefore?: Date): Promise<void>;
  /** Runs `handle` for each job, at most `concurrency` at a time in this process. A throw is tried again later. */
  work<T extends object>(queue: string, concurrency: number, handle: (job: Job<T>) => Promise<void>): Promise<void>;
  /** Jobs that wait, by queue. */
  depths(): Promise<ReadonlyMap<string, number>>;
  /** True when the queue answers. */
  ready(): Promise<boolean>;
  /** Waits for running jobs, then lets go. */
  stop(): Promise<void>;
}

/** @param url address of the control database */
export async function openQueue(url: string, onError: (error: unknown) => void): Promise<Queue> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    application_name: `rollcall ${process.pid} queue`,
    options: '-c role=rollcall_queue',
    connectionTimeoutMillis: 5_000,
  });
  surviveLostConnections(pool);
  const boss = new PgBoss({
    db: { executeSql: (text: string, values?: unknown[]) => pool.query(text, values) },
    schema: 'pgboss',
    createSchema: false,
    schedule: false,
  });
  boss.on('error', onError);
  await boss.start();
  const workers: string[] = [];
  const known = new Set<string>();
  async function ensure(queue: string): Promise<void> {
    if (known.has(queue)) return;
    await boss.createQueue(queue, {
      retryLimit: 1_000,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 300,
      expireInSeconds: 300,
    });
    known.add(queue);
  }
  return {
    async send(queue, id, data, notBefore) {
      await ensure(queue);
      await boss.send(queue, data, { id, ...(notBefore ? { startAfter: notBefore } : {}) });
      for (const worker of workers) boss.notifyWorker(worker);
    },
    async work<T extends object>(queue: string, concurrency: number, handle: (job: Job<T>) => Promise<void>) {
      await ensure(queue);
      for (let worker = 0; worker < concurrency; worker += 1) {
        let id = '';
        id = await boss.work<T>(queue, { pollingIntervalSeconds: 1, batchSize: 1 }, async (jobs) => {
          for (const job of jobs) await handle({ id: job.id, data: job.data });
          // Where one was, another may be: no second is waited between two.
          if (id !== '') boss.notifyWorker(id);
        });
        workers.push(id);
      }
    },
    async depths() {
      const { rows } = await pool.query<{ queue: string; waiting: string }>(
        `select q.name as queue, count(j.id) as waiting from pgboss.queue q
         left join pgboss.job j on j.name = q.name and j.state in ('created', 'retry') group by q.name`,
      );
      return new Map(rows.map(({ queue, waiting }) => [queue, Number(waiting)]));
    },
    ready: async () => (await pool.query('select 1')).rowCount === 1,
    async stop() {
      await boss.stop({ graceful: true, timeout: 10_000 });
      await pool.end();
    },
  };
}
