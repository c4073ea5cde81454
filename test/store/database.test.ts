// The seam to the database itself, direct: what a transaction sets and sends, how it ends, which failures are tried again,
// and what becomes of connections. One connection is enough to see that none is lost.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabaseOptions, openDatabase, type TenantDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { together } from '../../src/store/scim/sql.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { databaseAddress, onServer } from '../servers.ts';

const tenant = '0198c0de-0000-7000-8000-00000000000a';
let database: TestDatabase;
const opened: TenantDatabase[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await database.drop();
});

function open(options: Partial<DatabaseOptions> = {}): TenantDatabase {
  const direct = openDatabase({ url: database.url, role: 'rollcall_workspace', poolSize: 1, ...options });
  opened.push(direct);
  return direct;
}

async function one(from: TenantDatabase, text: string) {
  const [[row] = []] = await from.batch(tenant, [{ text }]);
  return row;
}
const pidOf = async (from: TenantDatabase) => (await one(from, 'select pg_backend_pid() as pid'))?.['pid'] as number;
const fails = { text: 'select 1/0' };

test.each([
  ['in capitals', tenant.toUpperCase()],
  ['with something before it', `x${tenant}`],
  ['with something behind it', `${tenant}' --`],
  ['on a second line', `${tenant}\n`],
  ['in braces', `{${tenant}}`],
  ['too short', tenant.slice(1)],
  ['of other letters', tenant.replace('a', 'g')],
  ['none', ''],
])('a tenant %s is refused before anything is sent, and the connection is given back', async (_, name) => {
  const direct = open();
  const sentence = 'A tenant must be a lower-case UUID.';
  await expect(direct.batch(name, [{ text: 'select 1' }])).rejects.toThrow(sentence);
  await expect(direct.withTenant(name, async () => 1)).rejects.toThrow(sentence);
  expect(await one(direct, 'select 1 as one')).toEqual({ one: 1 });
});

test('each transaction is set to its tenant and to nothing that lasts', async () => {
  const direct = open();
  const setting = "select current_setting('app.tenant') as tenant";
  expect(await one(direct, setting)).toEqual({ tenant });
  const inside = await direct.withTenant(tenant, (transaction) => transaction.query(setting));
  expect(inside).toEqual([{ tenant }]);
  const [after] = await direct.control.query("select current_setting('app.tenant', true) as tenant");
  expect(after?.['tenant'] ?? '').toBe('');
  // A router's hint is for a router.
  expect((await one(direct, "select current_setting('pgdog.sharding_key', true) as hint"))?.['hint'] ?? '').toBe('');
});

test('what stands behind a failed statement is not run: this side says so, and behind a router the server', async () => {
  const behind = async (router?: 'pgdog') => {
    let sentence = '';
    const work = open({ router }).withTenant(tenant, async (transaction) => {
      const [, second] = await Promise.allSettled([transaction.query(fails), transaction.query('select 2')]);
      sentence = second.status === 'rejected' ? second.reason.message : 'done';
    });
    await expect(work).rejects.toThrow();
    return sentence;
  };
  expect(await behind()).toMatch(/^Not run/);
  // A router decides at each Sync where a statement goes, so each has its own.
  expect(await behind('pgdog')).toMatch(/^current transaction is aborted/);
});

test('a statement has a limit: as the connection starts, and behind a pooler in each transaction', async () => {
  const shown = 'show statement_timeout';
  expect(await one(open(), shown)).toEqual({ statement_timeout: '15s' });
  expect(await one(open({ statementTimeoutMs: 7_000 }), shown)).toEqual({ statement_timeout: '7s' });
  const address = new URL(database.url);
  // Whatever has the role in its address is a pooler's.
  address.searchParams.set('application_name', 'as ');
  const pooled = open({ poolUrl: `${address.href}{role}`, statementTimeoutMs: 7_000 });
  expect(await one(pooled, shown)).toEqual({ statement_timeout: '7s' });
  expect(await one(pooled, 'show application_name')).toEqual({ application_name: 'as rollcall_workspace' });
  const [outside] = await pooled.control.query(shown);
  expect(outside).toEqual({ statement_timeout: '0' });
});

test('a statement with a name is kept by the server, unless none may be', async () => {
  const named = { name: 'counts', text: 'select $1::int as one', values: [1] };
  const kept = { text: "select name from pg_prepared_statements where name = 'counts'" };
  const asked = (from: TenantDatabase) =>
    from.withTenant(tenant, async (transaction) => [
      await transaction.query(named),
      await transaction.query('select $1::int as two', [2]),
      await transaction.query(kept),
    ]);
  expect(await asked(open())).toEqual([[{ one: 1 }], [{ two: 2 }], [{ name: 'counts' }]]);
  expect(await asked(open({ preparedStatements: false }))).toEqual([[{ one: 1 }], [{ two: 2 }], []]);
});

test('a statement that the server does not keep any more, or of other columns by now, is prepared anew', async () => {
  const direct = open();
  await database.asOwner('create table public.changing (n integer)');
  await database.asOwner('grant select on public.changing to public');
  const names = Array.from({ length: 8 }, (_, n) => `changing_${n}`);
  const all = () =>
    direct.batch(
      tenant,
      names.map((name) => ({ name, text: 'select n from public.changing' })),
    );
  const none = names.map(() => []);
  expect(await all()).toEqual(none);
  const pid = await pidOf(direct);
  await database.asOwner('alter table public.changing alter n type text');
  expect(await all()).toEqual(none);
  expect(await pidOf(direct)).toBe(pid);
  await direct.control.query('deallocate all');
  expect(await all()).toEqual(none);
  expect(await direct.control.query({ name: 'changing_0', text: 'select n from public.changing' })).toEqual([]);
});

test('a batch gives the rows of its own statements, in their order', async () => {
  expect(await open().batch(tenant, [])).toEqual([]);
  expect(await open().batch(tenant, [{ text: 'select 1 as a' }, { text: 'select 2 as b where false' }])).toEqual([
    [{ a: 1 }],
    [],
  ]);
});

test('a failed transaction is undone and its connection is used again', async () => {
  const direct = open();
  const pid = await pidOf(direct);
  const insert = {
    text: "insert into workspace.settings (tenant, slug, name, plan, created_at) values ($1, 'x', 'x', 'plus', now())",
    values: [tenant],
  };
  await expect(direct.batch(tenant, [insert, fails])).rejects.toMatchObject({ code: '22012' });
  const thrown = direct.withTenant(tenant, async (transaction) => {
    await transaction.query(insert);
    throw new Error('no more');
  });
  await expect(thrown).rejects.toThrow('no more');
  expect(await one(direct, 'select count(*) as rows from workspace.settings')).toEqual({ rows: 0 });
  expect(await pidOf(direct)).toBe(pid);
  await expect(direct.control.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
  const [[inside], [outside]] = [
    await direct.withTenant(tenant, (transaction) => transaction.query('select pg_backend_pid() as pid')),
    await direct.control.query('select pg_backend_pid() as pid'),
  ];
  expect([inside?.['pid'], outside?.['pid'], await pidOf(direct)]).toEqual([pid, pid, pid]);
});

test('work that passes over a failure has failed all the same', async () => {
  const direct = open();
  const passing = direct.withTenant(tenant, async (transaction) => {
    await transaction.query(fails).catch(() => {});
    await transaction.query('select 2').catch(() => {});
    return 'done';
  });
  // Not "rolled back": whoever reads the log needs the cause, and a deadlock is tried again.
  await expect(passing).rejects.toMatchObject({ code: '22012' });
  const notWaiting = direct.withTenant(tenant, async (transaction) => {
    transaction.query(fails).catch(() => {});
    return 'done';
  });
  await expect(notWaiting).rejects.toMatchObject({ code: '22012' });
});

test('a value that cannot be sent is told, and nothing of its transaction is kept', async () => {
  const direct = open();
  const insert = {
    text: "insert into workspace.settings (tenant, slug, name, plan, created_at) values ($1, 'y', 'y', 'plus', now())",
    values: [tenant],
  };
  const bad = { text: 'select $1::timestamptz', values: [new Date(Number.NaN)] };
  const sentence = 'Invalid time value';
  await expect(direct.batch(tenant, [insert, bad])).rejects.toThrow(sentence);
  const notWaiting = direct.withTenant(tenant, async (transaction) => {
    await transaction.query(insert);
    transaction.query(bad).catch(() => {});
  });
  await expect(notWaiting).rejects.toThrow(sentence);
  await expect(direct.control.query(bad)).rejects.toThrow(sentence);
  expect(await one(direct, "select count(*) as rows from workspace.settings where slug = 'y'")).toEqual({ rows: 0 });
});

test('what was sent and not waited for is done when the transaction is', async () => {
  const direct = open();
  const answers: unknown[] = [];
  await direct.withTenant(tenant, async (transaction) => {
    for (const n of [1, 2, 3]) void transaction.query('select $1::int as n', [n]).then((rows) => answers.push(...rows));
  });
  expect(answers).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test.each([
  ['40001', 6],
  ['40P01', 6],
  ['22012', 1],
  ['23505', 1],
])('work that ends with %s is run %i times', async (code, times) => {
  const direct = open();
  let runs = 0;
  const raise = `do $$ begin raise exception using errcode = '${code}'; end $$`;
  const work = direct.withTenant(tenant, async (transaction) => {
    runs += 1;
    await transaction.query(raise);
  });
  await expect(work).rejects.toMatchObject({ code });
  expect(runs).toBe(times);
});

test('of work that sends side by side, the failure is told that kept the other from being run', async () => {
  const direct = open();
  let runs = 0;
  const deadlock = "do $$ begin raise exception using errcode = '40P01'; end $$";
  const work = direct.withTenant(tenant, async (transaction) => {
    runs += 1;
    const inTurn = async (...texts: string[]) => {
      for (const text of texts) await transaction.query(text);
    };
    await together([inTurn('select 1', 'select 2', 'select 3'), inTurn('select 1', deadlock)]);
  });
  await expect(work).rejects.toMatchObject({ code: '40P01' });
  expect(runs).toBe(6);
});

test('a connection that ends while it is in use is away, and is not used again', async () => {
  const direct = open();
  await database.asOwner(`create function public.end_me() returns boolean language sql security definer
    as 'select pg_terminate_backend(pg_backend_pid())'`);
  for (const use of [
    (text: string) => direct.batch(tenant, [{ text }]),
    (text: string) => direct.withTenant(tenant, (transaction) => transaction.query(text)),
    (text: string) => direct.control.query(text),
  ]) {
    const before = await pidOf(direct);
    await expect(use('select public.end_me()')).rejects.toMatchObject({ name: 'DatabaseAway' });
    expect(await pidOf(direct)).not.toBe(before);
  }
});

test('a server that only reads now is away, and nobody goes back to it', async () => {
  const direct = open();
  const demoted = "do $$ begin raise exception using errcode = '25006'; end $$";
  for (const use of [
    () => direct.batch(tenant, [{ text: demoted }]),
    () => direct.withTenant(tenant, (transaction) => transaction.query(demoted)),
    () => direct.control.query(demoted),
  ]) {
    const before = await pidOf(direct);
    await expect(use()).rejects.toMatchObject({ name: 'DatabaseAway', cause: { code: '25006' } });
    expect(await pidOf(direct)).not.toBe(before);
  }
});

test('as many connections as said, sixteen when nothing is said, four for control', async () => {
  const pids = async (ask: () => Promise<{ pid?: number }[]>) => {
    const rows = await Promise.all(Array.from({ length: 40 }, ask));
    return new Set(rows.map(([row]) => row?.pid)).size;
  };
  const text = 'select pg_backend_pid() as pid, pg_sleep(0.01)';
  const of = (from: TenantDatabase) => pids(async () => (await from.batch(tenant, [{ text }]))[0]!);
  expect(await of(open({ poolSize: 3 }))).toBe(3);
  const standard = openDatabase({ url: database.url, role: 'rollcall_workspace', controlUrl: database.url });
  opened.push(standard);
  expect(await of(standard)).toBe(16);
  expect(await pids(() => standard.control.query(text))).toBe(4);
});

test('a replica whose answer a change overtook is not asked again; its own mistakes are told', async () => {
  const copy = `copy_${randomUUID().replaceAll('-', '')}`;
  const serverUrl = databaseAddress(database.url, 'postgres');
  await onServer(serverUrl, `create database ${copy}`);
  const copyUrl = databaseAddress(database.url, copy);
  await migrate(copyUrl, () => new Date());
  const says = (body: string) =>
    `create function public.says() returns text language plpgsql as $$ begin ${body}; return 'here'; end $$`;
  try {
    await onServer(database.url, says('null'));
    await onServer(copyUrl, says("raise exception using errcode = '40001'"));
    const direct = open({ replicaUrl: copyUrl });
    expect(await direct.replica.batch(tenant, [{ text: 'select public.says()' }])).toEqual([[{ says: 'here' }]]);
    await onServer(copyUrl, says("raise exception using errcode = '22012'").replace('create', 'create or replace'));
    const mistaken = direct.replica.batch(tenant, [{ text: 'select public.says()' }]);
    await expect(mistaken).rejects.toMatchObject({ code: '22012' });
    await direct.close();
    await expect(direct.replica.batch(tenant, [{ text: 'select 1' }])).rejects.toThrow('end');
    opened.splice(opened.indexOf(direct), 1);
  } finally {
    await onServer(serverUrl, `drop database ${copy} with (force)`);
  }
});

test('closed, it answers nothing more', async () => {
  const direct = openDatabase({ url: database.url, role: 'rollcall_workspace', controlUrl: database.url });
  await direct.batch(tenant, [{ text: 'select 1' }]);
  await direct.close();
  await expect(direct.batch(tenant, [{ text: 'select 1' }])).rejects.toThrow('end');
  await expect(direct.control.query('select 1')).rejects.toThrow('end');
});
