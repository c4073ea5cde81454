// The one seam to PostgreSQL: a pool per role, and `withTenant`, the only way tenant tables are reached.
// Talks to: Postgres. A tenant's transaction is BEGIN, SET LOCAL app.tenant, the statements and COMMIT, written to the
// wire as separate messages without waiting for each answer (`pipeline: true`), so that row-level security costs no
// round trip. Never two statements in one string, never set_config(), never a session SET: each of them breaks or leaks
// behind a pooler or a sharding router.

import type { Writable } from 'node:stream';
import pg from 'pg';

/** The database roles connections work as; each sees its own schema only. */
export type Role = 'rollcall_workspace' | 'rollcall_identity' | 'rollcall_queue';

/** A statement with bound parameters. A `name` makes it a prepared statement: only for hot, fixed texts. */
export interface Statement {
  text: string;
  values?: readonly unknown[];
  name?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a row's shape is stated by the caller, who wrote the SQL.
export type Row = Record<string, any>;

/** Where statements can be run. Rows come back as plain objects, timestamps as Date, int8 and numeric counts as number. */
export interface Queryable {
  query<R extends Row = Row>(statement: string | Statement, values?: readonly unknown[]): Promise<R[]>;
}

/** A transaction that is set to one tenant. Queries may be sent without awaiting the one before: they run in order. */
export interface TenantTransaction extends Queryable {
  readonly tenant: string;
}

export interface TenantDatabase {
  /**
   * Runs `work` in one transaction set to `tenant` and commits it. A deadlock or serialization failure rolls back and
   * runs `work` again (at most five times), so `work` must have no effect outside the transaction.
   * @param tenant UUID. @throws whatever `work` or a statement threw, after ROLLBACK; {@link DatabaseAway} when the
   * server cannot be reached.
   */
  withTenant<T>(tenant: string, work: (transaction: TenantTransaction) => Promise<T>): Promise<T>;
  /**
   * Sends a whole transaction (BEGIN, SET LOCAL, `statements`, COMMIT) as one pipeline: one round trip.
   * @returns the rows of each statement, in order.
   */
  batch(tenant: string, statements: readonly Statement[]): Promise<Row[][]>;
  /** The control tables: reached by plain statements, never joined with and never in one transaction with tenant tables. */
  readonly control: Queryable;
  close(): Promise<void>;
}

/** The database cannot be reached or is shutting down: to be answered 503 with Retry-After, never 404. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** True when the failure says that the server, not the statement, is at fault (classes 08, 57P0x, 53300, 58000). */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  const code = sqlState(error);
  if (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '53300' ||
    code === '58000' ||
    networkCodes.has(code)
  ) {
    return true;
  }
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable/.test(
    message,
  );
}

/** True when running the same transaction again may succeed: serialization failure or deadlock. */
function isRetryable(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01';
}

/** True when a statement failed, and with it the transaction it ran in. */
export function isFailedStatement(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(sqlState(error)) || isDatabaseAway(error);
}

/** The name of the violated constraint, also where an engine only mentions it in the message; '' if the error is none. */
export function violatedConstraint(error: unknown): string {
  if (!sqlState(error).startsWith('23')) return '';
  const { constraint, message } = error as { constraint?: string; message?: string };
  return constraint ?? message ?? '';
}

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

export interface DatabaseOptions {
  url: string;
  role: Role;
  /** Control tables' address when they live elsewhere; default: the same server. */
  controlUrl?: string;
  poolSize?: number;
  statementTimeoutMs?: number;
}

function createPool(url: string, options: DatabaseOptions, size: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: `rollcall ${process.pid}`,
    options: `-c role=${options.role} -c statement_timeout=${options.statementTimeoutMs ?? 15_000} -c idle_in_transaction_session_timeout=20000`,
    // pg 8.23: statements are written without waiting for the answer of the one before.
    pipeline: true,
    types,
  } as pg.PoolConfig);
  // An idle connection that the server closes must not end the process: the next query opens a new one or says away.
  pool.on('error', () => {});
  return pool;
}

function toConfig(statement: string | Statement, values?: readonly unknown[]): pg.QueryConfig {
  if (typeof statement === 'string') return { text: statement, values: (values ?? []) as unknown[] };
  return {
    text: statement.text,
    values: (statement.values ?? []) as unknown[],
    ...(statement.name ? { name: statement.name } : {}),
  };
}

function asAway(error: unknown): unknown {
  if (error instanceof DatabaseAway || !isDatabaseAway(error)) return error;
  return new DatabaseAway('The database cannot be reached.', { cause: error });
}

/** Sends a statement whose failure is reported by a later one: its rejection must not count as unhandled. */
function send(client: pg.PoolClient, text: string): Promise<pg.QueryResult> {
  const sent = client.query({ text });
  sent.catch(() => {});
  return sent;
}

function begin(client: pg.PoolClient, tenant: string): Promise<pg.QueryResult>[] {
  if (!uuidPattern.test(tenant)) throw new Error('A tenant must be a lower-case UUID.');
  return [send(client, 'BEGIN'), send(client, `SET LOCAL app.tenant = '${tenant}'`)];
}

async function commit(client: pg.PoolClient): Promise<void> {
  const result = await client.query({ text: 'COMMIT' });
  // COMMIT of a failed transaction answers ROLLBACK and no error.
  if (result.command !== 'COMMIT') throw new Error('The transaction was rolled back at commit.');
}

/** What is sent in here leaves in one write: a pipeline of five statements is one system call, not five. */
function inOneWrite<T>(client: pg.PoolClient, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}

async function attempt<T>(
  pool: pg.Pool,
  tenant: string,
  work: (transaction: TenantTransaction) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    const transaction: TenantTransaction = {
      tenant,
      async query<R extends Row>(statement: string | Statement, values?: readonly unknown[]) {
        return (await client.query<R>(toConfig(statement, values))).rows;
      },
    };
    try {
      const [opened, working] = inOneWrite(client, () => [begin(client, tenant), work(transaction)]);
      const result = await working;
      await Promise.all(opened);
      await commit(client);
      return result;
    } catch (error) {
      await client.query({ text: 'ROLLBACK' }).catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    }
  } finally {
    client.release(broken);
  }
}

async function batchOnce(pool: pg.Pool, tenant: string, statements: readonly Statement[]): Promise<Row[][]> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    const [sent, end] = inOneWrite(client, () => [
      [...begin(client, tenant), ...statements.map((statement) => client.query(toConfig(statement)))],
      client.query({ text: 'COMMIT' }),
    ]);
    end.catch((failure: Error) => {
      broken = failure;
    });
    const settled = await Promise.allSettled(sent);
    // Of a failed transaction the first failure is the cause; the ones behind it only say "aborted".
    const failure = settled.find((outcome) => outcome.status === 'rejected');
    const ended = await end;
    if (failure) throw failure.reason;
    if (ended.command !== 'COMMIT') throw new Error('The transaction was rolled back at commit.');
    return settled.slice(2).map((outcome) => (outcome as PromiseFulfilledResult<pg.QueryResult>).value.rows);
  } finally {
    client.release(broken);
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

/** Opens the pool of one role. Nothing is connected before the first query. */
export function openDatabase(options: DatabaseOptions): TenantDatabase {
  const pool = createPool(options.url, options, options.poolSize ?? 8);
  const controlPool = options.controlUrl ? createPool(options.controlUrl, options, 4) : pool;
  return {
    withTenant: (tenant, work) => retrying(() => attempt(pool, tenant, work)),
    batch: (tenant, statements) => retrying(() => batchOnce(pool, tenant, statements)),
    control: {
      query: async <R extends Row>(statement: string | Statement, values?: readonly unknown[]) =>
        retrying(async () => (await controlPool.query<R>(toConfig(statement, values))).rows),
    },
    async close() {
      await pool.end();
      if (controlPool !== pool) await controlPool.end();
    },
  };
}
