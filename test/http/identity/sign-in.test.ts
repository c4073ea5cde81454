// Signing in to the identity provider, where it differs from the workspace: by user name, only when active, and an
// invitation activates. What both ends share is tested there (test/http/workspace/sign-in.test.ts).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import type { Browser } from '../browser.ts';
import { createSite, type Organization, origin, type Site } from './site.ts';

let test: TestDatabase;
let site: Site;
let acme: Organization;
let admin: Browser;
const password = 'the goat ate my hat';

beforeAll(async () => {
  test = await createTestDatabase();
  site = createSite(test.open('rollcall_identity'));
  acme = await site.organization('acme');
  admin = await site.browserOf(acme.tenant, acme.people.admin);
  expect((await admin.send('POST', '/api/password', { password })).status).toBe(204);
});
afterAll(async () => {
  await site.end.stop();
  expect(site.failures).toEqual([]);
  await test.drop();
});

const signIn = (name: string, browser = site.browser()) =>
  browser.send('POST', '/api/sign-in', { email: name, password });
const who = async (browser: Browser) => (await browser.send('GET', '/api/session')).body.person?.email;
const newUser = async (userName: string, email = `${userName}@acme.example`) => {
  const body = { userName, email, displayName: userName, givenName: 'New', familyName: 'User' };
  return (await admin.send('POST', '/api/users', body)).body.id as string;
};
/** The link of the newest mail to this address. */
async function mailedTo(address: string): Promise<string> {
  site.clock.now = new Date(site.clock.now.getTime() + 1_000);
  const { mails } = (await site.browser().send('GET', '/api/mailbox')).body;
  const mail = mails.find(({ to }: { to: string }) => to === address);
  return new RegExp(`${origin}/link/(\\S+)`).exec(mail?.text)?.[1] ?? 'no mail';
}

describe('by user name', () => {
  it('whatever its case; the e-mail is another thing and does not let in', async () => {
    const browser = site.browser();
    expect(await signIn('Admin.ACME', browser)).toMatchObject({ status: 200, body: { tenant: 'acme' } });
    expect(await who(browser)).toBe('admin@acme.example');
    expect(await signIn('admin@acme.example')).toMatchObject({
      status: 401,
      body: { type: '/problems/sign-in-failed' },
    });
  });

  it('of two organizations that have the name, the one at whose address', async () => {
    const bolt = await site.organization('bolt');
    const boss = await site.browserOf(bolt.tenant, bolt.people.admin);
    await boss.send('POST', '/api/users', {
      ...{ userName: 'admin.acme', displayName: 'Twin', givenName: 'T', familyName: 'W', email: 't@bolt.example' },
    });
    const at = (slug: string) => site.browser().send('POST', '/api/sign-in', { email: 'admin.acme', password, slug });
    expect((await at('acme')).body).toEqual({ tenant: 'acme' });
    expect((await at('bolt')).status).toBe(401);
    expect((await at('nowhere')).status).toBe(401);
  });

  it('a new user name lets in, the old one does not', async () => {
    const id = await newUser('maiden');
    await site.end.accounts.setPassword((await site.end.accountStore.account(acme.tenant, id)) ?? never(), password);
    await admin.send('POST', `/api/users/${id}/activate`, { invite: false });
    await admin.send('PATCH', `/api/users/${id}`, { userName: 'married' });
    expect((await signIn('married')).status).toBe(200);
    expect((await signIn('maiden')).status).toBe(401);
  });
});

function never(): never {
  throw new Error('nobody');
}

describe('only who is active comes in', () => {
  it('not activated: no, though the password is right; activated: yes', async () => {
    const id = await newUser('early');
    await site.end.accounts.setPassword((await site.end.accountStore.account(acme.tenant, id)) ?? never(), password);
    expect(await signIn('early')).toMatchObject({ status: 403, body: { type: '/problems/deactivated' } });
    await admin.send('POST', `/api/users/${id}/activate`, { invite: false });
    expect((await signIn('early')).status).toBe(200);
  });

  it('suspended: the open session ends, the password and every link let nobody in, until it is lifted', async () => {
    const id = await newUser('naughty');
    await admin.send('POST', `/api/users/${id}/activate`, { invite: true });
    const browser = site.browser();
    await browser.send('POST', `/api/link/${await mailedTo('naughty@acme.example')}`, { password });
    const link = await site.end.accounts.createLink({ tenant: acme.tenant, person: id }, 'set-password');
    expect(await who(browser)).toBe('naughty@acme.example');
    await admin.send('POST', `/api/users/${id}/suspend`);
    expect(await who(browser)).toBeUndefined();
    expect((await signIn('naughty')).status).toBe(403);
    expect((await site.browser().send('POST', `/api/link/${link}`, { password })).status).toBe(410);
    await site.browser().send('POST', '/api/forgot-password', { email: 'naughty' });
    const { rows } = await test.asOwner(
      'select kind from identity.one_time_link where person = $1 and used_at is null',
      [id],
    );
    expect(rows).toEqual([]);
    await admin.send('POST', `/api/users/${id}/unsuspend`);
    expect((await signIn('naughty')).status).toBe(200);
  });

  it('deleted: neither, and the name is free', async () => {
    const id = await newUser('gone');
    await site.end.accounts.setPassword((await site.end.accountStore.account(acme.tenant, id)) ?? never(), password);
    await admin.send('POST', `/api/users/${id}/activate`, { invite: false });
    await admin.send('DELETE', `/api/users/${id}`);
    expect((await signIn('gone')).status).toBe(401);
    expect(await newUser('gone')).toBeTypeOf('string');
  });
});

describe('an invitation', () => {
  it('activates whoever uses it, and sets the password', async () => {
    const id = await newUser('ivy', 'ivy@mail.example');
    await admin.send('POST', `/api/users/${id}/activate`, { invite: true });
    const status = async () => (await admin.send('GET', `/api/users/${id}`)).body.user.status;
    expect(await status()).toBe('invited');
    const token = await mailedTo('ivy@mail.example');
    expect((await site.browser().send('GET', `/api/link/${token}`)).body).toMatchObject({
      ...{ kind: 'invitation', email: 'ivy@mail.example', tenant: 'ACME' },
    });
    expect(await status()).toBe('invited');
    const ivy = site.browser();
    expect((await ivy.send('POST', `/api/link/${token}`, { password })).status).toBe(200);
    expect(await status()).toBe('active');
    expect(await who(ivy)).toBe('ivy@mail.example');
    expect((await signIn('ivy')).status).toBe(200);
  });

  it('that was sent before a suspension, asked for again, still lets nobody in', async () => {
    const id = await newUser('early-bird');
    await admin.send('POST', `/api/users/${id}/activate`, { invite: true });
    const token = await mailedTo('early-bird@acme.example');
    site.clock.now = new Date(site.clock.now.getTime() + 8 * 86_400_000);
    admin = await site.browserOf(acme.tenant, acme.people.admin);
    await admin.send('POST', `/api/users/${id}/suspend`);
    await site.browser().send('POST', `/api/link/${token}/renew`);
    const fresh = await mailedTo('early-bird@acme.example');
    const answer = await site.browser().send('POST', `/api/link/${fresh}`, { password });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await admin.send('GET', `/api/users/${id}`)).body.user.status).toBe('suspended');
  });
});

describe('who may change how an owner signs in', () => {
  it.each([{ email: 'mine@evil.example' }, { userName: 'mine' }])('not an admin: %j', async (change) => {
    expect(await admin.send('PATCH', `/api/users/${acme.people.owner}`, change)).toMatchObject({
      status: 403,
      body: { type: '/problems/not-allowed' },
    });
    const owner = await site.browserOf(acme.tenant, acme.people.owner);
    expect((await owner.send('PATCH', `/api/users/${acme.people.owner}`, change)).status).toBe(204);
  });

  it('an admin may change the rest of an owner', async () => {
    expect((await admin.send('PATCH', `/api/users/${acme.people.owner}`, { title: 'Boss' })).status).toBe(204);
  });
});
