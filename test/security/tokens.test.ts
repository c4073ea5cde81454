// Tokens and secrets over their life (T01, T04, T05, T07 to T11): how they are made, shown, used, revoked and kept.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unusedTokens } from '../../src/cli/unused-tokens.ts';
import { projectFolder, readSettings } from '../../src/config.ts';
import { workspaceRoutes } from '../../src/contract/workspace.ts';
import { randomSecret } from '../../src/secrets/digest.ts';
import { createScimToken } from '../../src/secrets/scim-token.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { appMetadata, createSite } from '../http/identity/site.ts';
import { type Connected, clientOf, createConnected } from './connected.ts';

let database: TestDatabase;
let connected: Connected;
beforeAll(async () => {
  database = await createTestDatabase();
  connected = createConnected(database.open('rollcall_workspace'));
});
afterAll(async () => {
  expect(connected.world.failures).toEqual([]);
  await database.drop();
});

const years = (count: number) => count * 365 * 86_400_000;

/** Every row of the tables of these schemas as text. */
async function everything(...schemas: string[]): Promise<string> {
  const { rows } = await database.asOwner(
    `select table_schema || '.' || table_name as name from information_schema.tables
      where table_schema = any($1) and table_type = 'BASE TABLE'`,
    [schemas],
  );
  const texts = await Promise.all(
    rows.map(
      async ({ name }) => (await database.asOwner(`select string_agg(t::text, ' ') as all from ${name} t`)).rows[0].all,
    ),
  );
  return texts.join(' ');
}

test.each([
  [{ DATABASE_URL: 'postgresql://x/y' }, /SECRET_KEY .* is required/],
  [{ DATABASE_URL: 'postgresql://x/y', SECRET_KEY: '' }, /SECRET_KEY .* is required/],
  [{ DATABASE_URL: 'postgresql://x/y', SECRET_KEY: 'short' }, /shorter than 32/],
  [{ SECRET_KEY: ' ' }, /shorter than 32/],
  [{ SECRET_KEY: ' '.repeat(40) }, /shorter than 32/],
])('C10: the settings %j are no reason to start', (environment, sentence) => {
  expect(() => readSettings(environment)).toThrow(sentence);
});

describe('T01: secrets come from the system’s generator', () => {
  test('T01: no source asks another one, except for the jitter of retries', () => {
    const sources = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const users = sources.filter((name) =>
      readFileSync(join(projectFolder, 'src', name), 'utf8').includes('Math.random'),
    );
    expect(users.sort()).toEqual(['identity-end.ts', 'main.ts']);
    for (const name of ['digest.ts', 'scim-token.ts', 'identifier.ts', 'seal.ts']) {
      expect(readFileSync(join(projectFolder, 'src', 'secrets', name), 'utf8')).toMatch(
        /import \{[^}]*\brandom(?:Bytes|UUID)\b[^}]*\} from 'node:crypto'/,
      );
    }
  });

  test('T01: every sign is equally likely, and no token comes twice', () => {
    const counts = new Map<string, number>();
    const seen = new Set<string>();
    const tokens = 5_000;
    for (let index = 0; index < tokens; index += 1) {
      const [, , random = ''] = createScimToken().split('_');
      seen.add(random);
      for (const sign of random) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
    const expected = (tokens * 43) / 62;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(62);
    expect(seen.size).toBe(tokens);
    // 61 degrees of freedom: more than 160 comes by chance once in 10^10 runs; a biased choice gives thousands.
    expect(chiSquare).toBeLessThan(160);
    expect(Buffer.from(randomSecret(), 'base64url')).toHaveLength(32);
  });
});

test('T04: no answer of the admin API, and no row, shows a token a second time', async () => {
  const { admin, token, tokenId, tenant, people, scim } = await connected.workspace('t04');
  await scim('POST', '/Users', { userName: 'ada', title: token.slice(0, 5) });
  await scim('POST', '/Users', { title: 'refused' });
  const random = token.split('_')[2]!;
  for (const [name, route] of Object.entries(workspaceRoutes).filter(([, { method }]) => method === 'GET')) {
    for (const id of [tokenId, people.member]) {
      const { body, headers } = await admin.send('GET', route.path.replace(/:\w+/, id));
      expect(JSON.stringify([body, [...headers]]), name).not.toContain(random.slice(0, -4));
    }
  }
  const rowsAsText = await everything('workspace', 'control');
  expect(rowsAsText).not.toContain(random.slice(0, -4));
  expect(rowsAsText).not.toContain(Buffer.from(random).toString('hex'));
  const { rows } = await database.asOwner('select hint from workspace.scim_token where tenant = $1', [tenant]);
  expect(rows).toEqual([{ hint: random.slice(-4) }]);
});

test('T05: a token works until it is revoked, however many years that is', async () => {
  const { world, slug, tenant, people, token, tokenId, scim } = await connected.workspace('t05');
  for (let year = 0; year < 5; year += 1) {
    world.clock.now = new Date(world.clock.now.getTime() + years(1));
    expect((await scim('GET', '/Users')).status).toBe(200);
  }
  const admin = await world.browserOf(tenant, people.admin);
  expect((await admin.send('DELETE', `/api/scim/tokens/${tokenId}`)).status).toBe(204);
  expect((await clientOf(world, slug, token)('GET', '/Users')).status).toBe(401);
});

test('T07: nobody can give a token an expiry', async () => {
  const { admin } = await connected.workspace('t07');
  const made = await admin.send('POST', '/api/scim/tokens', { expiresAt: '2026-11-26T00:00:00Z' });
  expect(Object.keys(made.body).sort()).toEqual(['baseUrl', 'id', 'orgId', 'token']);
  const { rows } = await database.asOwner(
    `select column_name as name from information_schema.columns where table_name = 'scim_token' and column_name ~ 'expir|until|valid'`,
  );
  expect(rows).toEqual([]);
});

test('T08: the last use is known, and written once a minute however often it is used', async () => {
  const { scim, world, tenant } = await connected.workspace('t08');
  const lastUse = async () => {
    await expect
      .poll(
        async () =>
          (await database.asOwner('select last_used_at from workspace.scim_token where tenant = $1', [tenant])).rows[0]
            .last_used_at,
      )
      .not.toBeNull();
    const { rows } = await database.asOwner(
      'select last_used_at as at, last_used_address as address, xmin::text as written from workspace.scim_token where tenant = $1',
      [tenant],
    );
    return rows[0];
  };
  await scim('GET', '/Users');
  const first = await lastUse();
  expect(first).toMatchObject({ at: world.clock.now, address: '203.0.113.7' });
  for (let second = 0; second < 50; second += 1) {
    world.clock.now = new Date(world.clock.now.getTime() + 1_000);
    await scim('GET', '/Users');
  }
  expect(await lastUse()).toEqual(first);
  world.clock.now = new Date(world.clock.now.getTime() + 10_001);
  await scim('GET', '/Users');
  await expect.poll(async () => (await lastUse()).at).toEqual(world.clock.now);
});

test('T08: a token unused for 90 days is flagged on its page and by doctor, until it is used or revoked', async () => {
  const { world, scim, tenant, slug, people, tokenId } = await connected.workspace('t08-unused');
  const start = world.clock.now;
  const flagged = async (days: number, ms = 0) => {
    world.clock.now = new Date(start.getTime() + days * 86_400_000 + ms);
    const admin = await world.browserOf(tenant, people.admin);
    const [token] = (await admin.send('GET', '/api/scim')).body.tokens as { hint: string; isUnused: boolean }[];
    const store = { ...world.end.store, workspaces: async () => [{ tenant, slug, createdAt: start }] };
    const { heed, sentence } = await unusedTokens(store, world.clock.now);
    expect([heed, sentence.includes(`…${token?.hint} of ${slug}`)]).toEqual([token?.isUnused, token?.isUnused]);
    return token?.isUnused;
  };
  expect([await flagged(90, -1), await flagged(90)]).toEqual([false, true]);
  expect((await scim('GET', '/Users')).status).toBe(200);
  await expect.poll(() => flagged(90)).toBe(false);
  expect([await flagged(180, -1), await flagged(180)]).toEqual([false, true]);
  await (await world.browserOf(tenant, people.admin)).send('DELETE', `/api/scim/tokens/${tokenId}`);
  expect(await flagged(181)).toBe(false);
});

test('T09: a revocation holds for the next request here and within a second in another process', async () => {
  const { admin, token, tokenId, scim, slug } = await connected.workspace('t09');
  const bolt = await connected.workspace('t09-bolt');
  const otherProcess = createConnected(database.open('rollcall_workspace'));
  const there = clientOf(otherProcess.world, slug, token);
  const second = (await admin.send('POST', '/api/scim/tokens')).body.token as string;
  expect([(await scim('GET', '/Users')).status, (await there('GET', '/Users')).status]).toEqual([200, 200]);
  expect((await clientOf(otherProcess.world, bolt.slug, token)('GET', '/Users')).status).toBe(401);
  await admin.send('DELETE', `/api/scim/tokens/${tokenId}`);
  expect((await scim('GET', '/Users')).status).toBe(401);
  otherProcess.world.clock.now = new Date(otherProcess.world.clock.now.getTime() + 1_000);
  expect((await there('GET', '/Users')).status).toBe(401);
  expect((await clientOf(otherProcess.world, slug, second)('GET', '/Users')).status).toBe(200);
  await admin.send('POST', '/api/scim/disable', {});
  otherProcess.world.clock.now = new Date(otherProcess.world.clock.now.getTime() + 1_000);
  expect((await clientOf(otherProcess.world, slug, second)('GET', '/Users')).status).toBe(401);
});

test('T10: no credential and no private key can be read out of the database', async () => {
  const site = createSite(database.open('rollcall_identity'));
  const { tenant, people } = await site.organization('t10');
  const owner = await site.browserOf(tenant, people.owner);
  const { id } = (
    await owner.send('POST', '/api/apps', {
      connector: 'scim2',
      name: 'App',
      metadata: { xml: appMetadata('https://app.example') },
    })
  ).body;
  const bearer = createScimToken();
  const saved = await owner.send('PUT', `/api/apps/${id}/configuration`, {
    baseUrl: 'https://app.example/scim',
    credential: bearer,
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  expect(JSON.stringify(saved.body)).not.toContain(bearer);
  const all = await everything('identity', 'control');
  expect(all).toMatch(/v1\.[0-9a-f]{8}\./);
  for (const secret of [bearer, bearer.split('_')[2]!, 'PRIVATE KEY']) expect(all).not.toContain(secret);
  await site.end.stop();
  expect(site.failures).toEqual([]);
});
