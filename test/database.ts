// A database of its own for each test file, made from a template on the cluster that its project shares: one server, or
// two with a pooler before each. Talks to: Postgres.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type DatabaseOptions, openDatabase, type Role, type TenantDatabase } from '../src/store/database.ts';
import { environmentOf, onServer, waysTo } from './servers.ts';
import { until } from './until.ts';

export interface TestDatabase {
  /** Address as the owner of the tables: for looking behind row-level security. */
  url: string;
  /** Where `control` and the queue live. */
  controlUrl: string;
  /** Of a `rollcall serve` on it. */
  environment: Record<string, string>;
  open(role: Role, otherwise?: Partial<DatabaseOptions>): TenantDatabase;
  /** Runs statements as the owner, who is bound by no policy, on the server that keeps what they name. */
  asOwner(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  /** Resolves when somebody, or so many, wait for a lock in it. */
  somebodyWaits(many?: number): Promise<void>;
  drop(): Promise<void>;
}

/** Creates an empty, migrated database. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { servers, template } = inject('database');
  const all = Object.values(servers);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  for (const { url } of all) await onServer(url, `create database ${name} template ${template}`);
  const ways = waysTo(servers, name);
  const opened: TenantDatabase[] = [];
  const pools = [ways.url, ways.controlUrl ?? ways.url].map((connectionString) => {
    const pool = new pg.Pool({ connectionString, max: 2 });
    pool.on('error', () => {});
    return pool;
  });
  const [owner, controlOwner] = pools as [pg.Pool, pg.Pool];
  return {
    url: ways.url,
    controlUrl: ways.controlUrl ?? ways.url,
    environment: environmentOf(servers, name),
    open(role, otherwise = {}) {
      const database = openDatabase({ ...ways, role, ...otherwise });
      opened.push(database);
      return database;
    },
    asOwner: (text, values) =>
      (/\bcontrol\.(?!migration)|\bpgboss\./.test(text) ? controlOwner : owner).query(text, values),
    async somebodyWaits(many = 1) {
      const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await until(
        () => owner.query(waiting),
        ({ rowCount }) => rowCount! >= many,
      );
    },
    async drop() {
      await Promise.all(opened.map((database) => database.close()));
      await Promise.all(pools.map((pool) => pool.end()));
      for (const { url } of all) await onServer(url, `drop database ${name} with (force)`);
    },
  };
}
