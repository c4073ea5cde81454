// Brings a database to the schema of this version: numbered migrations, forward only, each once, under a lock.
// Talks to: Postgres, directly, as the owner of the tables (the role of DATABASE_URL). Row-level security, policies and
// grants are derived from each table's class, stated as data beside its DDL, so that no tenant table can be forgotten.

import pg from 'pg';
import { belongs, type Part } from './migration-parts.ts';
import { migrations } from './migrations/index.ts';
import { addressOf, isPooler, type Role } from './pool.ts';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

/** A table, its class (`tenant`: first key column is `tenant`, row-level security; `control`: cannot start with one). */
export interface TableClass {
  table: `${'workspace' | 'identity' | 'control'}.${string}`;
  class: 'tenant' | 'control';
  /** What each role may do; a role that is not named may do nothing. */
  rights: Partial<Record<Role, readonly Privilege[]>>;
}

export interface Migration {
  /** Position in the order; never changes once released. */
  number: number;
  name: string;
  /** Statements run in this order, in one transaction, one at a time. */
  statements: readonly string[];
  /** Tables this migration creates. */
  tables: readonly TableClass[];
}

/** The database cannot be used as it is; the message is one sentence for the operator. */
export class UnusableDatabase extends Error {
  override name = 'UnusableDatabase';
}

export const roles: readonly Role[] = ['rollcall_workspace', 'rollcall_identity', 'rollcall_queue'];
const lockKey = 7_643_7_644;
const oldestServer = 150_000;

function policies({ table, class: tableClass, rights }: TableClass): string[] {
  const grants = Object.entries(rights).map(
    ([role, privileges]) => `grant ${privileges.join(', ')} on ${table} to ${role}`,
  );
  if (tableClass === 'control') return grants;
  return [
    ...grants,
    `alter table ${table} enable row level security`,
    // Without missing_ok: a connection that is set to no tenant gets an error, never an empty answer.
    `create policy tenant_only on ${table} using (tenant = current_setting('app.tenant')::uuid) with check (tenant = current_setting('app.tenant')::uuid)`,
  ];
}

async function prepareRoles(client: pg.Client): Promise<void> {
  for (const role of roles) {
    const found = await client.query('select 1 from pg_roles where rolname = $1', [role]);
    if (found.rowCount === 0) {
      await client.query(`create role ${role} nologin noinherit`).catch((error: { code?: string }) => {
        // Roles belong to the whole server: another database's migration may have made it just now.
        if (error.code !== '42710' && error.code !== '23505') throw error;
      });
    }
    await client.query(`grant ${role} to current_user`).catch((error: { code?: string; message: string }) => {
      if (error.code !== '23505' && !error.message.includes('tuple concurrently updated')) throw error;
    });
  }
}

export interface ServerFacts {
  /** server_version_num */
  version: number;
  /** server_version */
  name: string;
  fsync: string;
  synchronousCommit: string;
}

/** Why a server is not used, as a sentence; undefined when it is. */
export function serverProblem({ version, name, fsync, synchronousCommit }: ServerFacts): string | undefined {
  if (version < oldestServer) return `The database server is PostgreSQL ${name}; Rollcall needs 15 or later.`;
  if (fsync !== 'on') return 'The database server runs with fsync=off and may lose what it confirmed. Set fsync = on.';
  if (synchronousCommit === 'off') {
    return 'The database has synchronous_commit=off and may lose what it confirmed. Set it to on.';
  }
  return undefined;
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<ServerFacts>(
    `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as "synchronousCommit", current_setting('server_version') as name`,
  );
  const problem = rows[0] ? serverProblem(rows[0]) : 'The database did not say its version.';
  if (problem) throw new UnusableDatabase(problem);
}

async function applied(client: pg.Client): Promise<number> {
  await client.query('create schema if not exists control');
  await client.query(
    'create table if not exists control.migration (number integer primary key, name text not null, applied_at timestamptz not null)',
  );
  const { rows } = await client.query<{ number: number }>('select max(number) as number from control.migration');
  return rows[0]?.number ?? 0;
}

async function run(client: pg.Client, migration: Migration, part: Part, at: Date): Promise<void> {
  await client.query('begin');
  try {
    const statements = [...migration.statements, ...migration.tables.flatMap(policies)];
    for (const statement of statements) if (belongs(statement, part)) await client.query(statement);
    await client.query('insert into control.migration (number, name, applied_at) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      at,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${migration.number} (${migration.name}) failed: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `rollcall ${process.pid} migrate`,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { host, port } = client;
    throw new UnusableDatabase(
      `The database at ${host}:${port} cannot be reached: ${(error as Error).message || (error as { code?: string }).code}.`,
      {
        cause: error,
      },
    );
  }
}

export interface RoleFacts {
  name: string;
  superuser: boolean;
  bypass: boolean;
}

/** Why connections that work as `effective` are not used, as a sentence; undefined when they are. */
export function roleProblem(wanted: Role, effective: RoleFacts): string | undefined {
  const { name, superuser, bypass } = effective;
  if (!superuser && !bypass && name === wanted) return undefined;
  const what = superuser ? 'is a superuser' : bypass ? 'has BYPASSRLS' : `is not ${wanted}`;
  return (
    `The application's connections work as "${name}", which ${what}: row-level security would not hold. ` +
    `Let the role of DATABASE_URL set the roles ${roles.join(', ')}, and give them neither SUPERUSER nor BYPASSRLS.`
  );
}

/**
 * Refuses a role that row-level security does not bind: looks as each of the application's own connections.
 * @param url direct address, or a pooler's with `{role}` in it: the queue alone is never behind one
 */
export async function checkRoles(url: string): Promise<void> {
  for (const role of isPooler(url) ? roles.filter((each) => each !== 'rollcall_queue') : roles) {
    const client = new pg.Client({ ...addressOf(url, role), connectionTimeoutMillis: 10_000 });
    client.on('error', () => {});
    await client.connect().catch((error: Error) => {
      const { host, port } = client;
      throw new UnusableDatabase(`The server at ${host}:${port} does not let ${role} in: ${error.message}.`, {
        cause: error,
      });
    });
    try {
      const { rows } = await client.query<RoleFacts>(
        'select rolname as name, rolsuper as superuser, rolbypassrls as bypass from pg_roles where rolname = current_user',
      );
      const problem = rows[0] ? roleProblem(role, rows[0]) : `The role ${role} is missing.`;
      if (problem) throw new UnusableDatabase(problem);
    } finally {
      await client.end();
    }
  }
}

/**
 * Migrates and checks the database.
 * @param url direct address of the database as the owner of its tables
 * @param part what this server keeps
 * @throws {UnusableDatabase} unreachable, older than 15, fsync off, of a later version, or roles that would bypass
 * row-level security.
 */
export async function migrate(
  url: string,
  now: () => Date,
  part: Part = 'everything',
): Promise<{ applied: number; at: number }> {
  const client = await connect(url);
  try {
    await checkServer(client);
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const before = await applied(client);
    const newest = migrations.at(-1)?.number ?? 0;
    if (before > newest) {
      throw new UnusableDatabase(
        `The database is at migration ${before}, and this version of Rollcall knows ${newest}: it was used by a later version. Start that version, or restore a backup made before it.`,
      );
    }
    const missing = migrations.filter(({ number }) => number > before);
    if (missing.length > 0) await prepareRoles(client);
    for (const migration of missing) await run(client, migration, part, now());
    await checkRoles(url);
    return { applied: missing.length, at: newest };
  } finally {
    await client.end();
  }
}

/** Whether a server follows another, and how many seconds ago the last transaction it has seen was committed there. */
export async function replicaState(url: string): Promise<{ follows: boolean; behind: number | null }> {
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ follows: boolean; behind: number | null }>(
      `select pg_is_in_recovery() as follows,
              extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::integer as behind`,
    );
    return rows[0] ?? { follows: false, behind: null };
  } finally {
    await client.end();
  }
}
