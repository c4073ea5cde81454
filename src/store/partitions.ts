// Partitions by time of the tables that only grow: made some weeks ahead, dropped when they are older than is kept.
// Talks to: Postgres, directly, as the owner of the tables.
// Their keys are UUIDv7, so a range of ids is a range of time. Nobody has rights on a partition; it carries the policy of
// its parent all the same, so that no way leads past it.

import type { Client } from 'pg';
import { connect } from './migrate.ts';
import { partitionStatements } from './migrations/partition-statements.ts';
import { lowestId } from './scim/sql.ts';

const partitioned = ['request_journal', 'request_subject', 'outbox'] as const;
const weekMs = 7 * 24 * 3_600_000;
const weeksAhead = 3;
const lockKey = 7_643_9_865;

/** Partitions are named by the first day of their week. */
function nameOf(table: string, from: number): string {
  return `${table}_${new Date(from).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function startOf(table: string, name: string): number | undefined {
  const [, year, month, day] = new RegExp(`^${table}_(\\d{4})(\\d{2})(\\d{2})$`).exec(name) ?? [];
  return day === undefined ? undefined : Date.parse(`${year}-${month}-${day}T00:00:00Z`);
}

async function partitionsOf(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = $1::regclass order by 1`,
    [`workspace.${table}`],
  );
  return rows.map(({ name }) => name);
}

async function runAll(client: Client, statements: readonly string[]): Promise<void> {
  await client.query('begin');
  try {
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function makeAhead(client: Client, table: string, now: number): Promise<number> {
  const known = new Set(await partitionsOf(client, table));
  const first = Math.floor(now / weekMs) * weekMs;
  let made = 0;
  for (let week = 0; week <= weeksAhead; week += 1) {
    const from = first + week * weekMs;
    const name = nameOf(table, from);
    if (known.has(name)) continue;
    const bounds = `for values from ('${lowestId(new Date(from))}') to ('${lowestId(new Date(from + weekMs))}')`;
    try {
      await runAll(client, partitionStatements(table, name, bounds));
      made += 1;
    } catch (error) {
      // Rows of that week lie in the default partition already (a clock was wrong, or this ran late): they stay there.
      if ((error as { code?: string }).code !== '23514') throw error;
    }
  }
  return made;
}

async function dropOld(client: Client, table: string, before: number): Promise<number> {
  let dropped = 0;
  for (const name of await partitionsOf(client, table)) {
    const from = startOf(table, name);
    if (from === undefined || from + weekMs > before) continue;
    await client.query(`drop table workspace.${name}`);
    dropped += 1;
  }
  const key = table === 'request_subject' ? 'journal' : 'id';
  await client.query(`delete from workspace.${table}_default where ${key} < $1`, [lowestId(new Date(before))]);
  return dropped;
}

export interface Maintained {
  made: number;
  dropped: number;
}

/**
 * Makes the partitions of the coming weeks and drops those of which every row is older than `keepDays`. Of several processes
 * that come at once, one does it.
 */
export async function maintainPartitions(url: string, now: Date, keepDays: number): Promise<Maintained> {
  const client = await connect(url);
  const done = { made: 0, dropped: 0 };
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [lockKey]);
    if (!rows[0]?.locked) return done;
    const before = now.getTime() - keepDays * 24 * 3_600_000;
    for (const table of partitioned) {
      done.made += await makeAhead(client, table, now.getTime());
      done.dropped += await dropOld(client, table, before);
    }
    return done;
  } finally {
    await client.end();
  }
}

const everyMs = 6 * 3_600_000;

/** Maintains them now and every six hours. A failure is told and tried again: there is always the default partition. */
export async function keepPartitions(
  url: string,
  keepDays: number,
  onError: (error: unknown) => void,
): Promise<{ stop(): void }> {
  const maintain = () => maintainPartitions(url, new Date(), keepDays).catch(onError);
  await maintain();
  const timer = setInterval(maintain, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
