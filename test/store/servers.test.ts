// What may stand between Rollcall and its tenants: the control tables on a server of their own, a pooler that knows no
// prepared statements, a sharding router's hint, a replica that is behind or gone, a server that vanishes without a word.
// A second database is as far away as a second server: no statement and no transaction reaches both.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { isDatabaseAway, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { partOf } from '../../src/store/migration-parts.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { withBehind } from '../../src/store/scim/behind.ts';
import { createWorkspaceStore } from '../../src/store/workspace/index.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { databaseAddress, onServer } from '../servers.ts';
import { until } from '../until.ts';

const now = () => new Date('2026-11-25T09:00:00Z');
const tenant = '0198c0de-0000-7000-8000-00000000000a';
const settingsOf = {
  text: 'insert into workspace.settings (tenant, slug, name, plan, created_at) values ($1, $2, $3, $4, $5) returning slug',
  values: [tenant, 'acme', 'Acme', 'plus', now()],
};
const slugs = { text: 'select slug from workspace.settings where tenant = $1', values: [tenant], name: 'slugs' };
let test: TestDatabase;
let serverUrl: string;
beforeAll(async () => {
  test = await createTestDatabase();
  serverUrl = inject('database').servers.tenants.url;
});
afterAll(() => test.drop());

describe('control on a server of its own', () => {
  const mark = randomUUID().replaceAll('-', '');
  const names = { tenants: `tenants_${mark}`, control: `control_${mark}` };
  const urlOf = (part: keyof typeof names) => databaseAddress(serverUrl, names[part]);
  beforeAll(async () => {
    for (const name of Object.values(names)) await onServer(serverUrl, `create database ${name}`);
  });
  afterAll(async () => {
    for (const name of Object.values(names)) await onServer(serverUrl, `drop database ${name} with (force)`);
  });

  it('each server gets its tables and remembers for itself what it has', async () => {
    for (const part of ['control', 'tenants'] as const) {
      expect(await migrate(urlOf(part), now, part)).toEqual({ applied: migrations.length, at: migrations.length });
      expect(await migrate(urlOf(part), now, part)).toMatchObject({ applied: 0 });
    }
    const tables = (part: keyof typeof names) =>
      onServer(
        urlOf(part),
        `select n.nspname || '.' || relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
         where nspname in ('workspace', 'identity', 'control') and relkind in ('r', 'p') and not relispartition order by 1`,
      ).then((rows) => rows.map(({ name }) => name));
    const stated = migrations.flatMap(({ tables: all }) => all);
    const ofClass = (which: string) => [
      ...new Set(stated.filter((each) => each.class === which).map(({ table }) => table)),
    ];
    expect(await tables('control')).toEqual([...ofClass('control'), 'control.migration'].sort());
    expect(await tables('tenants')).toEqual([...ofClass('tenant'), 'control.migration'].sort());
  });

  it('a workspace is made across both', async () => {
    const database = openDatabase({
      ...{ url: urlOf('tenants'), controlUrl: urlOf('control'), role: 'rollcall_workspace' },
    });
    try {
      const store = createWorkspaceStore(database);
      const made = await store.createWorkspace({ slug: 'two-servers', name: 'Two', plan: 'plus' }, now());
      expect(await store.tenantBySlug('two-servers')).toBe(made);
      expect(await store.settings(made)).toMatchObject({ name: 'Two' });
    } finally {
      await database.close();
    }
  });

  it.each([
    ['create table control.workspace (slug text)', 'control'],
    ['create schema pgboss authorization rollcall_queue', 'control'],
    ['grant select on control.workspace to rollcall_workspace', 'control'],
    ['create schema workspace', 'tenants'],
    ['alter table workspace.account enable row level security', 'tenants'],
    ['grant usage on schema control to rollcall_workspace', 'everything'],
    ['grant select on control.migration to rollcall_identity', 'everything'],
  ])('%s: %s', (statement, part) => {
    expect(partOf(statement)).toBe(part);
  });

  it('a statement that needs both is refused, and no migration has one', () => {
    expect(() => partOf('insert into workspace.x select * from control.y')).toThrow(/both servers/);
    for (const statement of migrations.flatMap(({ statements }) => statements)) partOf(statement);
  });
});

describe('on the way', () => {
  it('no statement has a name when prepared statements are off', async () => {
    const count = async (preparedStatements: boolean) => {
      const database = openDatabase({ url: test.url, role: 'rollcall_workspace', poolSize: 1, preparedStatements });
      try {
        await database.batch(tenant, [slugs]);
        const [, prepared] = await database.batch(tenant, [slugs, { text: 'select name from pg_prepared_statements' }]);
        return prepared?.filter(({ name }) => name !== '').length;
      } finally {
        await database.close();
      }
    };
    // BEGIN, COMMIT and the statement itself.
    expect([await count(true), await count(false)]).toEqual([3, 0]);
  });

  it('the router’s hint is the tenant, in the transaction alone', async () => {
    const database = openDatabase({ url: test.url, role: 'rollcall_workspace', poolSize: 1, router: 'pgdog' });
    const hint = `select current_setting('pgdog.sharding_key', true) as hint`;
    try {
      const [rows] = await database.batch(tenant, [{ text: hint }]);
      expect(rows).toEqual([{ hint: tenant }]);
      expect(await database.withTenant(tenant, (transaction) => transaction.query(hint))).toEqual([{ hint: tenant }]);
      const [outside] = await database.control.query(hint);
      expect(outside?.['hint'] ?? '').toBe('');
    } finally {
      await database.close();
    }
  });
});

describe('a replica', () => {
  it('answers what may be behind, and only that; when it is away the server itself answers', async () => {
    const copy = `replica_${randomUUID().replaceAll('-', '')}`;
    await onServer(serverUrl, `create database ${copy}`);
    await migrate(databaseAddress(serverUrl, copy), now);
    const open = (replicaUrl: string) => openDatabase({ url: test.url, role: 'rollcall_workspace', replicaUrl });
    const [behind, gone] = [open(databaseAddress(serverUrl, copy)), open('postgresql://nobody@127.0.0.1:1/none')];
    try {
      await behind.batch(tenant, [settingsOf]);
      // This replica never catches up: whoever must see the write does not ask it.
      expect(await behind.replica.batch(tenant, [slugs])).toEqual([[]]);
      expect(await behind.batch(tenant, [slugs])).toEqual([[{ slug: 'acme' }]]);
      expect(await gone.replica.batch(tenant, [slugs])).toEqual([[{ slug: 'acme' }]]);
    } finally {
      await Promise.all([behind.close(), gone.close()]);
      await onServer(serverUrl, `drop database ${copy} with (force)`);
    }
  });
});

describe('a batch of which a part may be behind', () => {
  it('asks the replica for that part alone, and gives the answers in their order', async () => {
    const asked: string[] = [];
    const answering = (who: string) => async (_tenant: string, statements: readonly { text: string }[]) => {
      asked.push(`${who}: ${statements.map(({ text }) => text).join(' ')}`);
      return statements.map(({ text }) => [{ [who]: text }]);
    };
    const database = { ...test.open('rollcall_workspace'), batch: answering('primary') };
    const both = withBehind({ ...database, replica: { batch: answering('replica') } }, new Set(['b', 'd']));
    const statements = ['a', 'b', 'c', 'd'].map((text) => ({ text, name: text }));
    const answers = [[{ primary: 'a' }], [{ replica: 'b' }], [{ primary: 'c' }], [{ replica: 'd' }]];
    expect(await both.batch(tenant, statements)).toEqual(answers);
    expect(asked).toEqual(['primary: a c', 'replica: b d']);
    const alone = { ...database, replica: { batch: database.batch } };
    expect(withBehind(alone, new Set(['b']))).toBe(alone);
  });
});

describe('a server that is away', () => {
  it.each([
    [{ code: '57P01' }, true],
    [{ code: '25006' }, true],
    [{ code: '58000' }, true],
    [new Error('Query read timeout'), true],
    [{ code: '23505' }, false],
  ])('%j', (error, away) => {
    expect(isDatabaseAway(error)).toBe(away);
  });

  it('a connection that is ended while it is in use is an error of its transaction, and of nothing else', async () => {
    const database = test.open('rollcall_workspace');
    const cut = database.withTenant(tenant, async (transaction) => {
      const [row] = await transaction.query('select pg_backend_pid() as pid');
      await test.asOwner('select pg_terminate_backend($1)', [row?.['pid']]);
      await transaction.query('select pg_sleep(5)');
    });
    await expect(cut).rejects.toMatchObject({ name: 'DatabaseAway' });
    expect(await database.batch(tenant, [{ text: 'select 1 as one' }])).toEqual([[{ one: 1 }]]);
  });

  it('silence is an error in the end, and the connection is not used again', async () => {
    const target = new URL(test.url);
    const wires: net.Socket[] = [];
    let isSilent = false;
    const forwarder = net.createServer((near) => {
      const far = net.connect(Number(target.port), target.hostname);
      wires.push(near, far);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (chunk) => isSilent || to.write(chunk));
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    forwarder.listen(0, '127.0.0.1');
    await once(forwarder, 'listening');
    const url = new URL(test.url);
    url.port = String((forwarder.address() as net.AddressInfo).port);
    // Silence is borne for as long as a statement may take, and five seconds.
    const database = openDatabase({ url: url.href, role: 'rollcall_workspace', poolSize: 1, statementTimeoutMs: 200 });
    try {
      await database.batch(tenant, [{ text: 'select 1' }]);
      isSilent = true;
      await expect(database.batch(tenant, [{ text: 'select 1' }])).rejects.toMatchObject({ name: 'DatabaseAway' });
      isSilent = false;
      const again = await until(() => database.batch(tenant, [{ text: 'select 1 as one' }]).catch(() => undefined));
      expect(again).toEqual([[{ one: 1 }]]);
    } finally {
      await database.close();
      for (const wire of wires) wire.destroy();
      forwarder.close();
    }
  });
});

describe('settings', () => {
  const server = { DATABASE_URL: 'postgresql://rollcall@db.example/rollcall', SECRET_KEY: 'x'.repeat(32) };
  it.each([
    [{ CONTROL_DATABASE_URL: 'postgresql://x' }, /CONTROL_DATABASE_URL is set without DATABASE_URL/],
    [{ ...server, DATABASE_POOL_URL: 'postgresql://pooler:6432/rollcall' }, /must contain \{role\}/],
    [{ ...server, DATABASE_ROUTER: 'citus' }, /DATABASE_ROUTER must be pgdog/],
    [{ ...server, PREPARED_STATEMENTS: 'no' }, /must be on or off/],
    [
      { ...server, DATABASE_POOL_URL: 'postgresql://{role}@p/r', CONTROL_DATABASE_URL: 'postgresql://c/r' },
      /CONTROL_DATABASE_POOL_URL is required/,
    ],
    [{ DRAIN_SECONDS: 'soon' }, /DRAIN_SECONDS must be a number/],
  ])('%j is refused', (environment, sentence) => {
    expect(() => readSettings(environment)).toThrow(sentence);
  });

  it('nobody waits for a proxy on localhost; elsewhere five seconds, or as said', () => {
    const drain = (environment: Record<string, string>) => readSettings(environment).drainMs;
    expect(drain({})).toBe(0);
    expect(drain({ PUBLIC_URL: 'https://people.example' })).toBe(5_000);
    expect(drain({ PUBLIC_URL: 'https://people.example', DRAIN_SECONDS: '0.5' })).toBe(500);
  });
});
