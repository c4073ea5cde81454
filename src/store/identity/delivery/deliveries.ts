// What became of a delivery, written down in PostgreSQL. Talks to: Postgres.
// A record is one transaction, and writes nothing when somebody else has the lease by now.

import type {
  ClaimedSubject,
  DeliveryStore,
  Membership,
  Outcome,
} from '../../../provisioning/engine/delivery-store.ts';
import type { Step } from '../../../provisioning/step.ts';
import type { Member } from '../../../provisioning/target/deliver-group.ts';
import { createId } from '../../../secrets/identifier.ts';
import type { Row, TenantDatabase, TenantTransaction } from '../../database.ts';
import { raiseSubjects } from '../touch.ts';
import { createClaimStore, due, keyOf } from './claims.ts';
import { groupSnapshot, userSnapshot } from './snapshots.ts';

/** Groups of a user that the app has not confirmed yet; a group the app cannot have is not waited for. */
async function missingGroups(transaction: TenantTransaction, app: string, person: string): Promise<Row[]> {
  return transaction.query(
    `select t.id, t.name from identity.team_member m
     join identity.team t on t.tenant = m.tenant and t.id = m.team
     where m.tenant = $1 and m.person = $3
       and not exists (select 1 from identity.delivered_member d where d.tenant = $1 and d.app = $2 and d.team = m.team and d.person = m.person)
       and not exists (select 1 from identity.subject s where s.tenant = $1 and s.app = $2 and s.kind = 'group' and s.local = m.team and s.status = 'skipped')
     order by lower(t.name)`,
    [transaction.tenant, app, person],
  );
}

/**
 * A subject is held only while its app is: one that was refused with a credential that was replaced meanwhile goes again.
 * The lock lets nobody replace it in between.
 */
async function heldOrQueued(transaction: TenantTransaction, app: string): Promise<'held' | 'queued'> {
  const [row] = await transaction.query('select held from identity.app where tenant = $1 and id = $2 for share', [
    transaction.tenant,
    app,
  ]);
  return row && row['held'] === null ? 'queued' : 'held';
}

/** Writes the row. False when the lease was lost. */
async function writeOutcome(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  outcome: Outcome,
): Promise<boolean> {
  const status = outcome.status === 'held' ? await heldOrQueued(transaction, subject.app) : outcome.status;
  const keepsLink = outcome.link === undefined;
  const { remoteId = null, ...rest } = outcome.link ?? {};
  const delivered = outcome.link ? JSON.stringify('delivered' in rest ? rest.delivered : rest) : null;
  const written = await transaction.query(
    `update identity.subject set
       lease = null, lease_until = null, urgent = urgent and not $6,
       done = case when $6 then $7 else done end,
       status = case when wanted > $7 and $8 <> 'held' then 'queued' else $8 end,
       intent = $9, changes = $10, approval_key = $11,
       decision = case when $6 and $8 <> 'skipped' then null else decision end,
       last_step = $12, error = $13, steps = $14,
       remote_id = case when $15 then remote_id else $16 end, delivered = case when $15 then delivered else $17::jsonb end,
       attempts = case when wanted > $7 then 0 else $18 end, failing_since = $19,
       next_attempt_at = case when wanted > $7 then null else $20::timestamptz end,
       duration_ms = $21, changed_at = $22
     where tenant = $1 and app = $2 and kind = $3 and local = $4 and lease = $5 returning id`,
    [
      ...[...keyOf(transaction.tenant, subject), subject.lease, outcome.isSettled, subject.wanted, status],
      ...[outcome.intent, JSON.stringify(outcome.changes), outcome.approvalKey, outcome.lastStep, outcome.error],
      ...[JSON.stringify(outcome.steps), keepsLink, remoteId, delivered, outcome.attempts, outcome.failingSince],
      ...[outcome.nextAttemptAt, outcome.durationMs, outcome.at],
    ],
  );
  return written.length === 1;
}

async function writeJournal(transaction: TenantTransaction, subject: ClaimedSubject, outcome: Outcome): Promise<void> {
  const { journal, at } = outcome;
  if (!journal) return;
  await transaction.query(
    `insert into identity.delivery_journal (tenant, id, at, app, kind, local, name, intent, outcome, sentence, exchanges, changes, duration_ms)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 returning id`,
    [
      ...[transaction.tenant, createId(at), at, subject.app, subject.kind, subject.local, journal.name, outcome.intent],
      ...[journal.outcome, journal.sentence, JSON.stringify(journal.exchanges), JSON.stringify(outcome.changes)],
      outcome.durationMs,
    ],
  );
}

/** Every delivery of an app comes by here: only once a second, and last, so that they do not wait for each other. */
async function noteSuccess(transaction: TenantTransaction, app: string, { journal, at }: Outcome): Promise<void> {
  if (journal?.outcome !== 'delivered') return;
  await transaction.query(
    'update identity.app set last_success_at = $3 where tenant = $1 and id = $2 and (last_success_at is null or last_success_at < $4)',
    [transaction.tenant, app, at, new Date(at.getTime() - 1_000)],
  );
}

/** Reports of a user at the app that were looked at before the user had an account there: their manager joins now. */
async function wakeReports(transaction: TenantTransaction, subject: ClaimedSubject, at: Date): Promise<void> {
  const rows = await transaction.query(
    `select s.app, s.local from identity.subject s join identity.person p on p.tenant = s.tenant and p.id = s.local
     where s.tenant = $1 and s.app = $2 and s.kind = 'user' and s.tries > 0 and p.manager = $3 and p.deleted_at is null
     order by s.local`,
    [transaction.tenant, subject.app, subject.local],
  );
  const pairs = rows.map((row) => ({ app: row['app'] as string, local: row['local'] as string }));
  if (pairs.length > 0) await raiseSubjects(transaction, 'user', pairs, { by: 'their manager’s account', at });
}

async function wakeGroups(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  groups: Row[],
  at: Date,
): Promise<void> {
  const pairs = groups.map((row) => ({ app: subject.app, local: row['id'] as string }));
  pairs.sort((one, other) => one.local.localeCompare(other.local));
  if (pairs.length > 0) await raiseSubjects(transaction, 'group', pairs, { by: 'a member’s account', at });
}

/** What a new link, or the loss of one, means for other rows. */
async function settleLink(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  link: Outcome['link'],
): Promise<void> {
  if (link) {
    // An account that was somebody else's of ours, who is deleted, changes hands.
    await transaction.query(
      `update identity.subject set remote_id = null, delivered = null
       where tenant = $1 and app = $2 and kind = 'user' and remote_id = $3 and local <> $4 returning id`,
      [transaction.tenant, subject.app, link.remoteId, subject.local],
    );
  }
  if (link === null) {
    await transaction.query(
      'delete from identity.delivered_member where tenant = $1 and app = $2 and person = $3 returning team',
      [transaction.tenant, subject.app, subject.local],
    );
  }
}

function withMembership(outcome: Outcome, missing: readonly Row[], membership: Membership): Outcome {
  if (outcome.status !== 'provisioned') return outcome;
  const { status, step } = membership(missing.map((row) => row['name'] as string));
  const at = outcome.steps.findIndex(({ name }) => name === 'verify');
  const steps = at === -1 ? [...outcome.steps, step] : outcome.steps.toSpliced(at, 0, step);
  return { ...outcome, status, steps };
}

async function recordUser(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  outcome: Outcome,
  membership: Membership,
): Promise<void> {
  const { link, status, at } = outcome;
  const isThere = link !== null && (link !== undefined || subject.remoteId !== null);
  const missing =
    status === 'provisioned' && isThere ? await missingGroups(transaction, subject.app, subject.local) : [];
  const final = withMembership(outcome, missing, membership);
  if (!(await writeOutcome(transaction, subject, final))) return;
  const isNew = link !== undefined && link?.remoteId !== subject.remoteId;
  await Promise.all([
    writeJournal(transaction, subject, final),
    isNew ? settleLink(transaction, subject, link) : undefined,
    // Users before groups, as everywhere: two that lock the same rows do it in the same order.
    link && isNew ? wakeReports(transaction, subject, at) : undefined,
  ]);
  // Many wait for these rows: last, and without waiting for each other's answers.
  await Promise.all([wakeGroups(transaction, subject, missing, at), noteSuccess(transaction, subject.app, outcome)]);
}

/** Users of an app whose accounts are right and who only waited for groups; one who is being touched comes by again. */
async function settleUsers(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  membership: Membership,
): Promise<void> {
  const waiting = await transaction.query(
    `select s.id, s.steps from identity.subject s
     where s.tenant = $1 and s.app = $2 and s.kind = 'user' and s.status = 'provisioning' and s.lease is null and s.done >= s.wanted
       and not exists (
         select 1 from identity.team_member m where m.tenant = $1 and m.person = s.local
           and not exists (select 1 from identity.delivered_member d where d.tenant = $1 and d.app = $2 and d.team = m.team and d.person = m.person)
           and not exists (select 1 from identity.subject g where g.tenant = $1 and g.app = $2 and g.kind = 'group' and g.local = m.team and g.status = 'skipped'))
     order by s.id for update of s skip locked`,
    [transaction.tenant, subject.app],
  );
  if (waiting.length === 0) return;
  const { status, step } = membership([]);
  const steps = waiting.map((row) =>
    (row['steps'] as Step[]).map((each) => (each.name === 'memberships' ? step : each)),
  );
  await transaction.query(
    `update identity.subject s set status = $2, steps = x.steps::jsonb from unnest($3::uuid[], $4::text[]) as x (id, steps)
     where s.tenant = $1 and s.id = x.id returning s.id`,
    [transaction.tenant, status, waiting.map((row) => row['id']), steps.map((each) => JSON.stringify(each))],
  );
}

async function confirmMembers(
  transaction: TenantTransaction,
  subject: ClaimedSubject,
  changes: { added: readonly Member[]; removed: readonly Member[] },
): Promise<void> {
  const { tenant } = transaction;
  await transaction.query(
    'delete from identity.delivered_member where tenant = $1 and app = $2 and team = $3 and person = any($4::uuid[]) returning person',
    [tenant, subject.app, subject.local, changes.removed.map(({ person }) => person)],
  );
  await transaction.query(
    `insert into identity.delivered_member (tenant, app, team, person, remote_id)
     select $1, $2, $3, x.person, x.remote_id from unnest($4::uuid[], $5::text[]) as x (person, remote_id)
     on conflict (tenant, app, team, person) do update set remote_id = excluded.remote_id returning person`,
    [
      ...[tenant, subject.app, subject.local],
      ...[changes.added.map(({ person }) => person), changes.added.map(({ remoteId }) => remoteId)],
    ],
  );
}

export function createDeliveryStore(database: TenantDatabase): DeliveryStore {
  return {
    ...createClaimStore(database),
    userSnapshot: (tenant, subject) => database.withTenant(tenant, (transaction) => userSnapshot(transaction, subject)),
    groupSnapshot: (tenant, subject) =>
      database.withTenant(tenant, (transaction) => groupSnapshot(transaction, subject)),
    record: (tenant, subject, outcome, membership) =>
      database.withTenant(tenant, async (transaction) => {
        if (subject.kind === 'user') {
          await recordUser(transaction, subject, outcome, membership);
        } else if (await writeOutcome(transaction, subject, outcome)) {
          await writeJournal(transaction, subject, outcome);
          await settleUsers(transaction, subject, membership);
          await noteSuccess(transaction, subject.app, outcome);
        }
      }),
    confirmMembers: (tenant, subject, changes) =>
      database.withTenant(tenant, (transaction) => confirmMembers(transaction, subject, changes)),
    async resume(tenant, app) {
      await database.batch(tenant, [
        {
          text: `update identity.subject set next_attempt_at = null
                 where tenant = $1 and app = $2 and status = 'queued' and lease is null and next_attempt_at is not null`,
          values: [tenant, app],
        },
      ]);
    },
    async holdLate(tenant) {
      await database.batch(tenant, [
        {
          text: `update identity.subject s set status = 'held' from identity.app a
                 where s.tenant = $1 and a.tenant = $1 and a.id = s.app and a.held is not null and s.status = 'queued' and s.wanted > s.done`,
          values: [tenant],
        },
      ]);
    },
    async putOff(tenant, app, { now, until, sentence }) {
      await database.batch(tenant, [
        {
          text: `update identity.subject set status = 'queued', lease = null, lease_until = null, next_attempt_at = $4, last_step = $5
                 where tenant = $1 and id in (
                   select s.id from identity.subject s join identity.app a on a.tenant = s.tenant and a.id = s.app
                   where s.tenant = $1 and s.app = $3 and ${due} for update of s skip locked)`,
          values: [tenant, now, app, until, sentence],
        },
      ]);
    },
    hold: (tenant, { id: app, credential }, sentence, at) =>
      database.withTenant(tenant, async (transaction) => {
        const held = await transaction.query(
          `update identity.app set held = $3, held_at = $4, api_status = 'failing'
           where tenant = $1 and id = $2 and held is null and credential = $5 returning id`,
          [tenant, app, sentence, at, credential],
        );
        if (held.length === 0) return;
        await transaction.query(
          `update identity.subject set status = 'held' where tenant = $1 and app = $2 and status = 'queued' and wanted > done returning id`,
          [tenant, app],
        );
      }),
  };
}
