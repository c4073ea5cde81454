// How much a token may send, and a connection that is paused (C36).

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRateLimit } from '../../../src/http/scim/rate-limit.ts';
import { digestOf } from '../../../src/secrets/digest.ts';
import { createScimToken } from '../../../src/secrets/scim-token.ts';
import { createScanTurns } from '../../../src/store/scim/scan-turns.ts';
import { createWorkspaceStore } from '../../../src/store/workspace/index.ts';
import { createScimAccess } from '../../../src/store/workspace/scim-access.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type World } from './world.ts';

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'), undefined, { rate: 25, stepMs: 1 });
});
afterAll(() => database.drop());

test('C36: a bucket holds two seconds, fills with time, and says how long to wait in whole seconds', () => {
  let now = 0;
  const limit = createRateLimit(25, () => now);
  const taken = (key: string) => Array.from({ length: 60 }, () => limit.take(key)).filter((each) => each === undefined);
  expect(taken('a')).toHaveLength(50);
  expect(limit.take('a')).toBe(1);
  expect(taken('b')).toHaveLength(50);
  now += 1_000;
  expect(taken('a')).toHaveLength(25);
  expect(createRateLimit(undefined, () => now).take('a')).toBeUndefined();
});

test('C36: beyond the rate a token is answered 429 with seconds to wait; another workspace goes on', async () => {
  const [acme, bolt] = [world.workspace('acme'), world.workspace('bolt')];
  const answers = [];
  for (let n = 0; n < 400; n += 1) answers.push(await acme.send('GET', '/Schemas'));
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(50);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]!.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(refused[0]!.body).toMatchObject({ status: '429', detail: expect.stringMatching(/\.$/) });
  expect((await bolt.send('GET', '/Users')).status).toBe(200);
  await world.store.readJournal.flush();
  const { rows } = await database.asOwner(
    'select count(*)::int as rows from workspace.request_journal where tenant = $1 and status = 429',
    [acme.tenant],
  );
  // Some of them, so that the log shows it.
  expect(rows[0].rows).toBeGreaterThan(0);
  expect(rows[0].rows).toBeLessThanOrEqual(refused.length);
});

test('queries that read everything take turns, two of a workspace at a time, and one of another at once', async () => {
  const turns = createScanTurns();
  const running: string[] = [];
  const ends: (() => void)[] = [];
  const scan = (name: string, tenant: string) =>
    turns.run(tenant, async () => {
      running.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
    });
  const all = [scan('a1', 'a'), scan('a2', 'a'), scan('a3', 'a'), scan('b1', 'b')];
  await Promise.resolve();
  expect(running).toEqual(['a1', 'a2', 'b1']);
  ends.shift()!();
  await all[0];
  await Promise.resolve();
  expect(running).toEqual(['a1', 'a2', 'b1', 'a3']);
  for (const end of ends) end();
  await Promise.all(all);
});

test.each([
  ['a filter', '/Users?filter=title%20co%20%22x%22'],
  ['a filter with a sort order', '/Users?filter=title%20pr&sortBy=title&count=1'],
  ['a sort order', '/Users?sortBy=nickName'],
  ['a filter behind a cursor', '/Users?filter=title%20pr&cursor='],
])('%s that no index serves is cut off before other statements are, and told so in a sentence', async (_, path) => {
  const acme = createWorld(database.open('rollcall_workspace'), undefined, { scanTimeoutMs: 50 }).workspace('acme');
  await acme.send('POST', '/Users', { userName: 'ada', title: 'x' });
  expect((await acme.send('GET', path)).status).toBe(200);
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  try {
    // Whoever reads waits for this, however long it takes.
    await owner.query('begin');
    await owner.query('lock table workspace.resource in access exclusive mode');
    const keyed = acme.send('GET', '/Users?filter=userName%20eq%20%22ada%22');
    const cutOff = await acme.send('GET', path);
    expect([cutOff.status, cutOff.body.scimType]).toEqual([400, 'tooMany']);
    expect(cutOff.body.detail).toMatch(/^This query took too long to answer\. Filter by userName, .*\.$/);
    await owner.query('rollback');
    expect((await keyed).body.totalResults).toBe(1);
  } finally {
    await owner.end();
  }
  // The limit was that transaction's alone.
  expect((await acme.send('GET', path)).status).toBe(200);
});

test('a paused connection answers 503 with Retry-After and changes nothing, until it is resumed', async () => {
  const opened = database.open('rollcall_workspace');
  const store = createWorkspaceStore(opened);
  const at = new Date('2026-11-28T09:00:00Z');
  const tenant = await store.createWorkspace({ slug: 'paused', name: 'Paused', plan: 'plus' }, at);
  const token = createScimToken();
  const draft = { id: crypto.randomUUID(), digest: digestOf(token), hint: 'abcd' };
  await store.enableScim(tenant, draft, { person: null, name: 'Dana', at });
  const access = createScimAccess({ database: opened, onError: () => {}, clock: () => 0 });
  const pausedBy = async () => {
    access.forget(tenant);
    await Promise.resolve();
    return (await access.findToken(token))?.paused;
  };
  expect(await pausedBy()).toBeNull();
  expect(await store.pauseScim(tenant, { person: null, name: 'Dana', at })).toBe(true);
  expect(await store.pauseScim(tenant, { person: null, name: 'Ben', at })).toBe(false);
  expect((await store.scimConnection(tenant))?.pausedBy).toBe('Dana');
  expect(await pausedBy()).toBe('Dana');

  const acme = world.workspace('acme-paused');
  acme.owner = { ...acme.owner, paused: 'Dana' };
  const refused = await acme.send('POST', '/Users', { userName: 'ada' });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '300']);
  expect(refused.body.detail).toContain('Dana paused');
  acme.owner = { ...acme.owner, paused: null };
  expect((await acme.send('GET', '/Users')).body.totalResults).toBe(0);
  expect(await store.resumeScim(tenant)).toBe(true);
  expect(await store.resumeScim(tenant)).toBe(false);
  expect(await pausedBy()).toBeNull();
});
