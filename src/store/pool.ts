// A pool of connections of one role, direct or through a pooler. Talks to: Postgres.
// Direct, the role and the limits travel as start-up options. A pooler in transaction mode takes no start-up options and
// gives each transaction another connection: there the role is the login (or the pooler's own `set role`), and limits go
// with each transaction.

import pg from 'pg';

/** The database roles connections work as; each sees its own schema only. */
export type Role = 'rollcall_workspace' | 'rollcall_identity' | 'rollcall_queue';

export interface PoolOptions {
  url: string;
  role: Role;
  size: number;
  statementTimeoutMs: number;
}

export const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  },
} as pg.CustomTypesConfig;

/** True for an address whose role is part of it: a pooler's. */
export function isPooler(url: string): boolean {
  return url.includes('{role}');
}

/** How a connection of a role is opened. */
export function addressOf(url: string, role: Role): { connectionString: string; options?: string } {
  if (isPooler(url)) return { connectionString: url.replaceAll('{role}', role) };
  return { connectionString: url, options: `-c role=${role}` };
}

/**
 * A connection that the server ends must not end the process: idle, the next query opens a new one; in use, the queries on
 * it are rejected, and whoever sent them says away.
 */
export function surviveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}

const silenceMs = 5_000;

/** Nothing is connected before the first query. */
export function createPool({ url, role, size, statementTimeoutMs }: PoolOptions): pg.Pool {
  const { connectionString, options } = addressOf(url, role);
  const limits = `-c statement_timeout=${statementTimeoutMs} -c idle_in_transaction_session_timeout=20000`;
  const pool = new pg.Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: `rollcall ${process.pid}`,
    ...(options === undefined ? {} : { options: `${options} ${limits}` }),
    // A server that vanished without a word sends no error: past its own limit, its silence is one.
    query_timeout: statementTimeoutMs + silenceMs,
    keepAlive: true,
    // pg 8.23: statements are written without waiting for the answer of the one before.
    pipeline: true,
    types,
  } as pg.PoolConfig);
  surviveLostConnections(pool);
  return pool;
}
