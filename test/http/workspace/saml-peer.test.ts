// An identity provider that is not ours, built on samlify, signs somebody in to a workspace: metadata in both directions,
// our request read by it, its response posted to our ACS.

import * as samlify from 'samlify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { HTTP_REDIRECT } from '../../../src/saml/names.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { signingKey } from '../../saml/identities.ts';
import { type Browser, createWorld, origin, type World } from './world.ts';

let test: TestDatabase;
let world: World;
beforeAll(async () => {
  test = await createTestDatabase();
  world = createWorld(test.open('rollcall_workspace'));
  samlify.setSchemaValidator({ validate: () => Promise.resolve('not validated here') });
});
afterAll(async () => {
  vi.useRealTimers();
  await test.drop();
});

const authnStatement =
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>';

const peer = samlify.IdentityProvider({
  entityID: 'https://samlify.example/metadata',
  singleSignOnService: [{ Binding: HTTP_REDIRECT, Location: 'https://samlify.example/sso' }],
  singleLogoutService: [{ Binding: HTTP_REDIRECT, Location: 'https://samlify.example/slo' }],
  signingCert: signingKey.certificatePem,
  privateKey: signingKey.privateKeyPem,
  isAssertionEncrypted: false,
  loginResponseTemplate: {
    context: samlify.SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}', authnStatement),
    attributes: [],
  },
});

/** The peer's part: reads the request at its sign-in address, and answers for the person. */
async function signInThere(location: string, metadata: string, nameId: string) {
  const sp = samlify.ServiceProvider({ metadata, wantMessageSigned: true });
  const query = Object.fromEntries(new URL(location).searchParams);
  const { extract } = await peer.parseLoginRequest(sp, 'redirect', { query });
  const { id, assertionConsumerServiceUrl: acs } = extract.request as {
    id: string;
    assertionConsumerServiceUrl: string;
  };
  const now = world.clock.now;
  const soon = new Date(now.getTime() + 300_000).toISOString();
  const tags = {
    ...{
      ID: `_r${id}`,
      AssertionID: `_a${id}`,
      Issuer: 'https://samlify.example/metadata',
      IssueInstant: now.toISOString(),
    },
    ...{
      Destination: acs,
      SubjectRecipient: acs,
      Audience: sp.entityMeta.getEntityID(),
      InResponseTo: id,
    },
    ...{
      StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
      ConditionsNotBefore: now.toISOString(),
      ConditionsNotOnOrAfter: soon,
    },
    ...{
      SubjectConfirmationDataNotOnOrAfter: soon,
      NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      NameID: nameId,
      AttributeStatement: '',
    },
  };
  const fill = (text: string) => ({ id: tags.ID, context: samlify.SamlLib.replaceTagsByValue(text, tags) });
  const { context } = await peer.createLoginResponse(sp, { extract: {} }, 'post', {}, fill);
  return { SAMLResponse: context, RelayState: query['RelayState'] ?? '' };
}

async function signIn(browser: Browser, query: string, nameId: string) {
  const start = await browser.send('GET', `/peer/saml/start${query}`);
  const metadata = (await browser.send('GET', '/peer/saml/metadata')).body;
  const form = await signInThere(start.headers.get('location') ?? '', metadata, nameId);
  return browser.send('POST', '/peer/saml/acs', new URLSearchParams(form).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'cross-site',
  });
}

it('samlify’s identity provider: set up, tested, turned on, signed in by', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: world.clock.now });
  const { tenant, people } = await world.workspace('peer');
  const admin = await world.browserOf(tenant, people.admin);
  const read = await admin.send('POST', '/api/saml/metadata', { xml: peer.getMetadata() });
  expect(read.body).toMatchObject({
    take: { entityId: 'https://samlify.example/metadata', ssoUrl: 'https://samlify.example/sso' },
  });
  await signIn(admin, '?test', 'admin@peer.example');
  const tested = (await admin.send('GET', '/api/saml')).body.lastTest;
  expect(tested.checks.filter((check: { passed: boolean }) => !check.passed)).toEqual([]);
  expect((await admin.send('POST', '/api/saml/on')).status).toBe(204);
  const browser = world.browser();
  const answer = await signIn(browser, '', 'owner@peer.example');
  expect(answer.headers.get('location')).toBe(`${origin}/`);
  expect((await browser.send('GET', '/api/session')).body.person).toMatchObject({
    email: 'owner@peer.example',
    role: 'owner',
  });
  expect(world.failures).toEqual([]);
});
