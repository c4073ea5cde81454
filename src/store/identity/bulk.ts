// Bulk jobs in PostgreSQL. Talks to: Postgres.
// A job and its items are one transaction; each item is one of its own: what is done to the person, the link, the mail and
// the item's state together. Killed anywhere, an item is done wholly or not at all, and a mail has one reason for ever.

import {
  type BulkItem,
  type BulkJob,
  type BulkPerson,
  type BulkRequest,
  type BulkStore,
  decideFor,
} from '../../identity-provider/bulk.ts';
import type { Invitation } from '../../identity-provider/directory.ts';
import { createId } from '../../secrets/identifier.ts';
import { isDatabaseAway, type Row, type TenantDatabase, type TenantTransaction } from '../database.ts';
import { findObjects, findPeople, readPerson } from './bulk-people.ts';
import { noteInOutbox } from './touch.ts';
import { giveApp, giveRole, takeApp, writeInvitation, writeStatus } from './user-steps.ts';

type Invite = (person: BulkPerson, reason: string) => Invitation;

interface ItemDone {
  state: BulkItem['state'];
  note: string | null;
  mail: string | null;
}

async function actOn(
  transaction: TenantTransaction,
  job: Row,
  person: BulkPerson,
  at: Date,
  invite: Invite,
): Promise<ItemDone> {
  const request = job['request'] as BulkRequest;
  const cause = { by: job['started_by'] as string, at };
  const decision = decideFor(request, person, job['started_by_person'] as string);
  if (decision.givesRole && request.role !== null) await giveRole(transaction, person.id, request.role, cause);
  if (decision.operation === undefined) {
    const note = decision.givesRole ? `${decision.reason}; got the role only` : (decision.reason ?? null);
    return { state: decision.givesRole ? 'done' : 'skipped', note, mail: null };
  }
  let mail: string | null = null;
  switch (decision.operation) {
    case 'activate':
      await writeStatus(transaction, person.id, 'active', cause);
      break;
    case 'activate-invite':
    case 'invite':
      await writeStatus(transaction, person.id, 'invited', cause);
      mail = await writeInvitation(transaction, person.id, invite(person, `bulk ${job['id']} ${person.id}`));
      break;
    case 'suspend':
      await writeStatus(transaction, person.id, 'suspended', cause);
      break;
    case 'assign-app':
      if (request.app !== null) await giveApp(transaction, person.id, request.app, cause);
      break;
    case 'remove-app':
      if (request.app !== null) await takeApp(transaction, person.id, request.app, cause);
      break;
  }
  return { state: 'done', note: null, mail };
}

async function writeItem(transaction: TenantTransaction, job: string, person: string, done: ItemDone): Promise<void> {
  await transaction.query(
    'update identity.bulk_item set state = $4, note = $5, mail = coalesce($6, mail) where tenant = $1 and job = $2 and person = $3',
    [transaction.tenant, job, person, done.state, done.note, done.mail],
  );
}

interface Next {
  id: string;
  at: Date;
  invite: Invite;
  /** Told whose turn it is, so that a failure can be written beside them. */
  onTurn(person: string): void;
}

/** True when somebody was done. */
async function doNext(transaction: TenantTransaction, { id, at, invite, onTurn }: Next): Promise<boolean> {
  const { tenant } = transaction;
  const [job] = await transaction.query('select * from identity.bulk_job where tenant = $1 and id = $2', [tenant, id]);
  if (job?.['state'] !== 'running') return false;
  const [item] = await transaction.query(
    `select person from identity.bulk_item where tenant = $1 and job = $2 and state = 'waiting' order by position limit 1 for update skip locked`,
    [tenant, id],
  );
  if (!item) {
    await transaction.query(
      `update identity.bulk_job set state = 'finished', finished_at = $3 where tenant = $1 and id = $2 and state = 'running'
         and not exists (select 1 from identity.bulk_item i where i.tenant = $1 and i.job = $2 and i.state = 'waiting') returning id`,
      [tenant, id, at],
    );
    return false;
  }
  onTurn(item['person'] as string);
  const person = await readPerson(transaction, item['person'] as string);
  const done: ItemDone = person
    ? await actOn(transaction, job, person, at, invite)
    : { state: 'skipped', note: 'was deleted meanwhile', mail: null };
  await writeItem(transaction, id, item['person'] as string, done);
  return true;
}

const jobColumns = `
  select j.id, j.sentence, j.state, j.started_at, j.started_by, j.finished_at, count(i.person) as total,
    count(*) filter (where i.state = 'done') as done, count(*) filter (where i.state = 'failed') as failed,
    count(*) filter (where i.state = 'skipped') as skipped,
    count(*) filter (where m.state = 'accepted') as mails_accepted, count(*) filter (where m.state in ('queued', 'sending')) as mails_waiting,
    count(*) filter (where m.state = 'unconfirmed') as mails_unconfirmed, count(*) filter (where m.state = 'failed') as mails_failed
  from identity.bulk_job j
  left join identity.bulk_item i on i.tenant = j.tenant and i.job = j.id
  left join identity.mail m on m.tenant = i.tenant and m.id = i.mail`;
const grouped = 'group by j.id, j.sentence, j.state, j.started_at, j.started_by, j.finished_at';

function toJob(row: Row): BulkJob {
  return {
    id: row['id'],
    sentence: row['sentence'],
    state: row['state'],
    startedAt: row['started_at'],
    startedBy: row['started_by'],
    finishedAt: row['finished_at'],
    total: row['total'],
    done: row['done'],
    failed: row['failed'],
    skipped: row['skipped'],
    mails: {
      accepted: row['mails_accepted'],
      waiting: row['mails_waiting'],
      unconfirmed: row['mails_unconfirmed'],
      failed: row['mails_failed'],
    },
  };
}

function reads(database: TenantDatabase): Pick<BulkStore, 'people' | 'objects' | 'runningJobs' | 'jobs' | 'job'> {
  return {
    people: (tenant, who) => database.withTenant(tenant, (transaction) => findPeople(transaction, who)),
    objects: (tenant, request) => database.withTenant(tenant, (transaction) => findObjects(transaction, request)),
    async runningJobs(tenant) {
      const [rows = []] = await database.batch(tenant, [
        { text: `select id from identity.bulk_job where tenant = $1 and state = 'running'`, values: [tenant] },
      ]);
      return rows.map((row) => row['id'] as string);
    },
    async jobs(tenant) {
      const [rows = []] = await database.batch(tenant, [
        {
          text: `${jobColumns} where j.tenant = $1 ${grouped} order by j.started_at desc, j.id desc limit 100`,
          values: [tenant],
        },
      ]);
      return rows.map(toJob);
    },
    async job(tenant, id) {
      const [rows, items = []] = await database.batch(tenant, [
        { text: `${jobColumns} where j.tenant = $1 and j.id = $2 ${grouped}`, values: [tenant, id] },
        {
          text: `select p.id, p.display_name as name, i.state, i.note, coalesce(m.state, 'none') as mail from identity.bulk_item i
                 join identity.person p on p.tenant = i.tenant and p.id = i.person
                 left join identity.mail m on m.tenant = i.tenant and m.id = i.mail
                 where i.tenant = $1 and i.job = $2 order by i.position`,
          values: [tenant, id],
        },
      ]);
      if (!rows?.[0]) return undefined;
      return {
        job: toJob(rows[0]),
        items: items.map(
          ({ id: user, name, state, note, mail }) => ({ user: { id: user, name }, state, note, mail }) as BulkItem,
        ),
      };
    },
  };
}

function writes(database: TenantDatabase): Pick<BulkStore, 'start' | 'next' | 'cancel' | 'retry' | 'resendMail'> {
  return {
    start: (tenant, { request, sentence, persons }, cause) =>
      database.withTenant(tenant, async (transaction) => {
        const id = createId(cause.at);
        await transaction.query(
          `insert into identity.bulk_job (tenant, id, sentence, request, state, started_at, started_by, started_by_person)
           values ($1, $2, $3, $4, 'running', $5, $6, $7) returning id`,
          [tenant, id, sentence, JSON.stringify(request), cause.at, cause.name, cause.person],
        );
        await transaction.query(
          `insert into identity.bulk_item (tenant, job, person, position, state)
           select $1, $2, x.person, x.position, 'waiting' from unnest($3::uuid[]) with ordinality as x (person, position) returning person`,
          [tenant, id, persons],
        );
        await noteInOutbox(transaction, 'bulk', [{ job: id }], cause.at);
        return id;
      }),
    async next(tenant, id, at, invite) {
      let turn: string | undefined;
      const onTurn = (person: string) => {
        turn = person;
      };
      try {
        return await database.withTenant(tenant, (transaction) => doNext(transaction, { id, at, invite, onTurn }));
      } catch (error) {
        if (turn === undefined || isDatabaseAway(error)) throw error;
        const note = error instanceof Error ? error.message : 'failed';
        const person = turn;
        await database.withTenant(tenant, (transaction) =>
          writeItem(transaction, id, person, { state: 'failed', note, mail: null }),
        );
        return true;
      }
    },
    async cancel(tenant, id, at) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update identity.bulk_job set state = 'cancelled', finished_at = $3 where tenant = $1 and id = $2 and state = 'running' returning id`,
          values: [tenant, id, at],
        },
      ]);
      return rows?.length === 1;
    },
    retry: (tenant, id, at) =>
      database.withTenant(tenant, async (transaction) => {
        const jobs = await transaction.query('select id from identity.bulk_job where tenant = $1 and id = $2', [
          tenant,
          id,
        ]);
        if (jobs.length === 0) return undefined;
        const rows = await transaction.query(
          `update identity.bulk_item set state = 'waiting', note = null where tenant = $1 and job = $2 and state = 'failed' returning person`,
          [tenant, id],
        );
        if (rows.length === 0) return 0;
        await transaction.query(
          `update identity.bulk_job set state = 'running', finished_at = null where tenant = $1 and id = $2`,
          [tenant, id],
        );
        await noteInOutbox(transaction, 'bulk', [{ job: id }], at);
        return rows.length;
      }),
    async resendMail(tenant, job, person, at) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update identity.mail set state = 'queued', error = null, next_attempt_at = $4
                 where tenant = $1 and state in ('unconfirmed', 'failed')
                   and id = (select i.mail from identity.bulk_item i where i.tenant = $1 and i.job = $2 and i.person = $3) returning id`,
          values: [tenant, job, person, at],
        },
      ]);
      return rows?.length === 1;
    },
  };
}

export function createBulkStore(database: TenantDatabase): BulkStore {
  return { ...reads(database), ...writes(database) };
}
