// What a Citus coordinator is told, checked against the catalog of a migrated server: Citus itself is not to be had here,
// so a stand-in for its function refuses what Citus refuses (documented limits of create_distributed_table): a foreign
// key that leads to a table that is not distributed, a primary key or unique index without the distribution column.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { distribute, distributionStatements, tenantTables } from '../../src/store/distribute.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const standIn = [
  'create table public.pg_dist_partition (logicalrelid regclass primary key, position serial)',
  `create function public.create_distributed_table(relation regclass, distribution_column text, colocate_with text)
   returns void language plpgsql as $$
   declare missing text;
   begin
     select string_agg(conname, ', ') into missing from pg_constraint
      where conrelid = relation and contype = 'f' and confrelid <> relation
        and confrelid not in (select logicalrelid from pg_dist_partition);
     if missing is not null then raise exception 'foreign keys % lead to tables that are not distributed', missing; end if;
     select string_agg(indexrelid::regclass::text, ', ') into missing from pg_index i
      where indrelid = relation and indisunique and not exists (
        select 1 from pg_attribute a where a.attrelid = relation and a.attname = distribution_column and a.attnum = any(i.indkey));
     if missing is not null then raise exception 'unique indexes % do not have %', missing, distribution_column; end if;
     if colocate_with <> 'none' and to_regclass(colocate_with) not in (select logicalrelid from pg_dist_partition) then
       raise exception 'nothing to be beside'; end if;
     insert into pg_dist_partition (logicalrelid) values (relation);
   end $$`,
];

it('a server without Citus is one sentence', async () => {
  await expect(distribute(test.url, () => {})).rejects.toThrow(/no Citus coordinator/);
});

it('every tenant table is distributed once, control never, each after what it points to', async () => {
  for (const statement of standIn) await test.asOwner(statement);
  // The order of the roles' settings is for Citus alone; a plain server knows the name of a setting with a dot.
  for (const statement of distributionStatements('postgres').filter((each) => each.startsWith('select')))
    await test.asOwner(statement);
  const { rows } = await test.asOwner(
    `select c.oid::regclass::text as name, d.logicalrelid is not null as distributed
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_dist_partition d on d.logicalrelid = c.oid
     where n.nspname in ('workspace', 'identity') and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  expect(rows.filter(({ distributed }) => !distributed)).toEqual([]);
  expect(rows.map(({ name }) => name).sort()).toEqual([...tenantTables()].sort());
});

it('the stand-in refuses a wrong order', async () => {
  await test.asOwner('delete from pg_dist_partition');
  await expect(
    test.asOwner("select create_distributed_table('workspace.scim_token', 'tenant', colocate_with => 'none')"),
  ).rejects.toThrow(/not distributed/);
});

it('settings travel nowhere, for every role and the login, whatever its name', () => {
  const settings = distributionStatements('o"brien').filter((each) => each.startsWith('alter role'));
  expect(settings).toContain(`alter role "rollcall_workspace" set citus.propagate_set_commands = 'local'`);
  expect(settings).toContain(`alter role "o""brien" set citus.propagate_set_commands = 'local'`);
  expect(settings).toHaveLength(4);
});
