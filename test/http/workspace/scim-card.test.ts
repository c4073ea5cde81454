// The gate in the article's order, the token that is shown once, and what disabling keeps (screens S10, S13).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isScimToken } from '../../../src/secrets/scim-token.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { until } from '../../until.ts';
import { type Browser, createWorld, type World } from './world.ts';

let test: TestDatabase;
let world: World;
beforeAll(async () => {
  test = await createTestDatabase();
  world = createWorld(test.open('rollcall_workspace'));
});
afterAll(() => test.drop());

async function card(browser: Browser) {
  return (await browser.send('GET', '/api/integrations')).body.scim;
}

async function turnSamlOn(tenant: string) {
  await world.end.store.updateSaml(
    tenant,
    { state: 'on', turnedOnAt: world.clock.now },
    { person: null, name: 'test', at: world.clock.now },
  );
}

/** A request of a client with this token, as OneLogin's connection test sends it. */
async function speak(slug: string, token: string) {
  const request = new Request(
    `http://workspace.localhost:8080/${slug}/scim/v2/Users?filter=userName+eq+%22nobody%22&`,
    {
      headers: { authorization: `Bearer ${token}` },
    },
  );
  const response = await world.end.fetch(request, { incoming: { socket: { remoteAddress: '203.0.113.7' } } });
  await world.end.stop();
  return response.status;
}

describe('the SCIM card', () => {
  it('is locked by plan, then by SAML, then by role, then available', async () => {
    const free = await world.workspace('gate', 'free');
    const [admin, member] = [
      await world.browserOf(free.tenant, free.people.admin),
      await world.browserOf(free.tenant, free.people.member),
    ];
    expect(await card(admin)).toMatchObject({ state: 'locked-plan', whoCan: ['owner gate'] });
    expect(await admin.send('POST', '/api/scim/enable')).toMatchObject({
      status: 402,
      body: { type: '/problems/plan-required' },
    });
    await world.end.store.updateSettings(free.tenant, { plan: 'plus' });
    expect(await card(admin)).toMatchObject({ state: 'locked-sso' });
    expect(await admin.send('POST', '/api/scim/enable')).toMatchObject({
      status: 409,
      body: { type: '/problems/precondition' },
    });
    await turnSamlOn(free.tenant);
    expect(await card(member)).toMatchObject({ state: 'locked-role', whoCan: ['admin gate', 'owner gate'] });
    expect(await member.send('POST', '/api/scim/enable')).toMatchObject({
      status: 403,
      body: { whoCan: ['admin gate', 'owner gate'] },
    });
    expect(await card(admin)).toMatchObject({
      state: 'available',
      orgId: 'gate',
      baseUrl: 'http://workspace.localhost:8080/gate/scim/v2',
    });
    const tokens = await test.asOwner('select count(*) from control.scim_token where tenant = $1', [free.tenant]);
    expect(tokens.rows).toEqual([{ count: '0' }]);
  });

  it('T03: gives the token once and keeps only its digest', async () => {
    const { tenant, people } = await world.workspace('once');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const { status, body } = await admin.send('POST', '/api/scim/enable');
    expect(status).toBe(200);
    expect(isScimToken(body.token)).toBe(true);
    expect(await card(admin)).toMatchObject({ state: 'waiting', tokenHint: body.token.split('_')[2].slice(-4) });
    const everywhere = JSON.stringify((await admin.send('GET', '/api/scim')).body);
    expect(everywhere).not.toContain(body.token);
    const { rows } = await test.asOwner(
      "select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('workspace', 'control') and table_type = 'BASE TABLE'",
    );
    for (const { name } of rows) {
      const found = await test.asOwner(`select count(*) from ${name} t where t::text like $1`, [`%${body.token}%`]);
      expect(found.rows, name).toEqual([{ count: '0' }]);
    }
  });

  it('becomes connected with the first request, where disabling is what is left', async () => {
    const { tenant, people, slug } = await world.workspace('speaks');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    expect(await speak(slug, token)).toBe(200);
    expect(await card(admin)).toMatchObject({ state: 'connected', client: 'OneLogin' });
    expect((await admin.send('POST', '/api/scim/disable', {})).status).toBe(204);
    expect(await speak(slug, token)).toBe(401);
    expect(await card(admin)).toMatchObject({ state: 'available' });
    expect(await admin.send('POST', '/api/scim/disable', {})).toMatchObject({ status: 409 });
  });

  it('paused, it says by whom, requests wait with Retry-After, and a resume lets them in again', async () => {
    const { tenant, people, slug } = await world.workspace('rests');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const member = await world.browserOf(tenant, people.member);
    const pause = (browser: Browser) => browser.send('POST', '/api/scim/pause');
    const resume = (browser: Browser) => browser.send('POST', '/api/scim/resume');
    expect(await pause(admin)).toMatchObject({ status: 409, body: { type: '/problems/precondition' } });
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    expect(await speak(slug, token)).toBe(200);
    expect((await pause(member)).status).toBe(403);
    expect((await pause(admin)).status).toBe(204);
    expect(await card(admin)).toMatchObject({
      ...{ state: 'paused', attention: null, pausedBy: 'admin rests', pausedAt: world.clock.now.toISOString() },
    });
    expect(await pause(admin)).toMatchObject({
      ...{ status: 409, body: { type: '/problems/conflict', detail: 'SCIM was paused already by admin rests.' } },
    });
    expect(await speak(slug, token)).toBe(503);
    expect((await resume(member)).status).toBe(403);
    expect((await resume(admin)).status).toBe(204);
    expect(await speak(slug, token)).toBe(200);
    expect(await card(admin)).toMatchObject({ state: 'connected', pausedBy: null, pausedAt: null });
    expect(await resume(admin)).toMatchObject({ status: 409, body: { detail: 'SCIM is not paused.' } });
  });

  it('disabled while paused and enabled again, it is not paused', async () => {
    const { tenant, people, slug } = await world.workspace('rested');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    await admin.send('POST', '/api/scim/enable');
    await admin.send('POST', '/api/scim/pause');
    await admin.send('POST', '/api/scim/disable', {});
    expect(await card(admin)).toMatchObject({ state: 'available', pausedBy: null });
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    expect(await speak(slug, token)).toBe(200);
    expect(await card(admin)).toMatchObject({ state: 'connected' });
  });

  it('says so when a wrong token knocks', async () => {
    const { tenant, people, slug } = await world.workspace('wrong');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    world.clock.now = new Date(world.clock.now.getTime() + 60_000);
    expect(await speak(slug, 'rollcall_scim_wrong')).toBe(401);
    expect(await card(admin)).toMatchObject({ state: 'attention', attention: expect.stringContaining('wrong token') });
    world.clock.now = new Date(world.clock.now.getTime() + 60_000);
    expect(await speak(slug, token)).toBe(200);
    expect(await card(admin)).toMatchObject({ state: 'connected' });
  });

  it('two admins at once, twenty times each: one token', async () => {
    const { tenant, people } = await world.workspace('race');
    await turnSamlOn(tenant);
    const both = [await world.browserOf(tenant, people.admin), await world.browserOf(tenant, people.owner)];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (both[n % 2] as Browser).send('POST', '/api/scim/enable')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const conflicts = answers.filter(({ status }) => status === 409);
    expect(conflicts).toHaveLength(39);
    expect(conflicts[0]?.body.detail).toMatch(/^SCIM was already enabled by (admin|owner) race/);
    for (const table of ['workspace.scim_token', 'control.scim_token', 'workspace.scim_connection']) {
      const { rows } = await test.asOwner(`select count(*) from ${table} where tenant = $1`, [tenant]);
      expect(rows, table).toEqual([{ count: '1' }]);
    }
  });

  it('enabled again, it is the same connection and a new token; the old one stays dead', async () => {
    const { tenant, people, slug } = await world.workspace('again');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const first = (await admin.send('POST', '/api/scim/enable')).body;
    const before = await world.end.store.scimConnection(tenant);
    await admin.send('POST', '/api/scim/disable', {});
    const second = (await admin.send('POST', '/api/scim/enable')).body;
    expect((await world.end.store.scimConnection(tenant))?.id).toBe(before?.id);
    expect(second.token).not.toBe(first.token);
    expect(await speak(slug, first.token)).toBe(401);
    expect(await speak(slug, second.token)).toBe(200);
  });

  it('T06: two tokens live side by side, a third is refused, a revoked one is dead at once', async () => {
    const { tenant, people, slug } = await world.workspace('two');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const first = (await admin.send('POST', '/api/scim/enable')).body;
    const second = (await admin.send('POST', '/api/scim/tokens')).body;
    expect(await admin.send('POST', '/api/scim/tokens')).toMatchObject({
      status: 409,
      body: { type: '/problems/precondition' },
    });
    expect([await speak(slug, first.token), await speak(slug, second.token)]).toEqual([200, 200]);
    expect((await admin.send('DELETE', `/api/scim/tokens/${first.id}`)).status).toBe(204);
    expect([await speak(slug, first.token), await speak(slug, second.token)]).toEqual([401, 200]);
  });

  it('a client is pinned and recognised again; what is no client and what has no connection is refused', async () => {
    const { tenant, people, slug } = await world.workspace('pin');
    await turnSamlOn(tenant);
    const admin = await world.browserOf(tenant, people.admin);
    const pin = (client: string | null) => admin.send('PUT', '/api/scim/client', { client });
    expect(await pin('okta')).toMatchObject({ status: 409, body: { type: '/problems/precondition' } });
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    const client = async () => (await admin.send('GET', '/api/scim')).body.client;
    expect(await client()).toEqual({ id: null, pinned: false });
    expect((await pin('okta')).status).toBe(204);
    expect(await speak(slug, token)).toBe(200);
    expect(await client()).toEqual({ id: 'okta', pinned: true });
    expect((await admin.send('GET', '/api/requests')).body.requests).toMatchObject([{ client: 'Okta' }]);
    expect(await pin('nobody')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^There is no client "nobody"\. Known are onelogin, okta, entra, /) },
    });
    expect((await pin(null)).status).toBe(204);
    expect(await client()).toEqual({ id: null, pinned: false });
    expect(await speak(slug, token)).toBe(200);
    // Whom a client was recognised as is noted beside the answer, not before it.
    expect(await until(client, ({ id }) => id !== null)).toEqual({ id: 'onelogin', pinned: false });
    const member = await world.browserOf(tenant, people.member);
    expect((await member.send('PUT', '/api/scim/client', { client: null })).status).toBe(403);
  });
});
