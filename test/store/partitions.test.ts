// Partitions by time: made ahead, used, guarded like their parents, and dropped when everything in them is old.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { maintainPartitions } from '../../src/store/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type Workspace, type World } from '../http/scim/world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
});
afterAll(() => database.drop());

const tables = ['outbox', 'request_journal', 'request_subject'];
const rowsOf = async (text: string) => (await database.asOwner(text)).rows;
const partitions = async () =>
  (
    await rowsOf(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'workspace' and c.relkind = 'r' order by 1`,
    )
  ).map(({ name }) => name as string);
const counts = async () =>
  (await rowsOf('select count(*)::int as rows from workspace.request_journal'))[0].rows as number;

test('made once for this week and the three to come, whoever asks again', async () => {
  expect(await partitions()).toEqual(tables.map((table) => `${table}_default`));
  expect(await maintainPartitions(database.url, world.now(), 90)).toEqual({ made: 12, dropped: 0 });
  expect(await maintainPartitions(database.url, world.now(), 90)).toEqual({ made: 0, dropped: 0 });
  // 25 November 2026 is in the week that began on Thursday the 19th: weeks are counted from 1 January 1970, a Thursday.
  expect(await partitions()).toContain('request_journal_20261119');
});

test('requests are kept in the week they came in, and read as before', async () => {
  const { body } = await acme.send('POST', '/Users', { userName: 'ada' });
  expect((await acme.send('GET', `/Users/${body.id}`)).status).toBe(200);
  await world.store.readJournal.flush();
  expect((await rowsOf('select count(*)::int as rows from workspace.request_journal_20261119'))[0].rows).toBe(2);
  expect((await rowsOf('select count(*)::int as rows from workspace.outbox_20261119'))[0].rows).toBe(1);
});

test('no way leads past the parent: each has the policy, and nobody has rights on it', async () => {
  const guarded = await rowsOf(
    `select c.relname as name, c.relrowsecurity as secured, p.polname as policy, has_table_privilege('rollcall_workspace', c.oid, 'select') as open
       from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_namespace n on n.oid = c.relnamespace
       left join pg_policy p on p.polrelid = c.oid where n.nspname = 'workspace' and c.relkind = 'r'`,
  );
  expect(guarded.length).toBe(15);
  for (const each of guarded) expect(each).toMatchObject({ secured: true, policy: 'tenant_only', open: false });
});

test('dropped when the whole week is older than is kept; the default partition is swept', async () => {
  const weeks = (count: number) => new Date(world.now().getTime() + count * 7 * 24 * 3_600_000);
  expect(await counts()).toBe(2);
  // Twelve weeks on, most of that week is within ninety days; thirteen weeks on, all of it is older.
  expect((await maintainPartitions(database.url, weeks(12), 90)).dropped).toBe(0);
  expect(await counts()).toBe(2);
  expect((await maintainPartitions(database.url, weeks(13), 90)).dropped).toBe(3);
  expect(await counts()).toBe(0);
  expect((await acme.send('GET', '/Users')).body.totalResults).toBe(1);
});
