// What a client's directory can and cannot do to people's access (C06, C08, C11, C12, C38), with the workspace end as main
// wires it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workspaceRoutes } from '../../src/contract/workspace.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { type Connected, createConnected } from './connected.ts';

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

const password = 'the goat ate my hat';
const mails = async () => (await database.asOwner('select recipient, body from workspace.mail order by id')).rows;

describe('C06: a password sent by SCIM makes no login', () => {
  test('C06: neither at once nor by asking for a forgotten one', async () => {
    const { scim, world } = await connected.workspace('c06');
    const before = await mails();
    const made = await scim('POST', '/Users', {
      userName: 'ceo@c06.example',
      password,
      emails: [{ value: 'ceo@c06.example' }],
    });
    expect(made.status).toBe(201);
    await scim('PATCH', `/Users/${made.body.id}`, {
      Operations: [{ op: 'replace', path: 'password', value: password }],
    });
    const browser = world.browser();
    const signIn = await browser.send('POST', '/api/sign-in', { email: 'ceo@c06.example', password });
    expect(signIn).toMatchObject({ status: 401, body: { type: '/problems/sign-in-failed' } });
    await browser.send('POST', workspaceRoutes.forgotPassword.path, { email: 'ceo@c06.example' });
    expect(await mails()).toEqual(before);
    const { rows } = await database.asOwner('select 1 from workspace.account where person = $1', [made.body.id]);
    expect(rows).toEqual([]);
  });
});

test('C06: nor does it for somebody who may sign in another way', async () => {
  const { scim, world, people, slug } = await connected.workspace('c06b');
  const email = `member@${slug}.example`;
  expect((await scim('POST', '/Users', { userName: email, password })).body.id).toBe(people.member);
  await scim('PUT', `/Users/${people.member}`, { userName: email, password });
  for (const secret of [password, '', 'null', 'undefined']) {
    const answer = await world.browser().send('POST', '/api/sign-in', { email, password: secret });
    expect(answer).toMatchObject({ status: 401, body: { type: '/problems/sign-in-failed' } });
  }
});

describe('C28: who is ended by the directory is out at once, everywhere', () => {
  test.each(['PATCH', 'PUT', 'DELETE'])(
    'C28: by %s; coming back opens nothing that was open before',
    async (method) => {
      const { scim, world, tenant, people, slug } = await connected.workspace(`c28-${method.toLowerCase()}`);
      const userName = `member@${slug}.example`;
      await scim('POST', '/Users', { userName, externalId: 'm' });
      const browsers = await Promise.all([1, 2, 3].map(() => world.browserOf(tenant, people.member)));
      const link = await world.end.accounts.createLink({ tenant, person: people.member }, 'sign-in');
      const statuses = () =>
        Promise.all(browsers.map(async (browser) => (await browser.send('GET', '/api/people')).status));
      expect(await statuses()).toEqual([200, 200, 200]);
      const end = {
        PATCH: { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
        PUT: { userName, externalId: 'm', active: false },
        DELETE: undefined,
      }[method];
      expect((await scim(method, `/Users/${people.member}`, end)).status).toBeLessThan(300);
      expect(await statuses()).toEqual([401, 401, 401]);
      expect((await world.browser().send('POST', `/api/link/${link}`, {})).status).toBeGreaterThanOrEqual(400);
      if (method === 'DELETE') await scim('POST', '/Users', { userName, externalId: 'm' });
      else
        await scim('PATCH', `/Users/${people.member}`, {
          Operations: [{ op: 'replace', path: 'active', value: true }],
        });
      expect(await statuses()).toEqual([401, 401, 401]);
      expect((await world.browser().send('POST', `/api/link/${link}`, {})).status).toBeGreaterThanOrEqual(400);
    },
  );
});

test('C08: a directory that takes over somebody’s record gets neither their sign-in name nor their reset mail', async () => {
  const { scim, world, people, slug } = await connected.workspace('c08');
  const victim = `admin@${slug}.example`;
  const linked = await scim('POST', '/Users', {
    userName: victim,
    externalId: 'x',
    emails: [{ value: 'thief@evil.example', primary: true }],
  });
  expect(linked).toMatchObject({ status: 201, body: { id: people.admin } });
  expect(JSON.stringify(linked.body)).not.toContain('thief');
  const moved = await scim('PUT', `/Users/${people.admin}`, {
    userName: 'thief@evil.example',
    externalId: 'x',
    emails: [{ value: 'thief@evil.example', primary: true }],
  });
  expect(moved.body.userName).toBe('thief@evil.example');
  for (const email of [victim, 'thief@evil.example']) {
    await world.browser().send('POST', workspaceRoutes.forgotPassword.path, { email });
  }
  const sent = (await mails()).filter(({ recipient }) => /c08|evil/.test(recipient));
  expect(sent.map(({ recipient }) => recipient)).toEqual([victim]);
});

test('C08: whom SCIM manages and SAML signs in has no reset by mail; owners and admins keep theirs', async () => {
  const { scim, world, people, slug, tenant, admin } = await connected.workspace('c08-reset');
  const address = (role: string) => `${role}@${slug}.example`;
  const forget = (role: string) =>
    world.browser().send('POST', workspaceRoutes.forgotPassword.path, { email: address(role) });
  const recipients = async () => (await mails()).map(({ recipient }) => recipient).filter((to) => to.includes(slug));
  const before = await world.end.accounts.createLink({ tenant, person: people.member }, 'set-password');
  for (const role of ['member', 'admin']) {
    const linked = await scim('POST', '/Users', { userName: address(role), externalId: role });
    expect(linked).toMatchObject({ status: 201, body: { id: people[role as 'member' | 'admin'] } });
  }
  const answers = [await forget('member'), await forget('admin'), await forget('nobody')];
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
  expect(await recipients()).toEqual([address('admin')]);
  expect((await world.browser().send('POST', `/api/link/${before}`, { password })).status).toBeGreaterThanOrEqual(400);
  expect((await admin.send('POST', '/api/scim/disable', {})).status).toBe(204);
  await forget('member');
  expect((await recipients()).sort()).toEqual([address('admin'), address('member')]);
});

test('C08: whom SCIM manages and SAML signs in sets no password: neither signed in nor by an invitation', async () => {
  const { scim, world, people, slug, tenant, admin } = await connected.workspace('c08-own');
  const member = await world.browserOf(tenant, people.member);
  const invitation = await world.end.accounts.createLink({ tenant, person: people.member }, 'invitation');
  const hashes = async () =>
    (await database.asOwner('select person, password_hash from workspace.account where tenant = $1', [tenant])).rows;
  const may = async () => (await member.send('GET', '/api/session')).body.person.maySetPassword;
  const set = (browser: typeof member) => browser.send('POST', '/api/password', { password });
  const before = await hashes();
  expect(await may()).toBe(true);
  const linked = await scim('POST', '/Users', { userName: `member@${slug}.example`, externalId: 'm' });
  expect(linked).toMatchObject({ status: 201, body: { id: people.member } });

  expect(await may()).toBe(false);
  expect(await set(member)).toMatchObject({
    status: 403,
    body: { type: '/problems/not-allowed', detail: expect.stringMatching(/^You sign in through .*\.$/) },
  });
  const used = await world.browser().send('POST', `/api/link/${invitation}`, { password });
  expect(used.body).toMatchObject({
    type: '/problems/link-spent',
    detail: expect.stringContaining('identity provider'),
  });
  await world.browser().send('POST', `/api/link/${invitation}/renew`);
  expect((await mails()).filter(({ recipient }) => recipient.includes(slug))).toEqual([]);
  expect(await hashes()).toEqual(before);

  // Admins keep theirs for the day SAML fails, and whoever is managed no more has one again.
  expect((await set(admin)).status).toBe(204);
  expect((await admin.send('POST', '/api/scim/disable', {})).status).toBe(204);
  expect([await may(), (await set(member)).status]).toEqual([true, 204]);
});

describe('C11: each credential opens its own door', () => {
  test('C11: a SCIM token, as a bearer, a cookie or a parameter, opens no route of the admin API', async () => {
    const { token, world } = await connected.workspace('c11');
    const guarded = Object.entries(workspaceRoutes).filter(([, route]) => !['public', 'local'].includes(route.access));
    expect(guarded.length).toBeGreaterThan(20);
    for (const [name, route] of guarded) {
      const path = route.path.replace(/:\w+/g, 'x');
      const body = 'body' in route ? {} : undefined;
      const asCookie = world.browser();
      asCookie.cookies.set('rollcall_workspace', token);
      const answers = [
        await world.browser().send(route.method, path, body, { authorization: `Bearer ${token}` }),
        await world.browser().send(route.method, `${path}?access_token=${token}&token=${token}`, body),
        await asCookie.send(route.method, path, body),
      ];
      expect(
        answers.map(({ status }) => status),
        name,
      ).toEqual([401, 401, 401]);
    }
  });

  test('C11: no session, link or parameter opens SCIM', async () => {
    const { token, scim, admin, world, tenant, people } = await connected.workspace('c11b');
    const session = admin.cookies.get('rollcall_workspace')!;
    const link = await world.end.accounts.createLink({ tenant, person: people.owner }, 'sign-in');
    const cookie = `rollcall_workspace=${session}`;
    const others: Record<string, string>[] = [
      { authorization: '', cookie },
      { authorization: `Bearer ${session}`, cookie },
      { authorization: session },
      { authorization: `Bearer ${link}` },
      { authorization: `Basic ${Buffer.from(`scim:${token}`).toString('base64')}` },
      { authorization: '', cookie: `rollcall_scim=${token}; rollcall_workspace=${token}` },
      { authorization: '', 'x-api-key': token },
    ];
    for (const headers of others) {
      expect((await scim('GET', '/Users', undefined, headers)).status, JSON.stringify(Object.keys(headers))).toBe(401);
    }
    for (const query of ['access_token', 'token', 'bearer', 'authorization']) {
      expect((await scim('GET', `/Users?${query}=${token}`, undefined, { authorization: '' })).status).toBe(401);
    }
    expect((await scim('GET', '/Users')).status).toBe(200);
  });
});

test('C12: only an administrator of this very workspace makes, sees or ends its tokens', async () => {
  const acme = await connected.workspace('c12');
  const bolt = await connected.workspace('c12-bolt');
  const routes = Object.values(workspaceRoutes).filter(({ path }) => path.startsWith('/api/scim'));
  expect(routes.map(({ access }) => access)).toEqual(routes.map(() => 'admin'));
  const member = await acme.world.browserOf(acme.tenant, acme.people.member);
  const before = await database.asOwner('select * from workspace.scim_token order by id');
  const ids = before.rows.map(({ id }) => id as string);
  for (const route of routes) {
    for (const id of ids) {
      const path = route.path.replace(':id', id);
      const body = 'body' in route ? {} : undefined;
      expect((await acme.world.browser().send(route.method, path, body)).status).toBe(401);
      expect((await member.send(route.method, path, body)).status).toBe(403);
    }
  }
  for (const id of ids.filter((each) => each !== bolt.tokenId)) {
    expect((await bolt.admin.send('DELETE', `/api/scim/tokens/${id}`)).status).toBe(404);
  }
  expect((await database.asOwner('select * from workspace.scim_token order by id')).rows).toEqual(before.rows);
  const seen = (await bolt.admin.send('GET', '/api/scim')).body.tokens as { id: string }[];
  expect(seen.map(({ id }) => id)).toEqual([bolt.tokenId]);
});

test.each(['admin', 'admins', 'Owners', 'owner', 'Administrators', 'authentik Admins', 'rollcall_workspace'])(
  'C38: membership in a group called %j gives nothing',
  async (displayName) => {
    const { scim, world, tenant, people } = await connected.workspace(
      `c38-${displayName.toLowerCase().replace(/\W|_/g, '-')}`,
    );
    const member = await world.browserOf(tenant, people.member);
    const roles = async () => (await member.send('GET', '/api/members')).body.members;
    const before = await roles();
    const made = await scim('POST', '/Groups', { displayName, members: [{ value: people.member }] });
    expect(made.status).toBe(201);
    expect(await roles()).toEqual(before);
    expect((await member.send('GET', '/api/session')).body.person.role).toBe('member');
    expect((await member.send('POST', '/api/scim/tokens')).status).toBe(403);
  },
);
