// Setting SAML up and signing in by it, over the workspace's own addresses: metadata, start, ACS. The identity provider
// is one of the test, built on our own messages; test/http/workspace/saml-peer.test.ts has one that is not ours.
// Here is what needs memory: the request bound to its browser (S20), each assertion once (S22), each workspace its own
// (S28), and whom a NameID lets in.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseServiceProviderMetadata } from '../../../src/saml/metadata/read-metadata.ts';
import { identityProviderMetadata } from '../../../src/saml/metadata/write-metadata.ts';
import { parseAuthnRequest } from '../../../src/saml/request/parse-authn-request.ts';
import { createResponse, type SignInResponse } from '../../../src/saml/response/create-response.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { insertPerson, setActive } from '../../../src/store/workspace/people.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { encode, signingKey, strangersKey } from '../../saml/identities.ts';
import { type Answer, type Browser, createWorld, origin, type World } from './world.ts';

const identityProvider = 'https://idp.example/metadata';
const metadata = identityProviderMetadata({
  entityId: identityProvider,
  singleSignOnUrl: 'https://idp.example/sso',
  nameIdFormats: ['urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'],
  signingCertificates: [signingKey.certificatePem],
  displayName: 'Test IdP',
});

let test: TestDatabase;
let world: World;
beforeAll(async () => {
  test = await createTestDatabase();
  world = createWorld(test.open('rollcall_workspace'));
});
afterAll(() => test.drop());

let assertions = 0;

interface Started {
  relayState: string;
  requestId: string;
}

async function start(browser: Browser, slug: string, query = ''): Promise<Started> {
  const answer = await browser.send('GET', `/${slug}/saml/start${query}`);
  const location = new URL(answer.headers.get('location') ?? '', origin);
  const parsed = parseAuthnRequest('redirect', location.searchParams.get('SAMLRequest') ?? '');
  if (!parsed.ok) throw new Error(`No request: ${location}`);
  return { relayState: location.searchParams.get('RelayState') ?? '', requestId: parsed.request.id };
}

function respond(slug: string, started: Started, nameId: string, changes: Partial<SignInResponse> = {}): string {
  assertions += 1;
  world.clock.now = new Date(world.clock.now.getTime() + 1_000);
  return encode(
    createResponse({
      responseId: `_response-${assertions}`,
      assertionId: `_assertion-${assertions}`,
      issuer: identityProvider,
      audience: `${origin}/${slug}/saml/metadata`,
      acsUrl: `${origin}/${slug}/saml/acs`,
      inResponseTo: started.requestId,
      now: world.clock.now,
      signingKey,
      nameId,
      nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      attributes: [],
      sessionIndex: '_session',
      authnInstant: world.clock.now,
      ...changes,
    }),
  );
}

function post(browser: Browser, slug: string, samlResponse: string, relayState: string): Promise<Answer> {
  const form = new URLSearchParams({ SAMLResponse: samlResponse, RelayState: relayState });
  // A response is a cross-site POST: this one route takes it.
  return browser.send('POST', `/${slug}/saml/acs`, form.toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': 'cross-site',
    origin: 'https://idp.example',
  });
}

async function who(browser: Browser): Promise<string | undefined> {
  return (await browser.send('GET', '/api/session')).body.person?.email;
}

/** A workspace whose SAML was set up, tested by its admin and turned on, through its own API. */
async function workspaceWithSaml(slug: string) {
  const made = await world.workspace(slug);
  const admin = await world.browserOf(made.tenant, made.people.admin);
  expect((await admin.send('POST', '/api/saml/metadata', { xml: metadata })).status).toBe(200);
  const started = await start(admin, slug, '?test');
  await post(admin, slug, respond(slug, started, `admin@${slug}.example`), started.relayState);
  expect((await admin.send('POST', '/api/saml/on')).status).toBe(204);
  return { ...made, admin };
}

async function refusal(answer: Answer, slug: string): Promise<string> {
  const location = new URL(answer.headers.get('location') ?? '', origin);
  const id = location.searchParams.get('refused') ?? '';
  return (await world.browser().send('GET', `/api/sign-in-refusal/${id}?slug=${slug}`)).body.sentence;
}

describe('setting up', () => {
  it('the metadata is public, and the same before SAML is on', async () => {
    const { tenant } = await world.workspace('open');
    const before = await world.browser().send('GET', '/open/saml/metadata');
    await world.end.store.updateSaml(tenant, { state: 'on' }, { person: null, name: 'test', at: world.clock.now });
    expect((await world.browser().send('GET', '/OPEN/saml/metadata')).body).toBe(before.body);
    expect(parseServiceProviderMetadata(before.body)).toMatchObject({
      ok: true,
      metadata: {
        entityId: `${origin}/open/saml/metadata`,
        assertionConsumerServices: [{ url: `${origin}/open/saml/acs` }],
        workspace: {
          orgId: 'open',
          scimBaseUrl: `${origin}/open/scim/v2`,
          signInUrl: `${origin}/open/saml/start`,
        },
      },
    });
  });

  it('S13: is not turned on without metadata, nor without the acting admin’s own test', async () => {
    const { tenant, people } = await world.workspace('order');
    const admin = await world.browserOf(tenant, people.admin);
    const owner = await world.browserOf(tenant, people.owner);
    expect(await admin.send('POST', '/api/saml/on')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('metadata') },
    });
    await admin.send('POST', '/api/saml/metadata', { xml: metadata });
    expect(await admin.send('POST', '/api/saml/on')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Test') },
    });
    const started = await start(admin, 'order', '?test');
    const answer = await post(admin, 'order', respond('order', started, 'admin@order.example'), started.relayState);
    expect(answer.headers.get('location')).toContain('/settings/integrations/saml?attempt=');
    const { body } = await admin.send('GET', '/api/saml');
    expect(body).toMatchObject({
      testedByMe: true,
      card: { state: 'draft' },
      lastTest: { outcome: 'tested', nameId: 'admin@order.example' },
    });
    expect(body.lastTest.checks.every((check: { passed: boolean }) => check.passed)).toBe(true);
    expect((await owner.send('POST', '/api/saml/on')).status).toBe(409);
    expect((await admin.send('POST', '/api/saml/on')).status).toBe(204);
  });

  it('a test as somebody else is told apart and does not count', async () => {
    const { tenant, people } = await world.workspace('other');
    const admin = await world.browserOf(tenant, people.admin);
    await admin.send('POST', '/api/saml/metadata', { xml: metadata });
    const started = await start(admin, 'other', '?test');
    await post(admin, 'other', respond('other', started, 'owner@other.example'), started.relayState);
    const { body } = await admin.send('GET', '/api/saml');
    expect(body).toMatchObject({
      testedByMe: false,
      lastTest: { outcome: 'refused', sentence: expect.stringContaining('somebody else') },
    });
    expect(await who(admin)).toBe('admin@other.example');
  });

  it('new metadata asks for a new test', async () => {
    const { admin } = await workspaceWithSaml('renew');
    world.clock.now = new Date(world.clock.now.getTime() + 1_000);
    await admin.send('POST', '/api/saml/metadata', { xml: metadata });
    expect((await admin.send('GET', '/api/saml')).body).toMatchObject({ testedByMe: false, card: { state: 'on' } });
  });

  it.each(['', '<a/>', 'not xml', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'])(
    'S32: refuses %j as metadata, in a sentence',
    async (xml) => {
      const { tenant, people } = await world.workspace(
        `bad-${encode(xml)
          .toLowerCase()
          .replace(/[^a-z0-9]/g, '')
          .slice(0, 12)}x`,
      );
      const admin = await world.browserOf(tenant, people.admin);
      expect(await admin.send('POST', '/api/saml/metadata', { xml })).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/metadata/) },
      });
    },
  );
});

describe('signing in', () => {
  it('lets an existing admin in, and shows the door with the identity provider’s name', async () => {
    await workspaceWithSaml('door');
    const browser = world.browser();
    expect((await browser.send('GET', '/api/sign-in-options/door')).body).toMatchObject({
      saml: { idpName: 'Test IdP' },
    });
    const started = await start(browser, 'door', '?return=/people');
    const answer = await post(browser, 'door', respond('door', started, 'admin@door.example'), started.relayState);
    expect(answer).toMatchObject({ status: 303 });
    expect(answer.headers.get('location')).toBe(`${origin}/people`);
    expect(await who(browser)).toBe('admin@door.example');
  });

  it('S20: a response in another browser is refused', async () => {
    await workspaceWithSaml('bound');
    const mine = world.browser();
    const thief = world.browser();
    const started = await start(mine, 'bound');
    const response = respond('bound', started, 'admin@bound.example');
    await start(thief, 'bound');
    expect((await post(thief, 'bound', response, started.relayState)).headers.get('location')).toContain('refused=');
    expect(await who(thief)).toBeUndefined();
    expect((await post(world.browser(), 'bound', response, started.relayState)).headers.get('location')).toContain(
      'refused=',
    );
  });

  it('S21: nobody asked, nobody is let in', async () => {
    await workspaceWithSaml('unasked');
    const browser = world.browser();
    const answer = await post(
      browser,
      'unasked',
      respond('unasked', { relayState: '', requestId: '_invented' }, 'admin@unasked.example'),
      '_invented',
    );
    expect(answer.headers.get('location')).toContain('refused=');
    expect(await who(browser)).toBeUndefined();
  });

  it('S22: fifty posts of one response make one session', async () => {
    const { tenant, people } = await workspaceWithSaml('fifty');
    await test.asOwner('delete from workspace.session where tenant = $1', [tenant]);
    const browser = world.browser();
    const started = await start(browser, 'fifty');
    const response = respond('fifty', started, 'admin@fifty.example');
    await Promise.all(Array.from({ length: 50 }, () => post(browser, 'fifty', response, started.relayState)));
    const { rows } = await test.asOwner('select count(*) from workspace.session where tenant = $1 and person = $2', [
      tenant,
      people.admin,
    ]);
    expect(rows).toEqual([{ count: '1' }]);
  });

  it('S22: the same assertion for a second request is refused', async () => {
    await workspaceWithSaml('replay');
    const browser = world.browser();
    const first = await start(browser, 'replay');
    await post(
      browser,
      'replay',
      respond('replay', first, 'admin@replay.example', { assertionId: '_same' }),
      first.relayState,
    );
    const second = await start(browser, 'replay');
    const answer = await post(
      browser,
      'replay',
      respond('replay', second, 'admin@replay.example', { assertionId: '_same' }),
      second.relayState,
    );
    expect(await refusal(answer, 'replay')).toContain('used already');
  });

  it('S28: a response is good at its own workspace only: every pair of three', async () => {
    const slugs = ['one', 'two', 'three'].map((name) => `matrix-${name}`);
    for (const slug of slugs) await workspaceWithSaml(slug);
    for (const made of slugs) {
      for (const posted of slugs) {
        const browser = world.browser();
        const started = await start(browser, posted);
        const response = respond(made, started, `admin@${posted}.example`);
        await post(browser, posted, response, started.relayState);
        expect(await who(browser), `${made} at ${posted}`).toBe(
          made === posted ? `admin@${posted}.example` : undefined,
        );
      }
    }
  });

  it('S13: a stranger’s key is refused, and the attempt says why to admins only', async () => {
    const { admin } = await workspaceWithSaml('key');
    const browser = world.browser();
    const started = await start(browser, 'key');
    const answer = await post(
      browser,
      'key',
      respond('key', started, 'admin@key.example', { signingKey: strangersKey }),
      started.relayState,
    );
    expect(await refusal(answer, 'key')).not.toMatch(/signature/i);
    const [attempt] = (await admin.send('GET', '/api/saml')).body.attempts;
    expect(attempt.checks).toContainEqual(expect.objectContaining({ name: 'signature', passed: false }));
  });

  it('S25: goes nowhere else afterwards', async () => {
    await workspaceWithSaml('away');
    for (const target of ['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const browser = world.browser();
      const started = await start(browser, 'away', `?return=${encodeURIComponent(target)}`);
      const answer = await post(browser, 'away', respond('away', started, 'admin@away.example'), started.relayState);
      expect(answer.headers.get('location')).toBe(`${origin}/`);
    }
  });

  it('a request is open for fifteen minutes', async () => {
    await workspaceWithSaml('late');
    const browser = world.browser();
    const started = await start(browser, 'late');
    world.clock.now = new Date(world.clock.now.getTime() + 15 * 60_000 + 1);
    expect(
      (await post(browser, 'late', respond('late', started, 'admin@late.example'), started.relayState)).headers.get(
        'location',
      ),
    ).toContain('refused=');
  });

  it('S18: the session ends when the identity provider says', async () => {
    const { tenant } = await workspaceWithSaml('short');
    await test.asOwner('delete from workspace.session where tenant = $1', [tenant]);
    const browser = world.browser();
    const started = await start(browser, 'short');
    const end = new Date(world.clock.now.getTime() + 600_000);
    await post(
      browser,
      'short',
      respond('short', started, 'admin@short.example', { sessionNotOnOrAfter: end }),
      started.relayState,
    );
    expect(await who(browser)).toBe('admin@short.example');
    world.clock.now = new Date(end.getTime() + 1);
    expect(await who(browser)).toBeUndefined();
  });
});

describe('whom a NameID lets in', () => {
  async function signIn(slug: string, nameId: string) {
    const browser = world.browser();
    const started = await start(browser, slug);
    const answer = await post(browser, slug, respond(slug, started, nameId), started.relayState);
    return { browser, answer };
  }

  it('somebody SCIM manages, by userName, without case', async () => {
    const { tenant, admin } = await workspaceWithSaml('managed');
    const { token } = (await admin.send('POST', '/api/scim/enable')).body;
    await world.end.fetch(
      new Request(`${origin}/managed/scim/v2/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          userName: 'Ada@managed.example',
          name: { givenName: 'Ada', familyName: 'Byron' },
          active: true,
        }),
      }),
      { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
    );
    const people = async () => (await admin.send('GET', '/api/people?search=ada')).body.people;
    expect(await people()).toMatchObject([{ status: 'invited' }]);
    const { browser } = await signIn('managed', 'ada@managed.example');
    expect((await browser.send('GET', '/api/session')).body.person).toMatchObject({
      name: 'Ada Byron',
      role: 'member',
    });
    expect(await people()).toMatchObject([{ status: 'active' }]);
    const [{ id }] = await people();
    await setActive(world.database, tenant, id, 'deactivated', world.clock.now);
    expect((await browser.send('GET', '/api/session')).body.person).toBeNull();
    const again = await signIn('managed', 'ada@managed.example');
    expect(await refusal(again.answer, 'managed')).toBe(
      'Your access was removed by your organisation’s directory on 25 Nov 2026. Ask your administrator.',
    );
    // C28: coming back is a new sign-in; what was ended stays ended.
    await setActive(world.database, tenant, id, 'active', world.clock.now);
    expect((await browser.send('GET', '/api/session')).body.person).toBeNull();
  });

  it.each([
    ['a member made by hand', 'member@whom.example'],
    ['nobody', 'nobody@whom.example'],
    ['an admin’s e-mail with a space', ' admin@whom.example'],
    [
      'a full-width letter, which is another name until NFKC makes it the same userName of an admin',
      'admin@whom.example\u200b',
    ],
  ])('not %s', async (_what, nameId) => {
    if ((await world.end.store.tenantBySlug('whom')) === undefined) await workspaceWithSaml('whom');
    const { answer, browser } = await signIn('whom', nameId);
    expect(await refusal(answer, 'whom')).toContain('Nobody in this workspace');
    expect(await who(browser)).toBeUndefined();
  });

  it('S29: the same address in two workspaces is two people', async () => {
    const first = await workspaceWithSaml('twin-a');
    const second = await workspaceWithSaml('twin-b');
    for (const { tenant } of [first, second]) {
      await world.database.withTenant(tenant, (transaction) =>
        insertPerson(
          transaction,
          { id: createId(world.clock.now), name: 'Eve', email: 'eve@twin.example', role: 'admin' },
          world.clock.now,
        ),
      );
    }
    const [one, other] = [await signIn('twin-a', 'eve@twin.example'), await signIn('twin-b', 'eve@twin.example')];
    const session = async (browser: Browser) => (await browser.send('GET', '/api/session')).body;
    expect((await session(one.browser)).tenant.slug).toBe('twin-a');
    expect((await session(other.browser)).tenant.slug).toBe('twin-b');
    expect((await session(one.browser)).person.id).not.toBe((await session(other.browser)).person.id);
  });
});

it('nothing failed here', () => {
  expect(world.failures).toEqual([]);
});
