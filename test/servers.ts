// The servers that the tests of a run make their databases on: one, or two with a pooler before each. Talks to: Postgres.

import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** A server that tests make databases on. */
export interface TestServer {
  /** As superuser, direct. */
  url: string;
  /** A pooler before it, with {role} in its address. */
  poolUrl?: string;
}

/** Where a run's databases are: on `tenants` alone, or with the control tables on `control`. */
export interface TestServers {
  tenants: TestServer;
  control?: TestServer;
}

/** The address of database `name` on the server of `url`. */
export function databaseAddress(url: string, name: string): string {
  const [head, tail = ''] = url.split(/\/[^/?]*(?=\?|$)/);
  return `${head}/${name}${tail}`;
}

/** How `rollcall serve` or a pool finds its way to database `name` on these servers. */
export function waysTo({ tenants, control }: TestServers, name: string) {
  const at = (url: string | undefined) => (url === undefined ? undefined : databaseAddress(url, name));
  return {
    url: databaseAddress(tenants.url, name),
    poolUrl: at(tenants.poolUrl),
    controlUrl: at(control?.url),
    controlPoolUrl: at(control?.poolUrl),
    preparedStatements: tenants.poolUrl === undefined,
  };
}

/** Runs one statement as the server's superuser, in the database that the address names. */
export async function onServer(serverUrl: string, text: string): Promise<pg.QueryResult['rows']> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The environment of a `rollcall serve` on database `name` of these servers. */
export function environmentOf(servers: TestServers, name: string): Record<string, string> {
  const { url, controlUrl, poolUrl, controlPoolUrl, preparedStatements } = waysTo(servers, name);
  return {
    ...{ DATABASE_URL: url, SECRET_KEY: 'a secret key for tests, long enough for it' },
    ...(controlUrl ? { CONTROL_DATABASE_URL: controlUrl } : {}),
    ...(poolUrl ? { DATABASE_POOL_URL: poolUrl } : {}),
    ...(controlPoolUrl ? { CONTROL_DATABASE_POOL_URL: controlPoolUrl } : {}),
    PREPARED_STATEMENTS: preparedStatements ? 'on' : 'off',
  };
}

/** The environment of a `rollcall serve` with a new database on the run's own servers; nothing when it has none. */
export async function databaseEnvironment(): Promise<Record<string, string>> {
  const stated = process.env['ROLLCALL_TEST_SERVERS'];
  if (stated === undefined) return {};
  const servers = JSON.parse(stated) as TestServers;
  const name = `served_${randomUUID().replaceAll('-', '')}`;
  for (const { url } of Object.values(servers)) await onServer(url, `create database ${name}`);
  return environmentOf(servers, name);
}
