// What makes a Citus coordinator of a migrated server: every tenant table distributed by its tenant, all of them side by
// side, from the same classes that row-level security is derived from. Talks to: Postgres, the coordinator directly.
// Control tables stay on the coordinator, as they are. Restartable: what is distributed already is left out.

import type { Client } from 'pg';
import { connect, type Migration, roles, UnusableDatabase } from './migrate.ts';
import { migrations } from './migrations/index.ts';

/** Which tables a table's foreign keys point to, as the migrations state them. */
function references(all: readonly Migration[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const statement of all.flatMap(({ statements }) => statements)) {
    const table = /^\s*(?:create table|alter table)(?: if not exists)? (\w+\.\w+)/i.exec(statement)?.[1];
    if (table === undefined) continue;
    const targets = found.get(table) ?? new Set();
    for (const [, target = ''] of statement.matchAll(/\breferences (\w+\.\w+)/gi)) targets.add(target);
    found.set(table, targets);
  }
  return found;
}

/**
 * Tenant tables, each after those that it points to: a foreign key can only lead to what is distributed already.
 * Partitions and indexes go with their table.
 */
export function tenantTables(all: readonly Migration[] = migrations): string[] {
  const pointsTo = references(all);
  const wanted = all.flatMap(({ tables }) =>
    tables.filter((each) => each.class === 'tenant').map(({ table }) => table),
  );
  const ordered = new Set<string>();
  const visit = (table: string): void => {
    if (ordered.has(table)) return;
    for (const target of pointsTo.get(table) ?? []) if (target !== table) visit(target);
    ordered.add(table);
  };
  for (const table of wanted) visit(table);
  return [...ordered];
}

/**
 * The statements, in order.
 * @param login the role the application logs in as: what it may set inside a transaction must travel nowhere
 */
export function distributionStatements(login: string, all: readonly Migration[] = migrations): string[] {
  const [first, ...rest] = tenantTables(all);
  // `SET LOCAL app.tenant` stays on its own connection; Citus otherwise refuses or repeats it everywhere.
  const settings = [...roles, login].map(
    (role) => `alter role "${role.replaceAll('"', '""')}" set citus.propagate_set_commands = 'local'`,
  );
  return [
    ...settings,
    `select create_distributed_table('${first}', 'tenant', colocate_with => 'none')`,
    ...rest.map((table) => `select create_distributed_table('${table}', 'tenant', colocate_with => '${first}')`),
  ];
}

async function distributed(client: Client): Promise<Set<string>> {
  const { rows: extension } = await client.query("select 1 from pg_extension where extname = 'citus'");
  if (extension.length === 0) {
    throw new UnusableDatabase(
      'This server is no Citus coordinator: the extension citus is not in this database. Install Citus, put it in shared_preload_libraries, and run: create extension citus',
    );
  }
  const { rows } = await client.query<{ name: string }>(
    'select logicalrelid::regclass::text as name from pg_dist_partition',
  );
  return new Set(rows.map(({ name }) => name));
}

/** Runs what is not done yet, one statement at a time. @returns the statements that were run */
export async function distribute(url: string, onStatement: (statement: string) => void): Promise<number> {
  const client = await connect(url);
  try {
    const done = await distributed(client);
    const { rows } = await client.query<{ login: string }>('select session_user as login');
    let count = 0;
    for (const statement of distributionStatements(rows[0]?.login ?? '')) {
      const table = /create_distributed_table\('([^']+)'/.exec(statement)?.[1];
      if (table !== undefined && done.has(table)) continue;
      onStatement(statement);
      await client.query(statement);
      count += 1;
    }
    return count;
  } finally {
    await client.end();
  }
}
