// The one seam to PostgreSQL: a pool per role, and `withTenant`, the only way tenant tables are reached.
// Talks to: Postgres. A tenant's transaction is BEGIN, SET LOCAL app.tenant, the statements and COMMIT, each a message of
// its own; what needs no answer of what goes before leaves together (store/flight), so that row-level security costs no
// round trip. Never two statements in one string, never set_config(), never a session SET: each of them breaks or leaks
// behind a pooler or a sharding router.

import type pg from 'pg';
import { asAway, isAborted, isDatabaseAway, isRetryable } from './database-errors.ts';
import { type Answer, type Departures, type Outgoing, openDepartures, type Row } from './flight.ts';
import { createPool, isPooler, type Role, types } from './pool.ts';

export { DatabaseAway, isDatabaseAway, isFailedStatement, violatedConstraint } from './database-errors.ts';
export type { Row } from './flight.ts';
export type { Role } from './pool.ts';

/** A statement with bound parameters. A `name` makes it a prepared statement: only for hot, fixed texts. */
export interface Statement {
  text: string;
  values?: readonly unknown[];
  name?: string;
}

/** Where statements can be run. Rows come back as plain objects, timestamps as Date, int8 and numeric counts as number. */
export interface Queryable {
  query<R extends Row = Row>(statement: string | Statement, values?: readonly unknown[]): Promise<R[]>;
}

/** A transaction that is set to one tenant. Queries may be sent without awaiting the one before: they run in order. */
export interface TenantTransaction extends Queryable {
  readonly tenant: string;
  /**
   * Of the connection it runs on, an integer of at least 0 that others of the same time hardly share: who writes to the
   * row of their own lane waits for nobody.
   */
  readonly lane: number;
}

export interface TenantDatabase {
  /**
   * Runs `work` in one transaction set to `tenant` and commits it. A deadlock, a serialization failure or an outdated
   * prepared statement rolls back and runs `work` again (at most five times), so `work` must have no effect outside the transaction.
   * @param tenant UUID. @throws whatever `work` or a statement threw, after ROLLBACK; {@link DatabaseAway} when the
   * server cannot be reached.
   */
  withTenant<T>(tenant: string, work: (transaction: TenantTransaction) => Promise<T>): Promise<T>;
  /**
   * Sends a whole transaction (BEGIN, SET LOCAL, `statements`, COMMIT) as one pipeline: one round trip.
   * @returns the rows of each statement, in order.
   */
  batch(tenant: string, statements: readonly Statement[]): Promise<Row[][]>;
  /**
   * Reads that may be some moments behind: asked of the replica where there is one and it answers, else of the server
   * itself. Never for a read that must see a write of before.
   */
  readonly replica: Pick<TenantDatabase, 'batch'>;
  /** The control tables: reached by plain statements, never joined with and never in one transaction with tenant tables. */
  readonly control: Queryable;
  close(): Promise<void>;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export interface DatabaseOptions {
  url: string;
  role: Role;
  /** Control tables' address when they live elsewhere; default: the same server. */
  controlUrl?: string | undefined;
  /** Poolers to go through, each with `{role}` in its address; default: direct. */
  poolUrl?: string | undefined;
  controlPoolUrl?: string | undefined;
  /** A server that follows this one. */
  replicaUrl?: string | undefined;
  /** False sends every statement without a name. */
  preparedStatements?: boolean;
  router?: 'pgdog' | undefined;
  poolSize?: number | undefined;
  statementTimeoutMs?: number;
}

/** A pool and how to speak on it. */
interface Line {
  pool: pg.Pool;
  /** What every transaction of a tenant sets before anything else. */
  settings(tenant: string): string[];
  outgoing(statement: string | Statement, values?: readonly unknown[]): Outgoing;
  departures(client: pg.ClientBase): Departures;
}

function named(statement: string | Statement, values: readonly unknown[] = []): Outgoing {
  if (typeof statement === 'string') return { text: statement, values, name: '' };
  return { text: statement.text, values: statement.values ?? [], name: statement.name ?? '' };
}

function unnamed(statement: string | Statement, values?: readonly unknown[]): Outgoing {
  return { ...named(statement, values), name: '' };
}

function openLine(url: string, size: number, options: DatabaseOptions): Line {
  const { role, router, statementTimeoutMs = 15_000 } = options;
  const limits = isPooler(url) ? [`SET LOCAL statement_timeout = ${statementTimeoutMs}`] : [];
  return {
    pool: createPool({ url, role, size, statementTimeoutMs }),
    outgoing: options.preparedStatements === false ? unnamed : named,
    departures: (client) => openDepartures(client, { types, isSyncedEach: router !== undefined }),
    settings: (tenant) => [
      // The hint is the first statement: what comes before it, a router would send anywhere.
      ...(router === 'pgdog' ? [`SET LOCAL pgdog.sharding_key = '${tenant}'`] : []),
      `SET LOCAL app.tenant = '${tenant}'`,
      ...limits,
    ],
  };
}

const beginning: Statement = { name: 'begin', text: 'BEGIN' };
const ending: Statement = { name: 'commit', text: 'COMMIT' };
const undoing: Statement = { name: 'rollback', text: 'ROLLBACK' };

function begin(departures: Departures, line: Line, tenant: string): Promise<Answer>[] {
  if (!uuidPattern.test(tenant)) throw new Error('A tenant must be a lower-case UUID.');
  return [beginning, ...line.settings(tenant)].map((statement) => {
    const sent = departures.send(line.outgoing(statement));
    // Its failure is told by whatever comes behind it; until then it must not count as unhandled.
    sent.catch(() => {});
    return sent;
  });
}

/** COMMIT of a failed transaction answers ROLLBACK and no error. */
function requireCommitted({ command }: Answer): void {
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back at commit.');
}

/** @returns whether the connection is of no more use: nobody knows what state it is in */
async function rollBack(departures: Departures, line: Line, cause: unknown): Promise<boolean> {
  // To where a server that is away was we do not go back: the address may lead to another one by now.
  if (isDatabaseAway(cause)) return true;
  try {
    await departures.send(line.outgoing(undoing));
    return false;
  } catch {
    return true;
  }
}

async function attempt<T>(
  line: Line,
  tenant: string,
  work: (transaction: TenantTransaction) => Promise<T>,
): Promise<T> {
  const client = await line.pool.connect();
  const departures = line.departures(client);
  let isBroken = false;
  // Answers come in the order of the statements: once COMMIT has answered, the first failure is known.
  let failure: unknown;
  const transaction: TenantTransaction = {
    tenant,
    // A pooler makes this number up, and then it may be negative.
    lane: Math.abs((client as unknown as { processID: number | null }).processID ?? 0),
    async query<R extends Row>(statement: string | Statement, values?: readonly unknown[]) {
      try {
        return (await departures.send(line.outgoing(statement, values))).rows as R[];
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
  };
  try {
    const opened = begin(departures, line, tenant);
    const result = await work(transaction);
    // Statements the work did not wait for leave with the COMMIT; the first that fails is the one that is thrown.
    const ended = departures.send(line.outgoing(ending));
    ended.catch(() => {});
    await Promise.all(opened);
    await ended.then(requireCommitted).catch((error: unknown) => {
      throw failure ?? error;
    });
    return result;
  } catch (error) {
    // Of work that sends side by side, one part may tell that it was not run before the other tells why.
    const cause = isAborted(error) ? (failure ?? error) : error;
    isBroken = await rollBack(departures, line, cause);
    throw cause;
  } finally {
    client.release(isBroken);
  }
}

async function batchOnce(line: Line, tenant: string, statements: readonly Statement[]): Promise<Row[][]> {
  const client = await line.pool.connect();
  const departures = line.departures(client);
  let isBroken = false;
  try {
    const opened = begin(departures, line, tenant);
    const sent = [...statements, ending].map((statement) => departures.send(line.outgoing(statement)));
    const settled = await Promise.allSettled([...opened, ...sent]);
    // Of a failed transaction the first failure is the cause; the ones behind it only say "aborted".
    const failure = settled.find((outcome) => outcome.status === 'rejected');
    if (failure) {
      isBroken = await rollBack(departures, line, failure.reason);
      throw failure.reason;
    }
    const answers = settled.map((outcome) => (outcome as PromiseFulfilledResult<Answer>).value);
    requireCommitted(answers.at(-1)!);
    return answers.slice(opened.length, -1).map(({ rows }) => rows);
  } finally {
    client.release(isBroken);
  }
}

async function plainly(line: Line, statement: string | Statement, values?: readonly unknown[]): Promise<Row[]> {
  const client = await line.pool.connect();
  let isBroken = false;
  try {
    return (await line.departures(client).send(line.outgoing(statement, values))).rows;
  } catch (error) {
    isBroken = isDatabaseAway(error);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

async function retrying<T>(run: () => Promise<T>): Promise<T> {
  for (let left = 5; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      if (left > 0 && isRetryable(error)) continue;
      throw asAway(error);
    }
  }
}

/** A replica that is away, or whose answer a change overtook (40001), is not missed: the server itself is asked. */
function replicaOf(line: Line, primary: TenantDatabase['batch']): TenantDatabase['batch'] {
  return async (tenant, statements) => {
    try {
      return await batchOnce(line, tenant, statements);
    } catch (error) {
      if (isDatabaseAway(error) || isRetryable(error)) return primary(tenant, statements);
      throw error;
    }
  };
}

/** Opens the pools of one role. Nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): TenantDatabase {
  const { url, poolUrl = url, controlUrl, controlPoolUrl = controlUrl, replicaUrl } = options;
  const tenants = openLine(poolUrl, options.poolSize ?? 16, options);
  const control = controlPoolUrl ? openLine(controlPoolUrl, 4, options) : tenants;
  const replica = replicaUrl ? openLine(replicaUrl, 4, options) : undefined;
  const batch: TenantDatabase['batch'] = (tenant, statements) => retrying(() => batchOnce(tenants, tenant, statements));
  return {
    withTenant: (tenant, work) => retrying(() => attempt(tenants, tenant, work)),
    batch,
    replica: { batch: replica ? replicaOf(replica, batch) : batch },
    control: {
      query: async <R extends Row>(statement: string | Statement, values?: readonly unknown[]) =>
        (await retrying(() => plainly(control, statement, values))) as R[],
    },
    async close() {
      const lines = new Set([tenants, control, ...(replica ? [replica] : [])]);
      await Promise.all([...lines].map(({ pool }) => pool.end()));
    },
  };
}
