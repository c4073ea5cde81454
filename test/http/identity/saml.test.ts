// Signing in to an app by SAML, over the organization's own addresses. Answers go to registered ACS URLs only (S31), for
// people who have the app; what is refused stays on our own page and posts nowhere.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { redirectUrl } from '../../../src/saml/binding/redirect-binding.ts';
import { parseIdentityProviderMetadata } from '../../../src/saml/metadata/read-metadata.ts';
import { createAuthnRequest } from '../../../src/saml/request/create-authn-request.ts';
import { verifyResponse } from '../../../src/saml/response/verify-response.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import type { Answer, Browser } from '../browser.ts';
import { appMetadata, createSite, type Organization, origin, type Site } from './site.ts';

const app = 'https://app.example';
const sso = `${origin}/acme/saml/sso`;
let test: TestDatabase;
let site: Site;
let acme: Organization;
let owner: Browser;
let appId: string;

beforeAll(async () => {
  test = await createTestDatabase();
  site = createSite(test.open('rollcall_identity'));
  acme = await site.organization('acme');
  owner = await site.browserOf(acme.tenant, acme.people.owner);
  const metadata = { xml: appMetadata(app) };
  const added = await owner.send('POST', '/api/apps', { connector: 'scim2', name: 'App', metadata });
  appId = added.body.id;
  await owner.send('POST', `/api/users/${acme.people.member}/apps/${appId}`, {});
});
afterAll(async () => {
  await site.end.stop();
  expect(site.failures).toEqual([]);
  await test.drop();
});

let requests = 0;
interface Asked {
  issuer?: string;
  acsUrl?: string;
  destination?: string;
}

function request({ issuer = `${app}/metadata`, acsUrl = `${app}/acs`, destination = sso }: Asked = {}) {
  requests += 1;
  const id = `_request-${requests}`;
  return { id, xml: createAuthnRequest({ id, issuer, acsUrl, destination, now: site.clock.now }) };
}

function redirected(xml: string, slug = 'acme'): string {
  const url = new URL(redirectUrl(`${origin}/${slug}/saml/sso`, { samlRequest: xml, relayState: 'state-1' }));
  return url.pathname + url.search;
}

/** The form of the page that posts the answer. */
function formOf({ body }: Answer) {
  const field = (name: string) => new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(body)?.[1];
  const action = /<form[^>]* action="([^"]*)"/.exec(body)?.[1];
  return { action, samlResponse: field('SAMLResponse') ?? '', relayState: field('RelayState') };
}

async function trusted() {
  const { body } = await site.browser().send('GET', '/acme/saml/metadata');
  const read = parseIdentityProviderMetadata(body);
  if (!read.ok) throw new Error('The metadata cannot be read.');
  return read.metadata;
}

async function judge(answer: Answer, requestId: string) {
  const { entityId, certificates } = await trusted();
  return verifyResponse(formOf(answer).samlResponse, {
    now: site.clock.now,
    identityProvider: entityId,
    certificates: certificates.map(({ pem }) => pem),
    serviceProvider: `${app}/metadata`,
    acsUrl: `${app}/acs`,
    requestId,
  });
}

it('metadata is public, whoever asks, and is of the organization at the address', async () => {
  const answer = await site.browser().send('GET', '/acme/saml/metadata', undefined, { 'sec-fetch-site': 'cross-site' });
  expect(answer).toMatchObject({ status: 200 });
  expect(answer.headers.get('content-type')).toBe('application/samlmetadata+xml');
  expect(await trusted()).toMatchObject({
    entityId: `${origin}/acme/saml/metadata`,
    singleSignOn: { redirect: sso, post: sso },
  });
  expect(answer.body).not.toContain('PRIVATE');
  expect((await site.browser().send('GET', '/nowhere/saml/metadata')).status).toBe(404);
});

it('somebody who has the app: a form to its ACS with an assertion of theirs', async () => {
  const { id, xml } = request();
  const member = await site.browserOf(acme.tenant, acme.people.member);
  const answer = await member.send('GET', redirected(xml), undefined, { 'sec-fetch-site': 'cross-site' });
  expect(answer.status).toBe(200);
  expect(formOf(answer)).toMatchObject({ action: `${app}/acs`, relayState: 'state-1' });
  expect(answer.headers.get('content-security-policy')).toContain(`form-action ${app}`);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await judge(answer, id)).toMatchObject({ ok: true, nameId: 'member.acme' });
});

it('by the POST binding too', async () => {
  const { id, xml } = request();
  const member = await site.browserOf(acme.tenant, acme.people.member);
  const form = new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64') });
  const answer = await member.send('POST', '/acme/saml/sso', form.toString(), {
    ...{ 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site', origin: app },
  });
  expect(await judge(answer, id)).toMatchObject({ ok: true, nameId: 'member.acme' });
});

it('somebody who is not signed in signs in first and comes back to the same request', async () => {
  const path = redirected(request().xml);
  const answer = await site.browser().send('GET', path);
  const location = new URL(answer.headers.get('location') ?? '');
  expect(answer.status).toBe(303);
  expect([location.origin, location.pathname]).toEqual([origin, '/signin']);
  expect(Object.fromEntries(location.searchParams)).toEqual({ app: 'App', return: path });
});

it('somebody of another organization is nobody here', async () => {
  const bolt = await site.organization('bolt');
  const stranger = await site.browserOf(bolt.tenant, bolt.people.owner);
  const answer = await stranger.send('GET', redirected(request().xml));
  expect(new URL(answer.headers.get('location') ?? '').pathname).toBe('/signin');
});

it('somebody without the app: a signed refusal to its ACS, and no assertion', async () => {
  const { id, xml } = request();
  const answer = await owner.send('GET', redirected(xml));
  const form = formOf(answer);
  expect(form.action).toBe(`${app}/acs`);
  const response = Buffer.from(form.samlResponse, 'base64').toString();
  expect(response).toContain('urn:oasis:names:tc:SAML:2.0:status:RequestDenied');
  expect(response).toContain('This person does not have App.');
  expect(response).toContain('SignatureValue');
  expect(response).not.toContain('Assertion ');
  const verdict = await judge(answer, id);
  expect(verdict.ok).toBe(false);
  expect(verdict.ok ? [] : verdict.reasons.map(({ check }) => check)).toEqual(['status']);
});

it('somebody who may not sign in there by SAML is refused the same way', async () => {
  await owner.send('POST', `/api/users/${acme.people.admin}/apps/${appId}`, { maySignIn: false });
  const admin = await site.browserOf(acme.tenant, acme.people.admin);
  const answer = await admin.send('GET', redirected(request().xml));
  expect(Buffer.from(formOf(answer).samlResponse, 'base64').toString()).toContain('may not sign in to App');
});

const evil = 'https://evil.example';
it.each<[string, string, () => string]>([
  ['S31: a foreign ACS', 'request-refused', () => redirected(request({ acsUrl: `${evil}/acs` }).xml)],
  ['S31: the ACS with more to it', 'request-refused', () => redirected(request({ acsUrl: `${app}/acs/..` }).xml)],
  ['S31: the ACS in another case', 'request-refused', () => redirected(request({ acsUrl: `${app}/ACS` }).xml)],
  ['another destination', 'request-refused', () => redirected(request({ destination: `${evil}/sso` }).xml)],
  ['an unknown issuer', 'app-unknown', () => redirected(request({ issuer: evil }).xml)],
  ['another organization’s app', 'app-unknown', () => redirected(request().xml, 'bolt')],
  ['no such organization', 'no-tenant', () => redirected(request().xml, 'nowhere')],
  ['no request', 'request-unreadable', () => '/acme/saml/sso'],
  ['not XML', 'request-unreadable', () => redirected('hello')],
  ['a DOCTYPE', 'request-unreadable', () => redirected(`<!DOCTYPE x>${request().xml}`)],
])('%s: back to our own page, and nothing is posted', async (_what, problem, path) => {
  const member = await site.browserOf(acme.tenant, acme.people.member);
  const answer = await member.send('GET', path());
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`${origin}/signin?problem=${problem}`);
  expect(answer.body).toBe('');
});

it('a failure of ours on the way to the metadata carries the headers and tells no stranger why', async () => {
  await site.database.control.query('insert into control.organization (slug, tenant, created_at) values ($1, $2, $3)', [
    ...['torn', createId(site.clock.now), site.clock.now],
  ]);
  const answer = await site.browser().send('GET', '/torn/saml/metadata');
  expect(answer).toMatchObject({ status: 500, body: { type: '/problems/internal' } });
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(site.failures.splice(0)).toHaveLength(1);
});

it('what was answered and refused is kept, by app and person', async () => {
  const { rows } = await test.asOwner(
    'select distinct person, outcome from identity.sign_on where tenant = $1 and app = $2 order by outcome, person',
    [acme.tenant, appId],
  );
  const { owner: first, admin, member } = acme.people;
  expect(rows).toEqual([
    { person: member, outcome: 'answered' },
    ...[first, admin].sort().map((person) => ({ person, outcome: 'refused' })),
  ]);
});
