// Signing in to the workspace: password, one-time links, invitations, the first admin (A01, A02, A09, A13, A14, A15).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionIdleMs, sessionLifetimeMs } from '../../../src/accounts/sign-in.ts';
import { cookieName, sessionCookie } from '../../../src/http/browser-guard.ts';
import { createFactsOf } from '../../../src/http/listen.ts';
import { keepSetupCode } from '../../../src/store/setup-code.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { type Browser, createWorld, origin, type World } from './world.ts';

let test: TestDatabase;
let world: World;
let acme: Awaited<ReturnType<World['workspace']>>;
const password = 'the goat ate my hat';

beforeAll(async () => {
  test = await createTestDatabase();
  world = createWorld(test.open('rollcall_workspace'));
  acme = await world.workspace('acme');
  const admin = await world.browserOf(acme.tenant, acme.people.admin);
  expect((await admin.send('POST', '/api/password', { password })).status).toBe(204);
});
afterAll(() => test.drop());

const signIn = (browser: Browser, email: string, secret: string) =>
  browser.send('POST', '/api/sign-in', { email, password: secret });
const who = async (browser: Browser) => (await browser.send('GET', '/api/session')).body.person?.email;
const wait = (milliseconds: number) => {
  world.clock.now = new Date(world.clock.now.getTime() + milliseconds);
};

describe('by password', () => {
  it('lets in, and only the digest of the session is kept', async () => {
    const browser = world.browser();
    const answer = await signIn(browser, 'Admin@ACME.example', password);
    expect(answer).toMatchObject({ status: 200, body: { tenant: 'acme' } });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^rollcall_workspace=[\w-]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    );
    expect(await who(browser)).toBe('admin@acme.example');
    const { rows } = await test.asOwner('select count(*) from workspace.session t where t::text like $1', [
      `%${browser.cookies.get('rollcall_workspace')}%`,
    ]);
    expect(rows).toEqual([{ count: '0' }]);
  });

  it('A13: says the same of a wrong password and of nobody', async () => {
    const wrong = await signIn(world.browser(), 'admin@acme.example', 'not it at all, no');
    const nobody = await signIn(world.browser(), 'nobody@acme.example', 'not it at all, no');
    expect(wrong.status).toBe(401);
    expect({ ...nobody.body, instance: '' }).toEqual({ ...wrong.body, instance: '' });
  });

  it('A13: waits after five wrong ones, longer each time, and says how long', async () => {
    const owner = await world.browserOf(acme.tenant, acme.people.owner);
    await owner.send('POST', '/api/password', { password });
    for (let n = 0; n < 5; n += 1) await signIn(world.browser(), 'owner@acme.example', 'wrong wrong wrong');
    expect(await signIn(world.browser(), 'owner@acme.example', password)).toMatchObject({
      status: 429,
      body: { type: '/problems/sign-in-locked', detail: expect.stringContaining('1 minute') },
    });
    wait(61_000);
    expect((await signIn(world.browser(), 'owner@acme.example', password)).status).toBe(200);
  });

  it('A02: a session ends idle, and in any case after its lifetime', async () => {
    const idle = world.browser();
    await signIn(idle, 'admin@acme.example', password);
    wait(sessionIdleMs - 1_000);
    expect(await who(idle)).toBe('admin@acme.example');
    wait(sessionIdleMs + 1_000);
    expect(await who(idle)).toBeUndefined();
    const busy = world.browser();
    await signIn(busy, 'admin@acme.example', password);
    for (let left = sessionLifetimeMs; left > 0; left -= sessionIdleMs / 2) {
      expect(await who(busy)).toBe('admin@acme.example');
      wait(sessionIdleMs / 2);
    }
    expect(await who(busy)).toBeUndefined();
  });

  it('A03: signing out ends the session itself, not only the cookie', async () => {
    const browser = world.browser();
    await signIn(browser, 'admin@acme.example', password);
    const stolen = browser.cookies.get('rollcall_workspace') ?? '';
    await browser.send('POST', '/api/sign-out');
    expect(browser.cookies.size).toBe(0);
    const thief = world.browser();
    thief.cookies.set('rollcall_workspace', stolen);
    expect(await who(thief)).toBeUndefined();
  });

  it.each(['short', 'passwordpassword', 'admin@acme.example'])('A09: refuses %j as a new password', async (weak) => {
    const admin = await world.browserOf(acme.tenant, acme.people.admin);
    expect(await admin.send('POST', '/api/password', { password: weak })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/password' }] },
    });
  });
});

describe('cookies', () => {
  it('A01: over https they are __Host- and Secure; over http each end has a name of its own', () => {
    const https = { name: 'workspace' as const, publicUrl: 'https://people.example' };
    expect(sessionCookie(https, 'x', 60)).toBe(
      '__Host-rollcall_workspace=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure',
    );
    const names = (['workspace', 'identity'] as const).map((name) =>
      cookieName({ name, publicUrl: 'http://localhost:1' }, 'session'),
    );
    expect(new Set(names).size).toBe(2);
  });
});

describe('one-time links', () => {
  async function linkFor(kind: 'invitation' | 'sign-in', person = acme.people.member) {
    return world.end.accounts.createLink({ tenant: acme.tenant, person }, kind);
  }

  it('A15: looking at one does not use it up; using it does, once, whoever is first of ten', async () => {
    const token = await linkFor('sign-in');
    for (let n = 0; n < 3; n += 1)
      expect((await world.browser().send('GET', `/api/link/${token}`)).body).toMatchObject({
        kind: 'sign-in',
        tenant: 'ACME',
      });
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.browser().send('POST', `/api/link/${token}`, {})),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(410)]);
    expect((await world.browser().send('GET', `/api/link/${token}`)).status).toBe(410);
  });

  it('an invitation sets the password; a weak one does not use it up', async () => {
    const token = await linkFor('invitation');
    const browser = world.browser();
    expect((await browser.send('POST', `/api/link/${token}`, { password: 'aaaaaaaaaaaaaaaaaa' })).status).toBe(400);
    expect((await browser.send('POST', `/api/link/${token}`, {})).status).toBe(400);
    expect((await browser.send('POST', `/api/link/${token}`, { password })).status).toBe(200);
    expect(await who(browser)).toBe('member@acme.example');
    expect((await signIn(world.browser(), 'member@acme.example', password)).status).toBe(200);
  });

  it('expires', async () => {
    const token = await linkFor('invitation');
    wait(7 * 86_400_000 + 1);
    expect((await world.browser().send('GET', `/api/link/${token}`)).status).toBe(410);
  });

  it('a spent one can be asked for again; the fresh one goes to the same mailbox and nowhere else', async () => {
    const token = await linkFor('invitation');
    wait(7 * 86_400_000 + 1);
    expect((await world.browser().send('POST', `/api/link/${token}/renew`)).status).toBe(204);
    const mails = (await world.browser().send('GET', '/api/mailbox')).body.mails;
    expect(mails[0]).toMatchObject({ to: 'member@acme.example', subject: expect.stringContaining('ACME') });
    const [, fresh = ''] = /\/link\/(\S+)/.exec(mails[0].text) ?? [];
    expect((await world.browser().send('GET', `/api/link/${fresh}`)).status).toBe(200);
  });

  it('a made-up one is answered like a spent one', async () => {
    const invented = Buffer.concat([Buffer.from(acme.tenant.replaceAll('-', ''), 'hex'), Buffer.alloc(32)]).toString(
      'base64url',
    );
    for (const token of ['x', 'y'.repeat(64), invented])
      expect((await world.browser().send('GET', `/api/link/${token}`)).status).toBe(410);
  });
});

describe('invitations', () => {
  it('make a person, a mail with a link built from the public address, and an account', async () => {
    wait(1_000);
    const admin = await world.browserOf(acme.tenant, acme.people.admin);
    expect(
      (await admin.send('POST', '/api/members', { name: 'Noor Aziz', email: 'Noor@acme.example', role: 'member' }))
        .status,
    ).toBe(200);
    const [mail] = (await world.browser().send('GET', '/api/mailbox')).body.mails;
    expect(mail).toMatchObject({ to: 'noor@acme.example', subject: 'admin acme invites you to ACME' });
    const [, token] = new RegExp(`${origin}/link/(\\S+)`).exec(mail.text) ?? [];
    const noor = world.browser();
    expect((await noor.send('POST', `/api/link/${token}`, { password })).status).toBe(200);
    expect(await who(noor)).toBe('noor@acme.example');
  });

  it('of somebody who is here already are refused, and nothing is written', async () => {
    const admin = await world.browserOf(acme.tenant, acme.people.admin);
    const before = (await admin.send('GET', '/api/people')).body.total;
    expect(
      await admin.send('POST', '/api/members', { name: 'Twin', email: 'owner@acme.example', role: 'member' }),
    ).toMatchObject({
      status: 409,
      body: { errors: [{ pointer: '/email' }] },
    });
    expect((await admin.send('GET', '/api/people')).body.total).toBe(before);
  });
});

describe('the first admin', () => {
  const input = { tenantName: 'First', slug: 'first', name: 'Ada Byron', email: 'ada@first.example', password };

  it('A15: needs the printed code, which works once, for an hour, for whoever is first of two', async () => {
    const { control } = world.database;
    await keepSetupCode('workspace', control, 'ABCD-EFGH-IJKL-MNOP-QRST', world.clock.now);
    expect((await world.browser().send('POST', '/api/setup', { code: 'WRONG', ...input })).status).toBe(403);
    const race = await Promise.all(
      ['first', 'second'].map((slug) =>
        world.browser().send('POST', '/api/setup', { code: 'abcd efgh ijkl mnop qrst', ...input, slug }),
      ),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([200, 403]);
    await keepSetupCode('workspace', control, 'AAAA', world.clock.now);
    wait(3_600_001);
    expect((await world.browser().send('POST', '/api/setup', { code: 'AAAA', ...input, slug: 'late' })).status).toBe(
      403,
    );
  });

  it('a weak password or a reserved address does not use the code up', async () => {
    await keepSetupCode('workspace', world.database.control, 'BBBB', world.clock.now);
    const send = (changes: object) =>
      world.browser().send('POST', '/api/setup', { code: 'BBBB', ...input, slug: 'careful', ...changes });
    expect((await send({ password: 'ada@first.example' })).status).toBe(400);
    expect((await send({ slug: 'settings' })).status).toBe(400);
    expect((await send({})).status).toBe(200);
  });
});

describe('forwarded headers', () => {
  const request = new Request(`${origin}/`, {
    headers: {
      'x-forwarded-for': '198.51.100.7, 203.0.113.9',
      'x-forwarded-host': 'evil.example',
      host: 'evil.example',
    },
  });
  const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

  it('A14: are believed from a configured proxy only', () => {
    expect(createFactsOf([])(request, from('192.0.2.1')).remoteAddress).toBe('192.0.2.1');
    expect(createFactsOf(['192.0.2.1'])(request, from('::ffff:192.0.2.1')).remoteAddress).toBe('203.0.113.9');
  });

  it('A14: links are built from the configured address, whatever Host says', async () => {
    const response = await world.end.fetch(new Request('http://evil.example/acme/saml/metadata'), from('192.0.2.1'));
    expect(await response.text()).not.toContain('evil.example');
  });

  it('the mailbox is read on this machine only, by its local name', async () => {
    const ask = (url: string, remoteAddress: string) => world.end.fetch(new Request(url), from(remoteAddress));
    expect((await ask(`${origin}/api/mailbox`, '127.0.0.1')).status).toBe(200);
    expect((await ask(`${origin}/api/mailbox`, '192.0.2.1')).status).toBe(404);
    expect((await ask('http://people.example/api/mailbox', '127.0.0.1')).status).toBe(404);
  });
});

it('nothing failed here', () => {
  expect(world.failures).toEqual([]);
});
