// A database of its own for each test file, made from a template on the cluster that its project shares.
// Talks to: Postgres.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase, type Role, type TenantDatabase } from '../src/store/database.ts';

export interface TestDatabase {
  /** Address as the owner of the tables: for looking behind row-level security. */
  url: string;
  open(role: Role): TenantDatabase;
  /** Runs statements as the owner, who is bound by no policy. */
  asOwner(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  drop(): Promise<void>;
}

/** The address of database `name` on the server of `url`. */
export function databaseAddress(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** Creates an empty, migrated database. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { serverUrl, template } = inject('database');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(serverUrl, `create database ${name} template ${template}`);
  const url = databaseAddress(serverUrl, name);
  const opened: TenantDatabase[] = [];
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  return {
    url,
    open(role) {
      const database = openDatabase({ url, role });
      opened.push(database);
      return database;
    },
    asOwner: (text, values) => owner.query(text, values),
    async drop() {
      await Promise.all(opened.map((database) => database.close()));
      await owner.end();
      await onServer(serverUrl, `drop database ${name} with (force)`);
    },
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
