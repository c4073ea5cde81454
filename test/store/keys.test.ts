// The rules of keys, by the catalog of a migrated database: whatever a migration says, this is what it made. A table that
// keeps them can be spread over servers by its tenant.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrations } from '../../src/store/migrations/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const rowsOf = async (text: string) => (await test.asOwner(text)).rows;

it('every table of a tenant’s schema has its class, and its first column is the tenant, never null', async () => {
  const rows = await rowsOf(
    `select n.nspname || '.' || c.relname as name, a.attname::text as first, a.attnotnull as given, format_type(a.atttypid, null) as type
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum = 1
     where n.nspname in ('workspace', 'identity') and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  const stated = migrations.flatMap(({ tables }) => tables.filter((each) => each.class === 'tenant'));
  // A later migration may make a table anew.
  expect(rows.map(({ name }) => name).sort()).toEqual([...new Set(stated.map(({ table }) => table))].sort());
  for (const row of rows) expect(row).toMatchObject({ first: 'tenant', given: true, type: 'uuid' });
});

it('the tenant is first in every primary key, unique index and foreign key, on both sides of it', async () => {
  const unique = await rowsOf(
    `select i.indexrelid::regclass::text as name, a.attname::text as first
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
     where n.nspname in ('workspace', 'identity') and i.indisunique`,
  );
  expect(unique.length).toBeGreaterThan(30);
  expect(unique.filter(({ first }) => first !== 'tenant')).toEqual([]);
  const foreign = await rowsOf(
    `select k.conname, near.attname::text as near, far.attname::text as far, n.nspname = t.nspname as same_schema
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_class d on d.oid = k.confrelid join pg_namespace t on t.oid = d.relnamespace
     join pg_attribute near on near.attrelid = k.conrelid and near.attnum = k.conkey[1]
     join pg_attribute far on far.attrelid = k.confrelid and far.attnum = k.confkey[1]
     where k.contype = 'f' and n.nspname in ('workspace', 'identity')`,
  );
  expect(foreign.length).toBeGreaterThan(20);
  expect(foreign.filter(({ near, far, same_schema: same }) => near !== 'tenant' || far !== 'tenant' || !same)).toEqual(
    [],
  );
});

it('every primary key is there: a row can be moved by a publication', async () => {
  const rows = await rowsOf(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('workspace', 'identity') and c.relkind in ('r', 'p')
       and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')`,
  );
  expect(rows).toEqual([]);
});

it('no trigger, no sequence, no identity column, no default that the server makes up', async () => {
  const found = await rowsOf(
    `select 'trigger ' || g.tgname as what from pg_trigger g join pg_class c on c.oid = g.tgrelid
       join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('workspace', 'identity') and not g.tgisinternal
     union all select 'sequence ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('workspace', 'identity') and c.relkind = 'S'
     union all select 'column ' || a.attrelid::regclass || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
       join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('workspace', 'identity') and a.attidentity <> ''
     union all select 'default of ' || d.adrelid::regclass from pg_attrdef d join pg_class c on c.oid = d.adrelid
       join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('workspace', 'identity')
         and pg_get_expr(d.adbin, d.adrelid) ~* 'nextval|now\\(|timestamp|random'`,
  );
  expect(found).toEqual([]);
});

it('a policy raises where no tenant is set: it never asks with missing_ok, and nothing is forced upon the owner', async () => {
  const policies = await rowsOf(
    `select schemaname || '.' || tablename as name, qual, with_check as written from pg_policies where schemaname in ('workspace', 'identity')`,
  );
  expect(policies.length).toBeGreaterThan(30);
  for (const { name, qual, written } of policies) {
    expect(qual, name).toMatch(/^\(tenant = \(current_setting\('app\.tenant'::text\)\)::uuid\)$/);
    expect(written, name).toBe(qual);
  }
  const forced = await rowsOf('select relname from pg_class where relforcerowsecurity');
  expect(forced).toEqual([]);
});
