// Sends the mails of one end. Talks to: Postgres, the queue, a mail door.
// A mail is a row, written in the transaction of its cause; a relay hands it to the queue. It is claimed (committed)
// before the SMTP server is spoken to, so a crash in between leaves a row that says *sending*: whether the server had
// accepted it nobody can know. Once its claim has run out it becomes *unconfirmed* and is never sent again by itself.

import type { MailDoor } from '../outbound/mail.ts';
import { createId } from '../secrets/identifier.ts';
import type { End } from './accounts.ts';
import type { Row, TenantDatabase } from './database.ts';
import type { Queue } from './queue.ts';

export interface MailQueueOptions {
  end: End;
  database: TenantDatabase;
  queue: Queue;
  door: MailDoor;
  now(): Date;
  /** From 0 to 1: spreads retries. */
  random(): number;
  onFailure(error: unknown): void;
}

export interface MailQueue {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Mail of this tenant waits: hand it over now instead of at the next sweep. */
  nudge(tenant: string): void;
  /** One look at every tenant: hands over what waits, and marks what a crash left unknown. */
  sweep(): Promise<void>;
}

/** Longer than a conversation with an SMTP server may take. */
export const claimMs = 60_000;
const sweepEveryMs = 10_000;
const firstRetryMs = 5_000;
const longestRetryMs = 3_600_000;
const giveUpMs = 4 * 86_400_000;

interface MailJob {
  tenant: string;
  mail: string;
}

/** A server's "5xx" is its last word (RFC 5321 section 4.2.1); anything else may pass. */
function isFinal(error: unknown): boolean {
  const code = (error as { responseCode?: number }).responseCode;
  return code !== undefined && code >= 500 && code < 600;
}

async function claim({ end, database, now }: MailQueueOptions, { tenant, mail }: MailJob): Promise<Row | undefined> {
  const at = now();
  const [rows] = await database.batch(tenant, [
    {
      text: `update ${end}.mail set state = 'sending', attempts = attempts + 1, next_attempt_at = $3
             where tenant = $1 and id = $2 and state = 'queued' and next_attempt_at <= $4
             returning id, recipient, subject, body, attempts, created_at`,
      values: [tenant, mail, new Date(at.getTime() + claimMs), at],
    },
  ]);
  return rows?.[0];
}

async function settle(
  { end, database }: MailQueueOptions,
  job: MailJob,
  changes: { state: string; error: string | null; at: Date; next: Date | null },
): Promise<void> {
  await database.batch(job.tenant, [
    {
      text: `update ${end}.mail set state = $3, error = $4, sent_at = case when $3 = 'accepted' then $5 else sent_at end, next_attempt_at = $6
             where tenant = $1 and id = $2 and state = 'sending'`,
      values: [job.tenant, job.mail, changes.state, changes.error, changes.at, changes.next],
    },
  ]);
}

async function afterFailure(options: MailQueueOptions, job: MailJob, row: Row, error: unknown): Promise<void> {
  const at = options.now();
  const words = (error as Error).message;
  const isOver = isFinal(error) || at.getTime() - (row['created_at'] as Date).getTime() > giveUpMs;
  if (isOver) {
    await settle(options, job, { state: 'failed', error: words, at, next: null });
    return;
  }
  const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** ((row['attempts'] as number) - 1));
  const next = new Date(at.getTime() + firstRetryMs + options.random() * (ceiling - firstRetryMs));
  await settle(options, job, { state: 'queued', error: words, at, next });
  await options.queue.send(queueName(options.end), createId(at), job, next);
}

function queueName(end: End): string {
  return `${end}-mail`;
}

async function deliver(options: MailQueueOptions, job: MailJob): Promise<void> {
  const row = await claim(options, job);
  if (!row) return;
  try {
    await options.door.send({
      id: row['id'] as string,
      recipient: row['recipient'] as string,
      subject: row['subject'] as string,
      body: row['body'] as string,
    });
  } catch (error) {
    await afterFailure(options, job, row, error);
    return;
  }
  await settle(options, job, { state: 'accepted', error: null, at: options.now(), next: null });
}

/**
 * Hands over what waits. A job that died with its process keeps its id taken until the queue gives it up, so the first
 * look after a start takes new ids: a mail that has two jobs is claimed by one of them.
 */
async function relay(options: MailQueueOptions, tenant: string, ids: 'own' | 'new'): Promise<void> {
  const { end, database, now, queue } = options;
  const at = now();
  const [, waiting = []] = await database.batch(tenant, [
    {
      text: `update ${end}.mail set state = 'unconfirmed', next_attempt_at = null, error = 'Rollcall stopped while the mail server was being spoken to.'
             where tenant = $1 and state = 'sending' and next_attempt_at < $2`,
      values: [tenant, at],
    },
    {
      text: `select id, attempts from ${end}.mail where tenant = $1 and state = 'queued' and next_attempt_at <= $2 order by next_attempt_at limit 1000`,
      values: [tenant, at],
    },
  ]);
  for (const row of waiting) {
    const mail = row['id'] as string;
    // The first hand-over has the mail's own id, so that handing it over twice is one job.
    const id = ids === 'own' && row['attempts'] === 0 ? mail : createId(at);
    await queue.send(queueName(end), id, { tenant, mail } satisfies MailJob);
  }
}

/** The mail queue of one end. Several processes may run it on one database. */
export function createMailQueue(options: MailQueueOptions): MailQueue {
  const { end, database, queue, onFailure } = options;
  let timer: NodeJS.Timeout | undefined;
  const under = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    const settled = work.catch(onFailure).finally(() => under.delete(settled));
    under.add(settled);
  };
  async function sweep(ids: 'own' | 'new' = 'own'): Promise<void> {
    const table = end === 'workspace' ? 'workspace' : 'organization';
    for (const { tenant } of await database.control.query<{ tenant: string }>(`select tenant from control.${table}`)) {
      await relay(options, tenant, ids);
    }
  }
  return {
    async start() {
      await queue.work<MailJob>(queueName(end), 2, ({ data }) => deliver(options, data));
      track(sweep('new'));
      timer = setInterval(() => track(sweep()), sweepEveryMs);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
    },
    nudge: (tenant) => track(relay(options, tenant, 'own')),
    sweep: () => sweep(),
  };
}
