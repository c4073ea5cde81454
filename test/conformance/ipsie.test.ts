// The IPSIE profile of SCIM (draft-openid-ipsie-al-scim-profile, before that draft-schreiber-ipsie-scim-profile), what it
// asks of the application at AL1 and AL2, requirement by requirement: each test is named by its section. With the
// workspace end as main wires it, its admin API beside SCIM; docs/conformance.md has the table and what is not met.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/config.ts';
import { pathOf, type Route } from '../../src/contract/route.ts';
import { workspaceRoutes } from '../../src/contract/workspace.ts';
import { createRateLimit } from '../../src/http/scim/rate-limit.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { Browser } from '../http/browser.ts';
import { origin } from '../http/workspace/world.ts';
import { type Connected, type ConnectedWorkspace, createConnected } from '../security/connected.ts';

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

let count = 0;

/** A workspace whose connection keeps to the interop profile, as the IPSIE profile asks (section 4.2). */
async function fresh(): Promise<ConnectedWorkspace> {
  count += 1;
  const workspace = await connected.workspace(`ipsie-${count}`);
  expect((await workspace.admin.send('PUT', '/api/scim/client', { client: 'interop' })).status).toBe(204);
  expect((await workspace.scim('GET', '/ServiceProviderConfig')).body.interopProfileConformant).toBe(true);
  return workspace;
}
type Scim = ConnectedWorkspace['scim'];

async function make(scim: Scim, endpoint: string, body: object): Promise<string> {
  const made = await scim('POST', `/${endpoint}`, body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}
const found = async (scim: Scim, endpoint: string, filter: string) => {
  const { status, body } = await scim('GET', `/${endpoint}?filter=${encodeURIComponent(filter)}`);
  expect(status, filter).toBe(200);
  return body.Resources.map((each: { id: string }) => each.id);
};
const patch = (scim: Scim, path: string, ...operations: object[]) => scim('PATCH', path, { Operations: operations });
const active = (value: boolean) => ({ op: 'replace', path: 'active', value });

describe('4.2 SCIM Interoperability Requirements', () => {
  const ofPeople = { deactivatePerson: true, reactivatePerson: true, resendInvitation: true, changeRole: true };
  const local = (Object.entries(workspaceRoutes) as [string, Route][]).filter(([name, { method, access }]) => {
    const changes = method !== 'GET' && !['public', 'local'].includes(access);
    return changes && !['signOut', 'disableScim', 'pauseScim', 'revokeToken'].includes(name);
  });

  test('4.2: no route of the admin API changes a provisioned person or team, called by an owner', async () => {
    const { scim, world, tenant, people } = await fresh();
    const owner = await world.browserOf(tenant, people.owner);
    const ada = await make(scim, 'Users', { userName: 'ada@acme.example', title: 'Dr', externalId: 'a' });
    const team = await make(scim, 'Groups', { displayName: 'Field', members: [{ value: ada }] });
    const shown = async () => [await scim('GET', `/Users/${ada}`), await scim('GET', `/Groups/${team}`)];
    const before = (await shown()).map(({ body }) => body);
    const everything = {
      ...{ name: 'Ada Changed', displayName: 'Changed', title: 'Changed', active: false, role: 'admin' },
      ...{ email: 'changed@acme.example', userName: 'changed', members: [], client: 'interop', kind: 'okta' },
      ...{ password: 'a sentence of some length', plan: 'plus' },
    };
    const tried: string[] = [];
    for (const [name, route] of local) {
      for (const id of [ada, team]) {
        const path = pathOf(route, { id });
        const answer = await owner.send(route.method, path, route.body ? everything : undefined);
        expect(answer.status, `${name}: ${JSON.stringify(answer.body)}`).toBeLessThan(500);
        if (name in ofPeople) expect(answer.status, name).toBeGreaterThanOrEqual(400);
        tried.push(name);
      }
    }
    expect(new Set(tried).size).toBeGreaterThan(12);
    expect(tried).toEqual(expect.arrayContaining(Object.keys(ofPeople)));
    expect((await shown()).map(({ body }) => body)).toEqual(before);
  });

  test('4.2: an admin is told where to deactivate and reactivate somebody who is provisioned', async () => {
    const { scim, admin } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada@acme.example' });
    for (const verb of ['deactivate', 'reactivate']) {
      const answer = await admin.send('POST', `/api/people/${ada}/${verb}`);
      expect(answer).toMatchObject({ status: 409, body: { type: '/problems/precondition' } });
      expect(answer.body.detail).toContain('Change it there');
    }
  });
});

describe('4.3 Performance and Efficiency', () => {
  test('4.3: 25 requests a second and more are taken, whatever is configured', () => {
    expect(readSettings({}).scimRate).toBeGreaterThanOrEqual(25);
    expect(() => readSettings({ SCIM_RATE: '24' })).toThrow('SCIM_RATE');
    let now = 0;
    const limit = createRateLimit(25, () => now);
    for (let second = 0; second < 60; second += 1) {
      for (let n = 0; n < 25; n += 1) expect(limit.take('a')).toBeUndefined();
      now += 1_000;
    }
  });

  test('4.3, 8: beyond the rate every endpoint answers 429 with Retry-After', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    const endpoints: readonly (readonly [string, string, object?])[] = [
      ['GET', '/Users'],
      ['GET', `/Users/${ada}`],
      ['GET', '/Groups'],
      ['GET', '/Schemas'],
      ['GET', '/ResourceTypes'],
      ['GET', '/ServiceProviderConfig'],
      ['GET', '/Me'],
      ['POST', '/Users', { userName: 'ben' }],
      ['PUT', `/Users/${ada}`, { userName: 'ada' }],
      ['PATCH', `/Users/${ada}`, { Operations: [active(false)] }],
      ['POST', '/Groups', { displayName: 'G' }],
      ['POST', '/Bulk', { Operations: [] }],
      ['POST', '/.search', {}],
      ['DELETE', `/Users/${ada}`],
    ];
    // The clock of this world stands still, so what was taken does not come back.
    let taken = 0;
    while ((await scim('GET', '/ServiceProviderConfig')).status === 200) taken += 1;
    expect(taken).toBeGreaterThan(50);
    for (const [method, path, body] of endpoints) {
      const answer = await scim(method, path, body);
      expect(answer.status, `${method} ${path}`).toBe(429);
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      expect(answer.body).toMatchObject({ status: '429', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] });
    }
  });

  test('4.3: Bulk creates, changes and deletes', async () => {
    const { scim } = await fresh();
    const old = await make(scim, 'Users', { userName: 'old' });
    const kept = await make(scim, 'Users', { userName: 'kept' });
    const { status, body } = await scim('POST', '/Bulk', {
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'ada' } },
        { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'G', members: [{ value: 'bulkId:a' }] } },
        { method: 'PATCH', path: `/Users/${kept}`, data: { Operations: [active(false)] } },
        { method: 'DELETE', path: `/Users/${old}` },
      ],
    });
    expect(status).toBe(200);
    expect(body.Operations.map((each: { status: string }) => each.status)).toEqual(['201', '201', '200', '204']);
    const [ada] = await found(scim, 'Users', 'userName eq "ada"');
    expect(await found(scim, 'Groups', `members[value eq "${ada}"]`)).toHaveLength(1);
    expect((await scim('GET', `/Users/${kept}`)).body.active).toBe(false);
    expect((await scim('GET', `/Users/${old}`)).status).toBe(404);
  });

  test('4.3: one PATCH changes several attributes', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    const changed = await patch(
      scim,
      `/Users/${ada}`,
      { op: 'replace', path: 'title', value: 'Dr' },
      { op: 'replace', path: 'displayName', value: 'Ada' },
      { op: 'add', path: 'emails', value: [{ value: 'ada@acme.example', type: 'work' }] },
    );
    expect(changed.body).toMatchObject({ title: 'Dr', displayName: 'Ada', emails: [{ value: 'ada@acme.example' }] });
  });
});

/** Whether somebody gets anything of the application. */
const reads = async (browser: Browser) => (await browser.send('GET', '/api/people')).status;

describe('5 AL1: User Deprovisioning', () => {
  const password = 'a sentence of some length';

  test('5.1: a deactivated user has no access by any way there is, from the next request on', async () => {
    const { scim, world, tenant, people, slug } = await fresh();
    const userName = `member@${slug}.example`;
    const browser = await world.browserOf(tenant, people.member);
    expect((await browser.send('POST', '/api/password', { password })).status).toBeLessThan(300);
    const linked = await make(scim, 'Users', { userName, externalId: 'm' });
    expect(linked).toBe(people.member);
    const links = await Promise.all(
      (['sign-in', 'set-password'] as const).map((kind) =>
        world.end.accounts.createLink({ tenant, person: people.member }, kind),
      ),
    );
    const signIn = () => world.browser().send('POST', '/api/sign-in', { email: userName, password });
    expect([await reads(browser), (await signIn()).status]).toEqual([200, 200]);
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const stream = await world.end.fetch(
      new Request(`${origin}/api/events`, { headers: { cookie, 'sec-fetch-site': 'same-origin' } }),
      { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
    );
    expect(stream.status).toBe(200);
    expect((await patch(scim, `/Users/${linked}`, active(false))).body.active).toBe(false);
    expect(await reads(browser)).toBe(401);
    expect((await signIn()).status).toBe(403);
    for (const link of links)
      expect((await world.browser().send('POST', `/api/link/${link}`, { password })).status).toBeGreaterThanOrEqual(
        400,
      );
    const { rows } = await database.asOwner('select 1 from workspace.session where person = $1', [people.member]);
    expect(rows).toEqual([]);
    // The stream of events that the page had open ends; this waits for its end.
    expect(await stream.text()).toContain('retry');
  });

  test('5.1: there is no other way than session, password, link and SAML: no table but these names a person’s credential', async () => {
    const { rows } = await database.asOwner(
      `select table_name as name from information_schema.columns
       where table_schema = 'workspace' and column_name in ('person', 'digest', 'token', 'secret', 'public_key')
       group by table_name order by table_name`,
    );
    expect(rows.map(({ name }) => name).filter((name) => !name.startsWith('request_journal'))).toEqual([
      ...['account', 'one_time_link', 'saml_attempt', 'saml_request', 'session'],
    ]);
  });

  test('5.1: a deactivated user is reactivated, and may come in again', async () => {
    const { scim, world, tenant, people, slug } = await fresh();
    const userName = `member@${slug}.example`;
    await (await world.browserOf(tenant, people.member)).send('POST', '/api/password', { password });
    const id = await make(scim, 'Users', { userName, externalId: 'm', title: 'Dr' });
    const team = await make(scim, 'Groups', { displayName: 'Field', members: [{ value: id }] });
    const signIn = () => world.browser().send('POST', '/api/sign-in', { email: userName, password });
    await patch(scim, `/Users/${id}`, active(false));
    expect((await signIn()).status).toBe(403);
    const back = await patch(scim, `/Users/${id}`, active(true));
    expect(back.body).toMatchObject({ id, active: true, title: 'Dr', groups: [{ value: team }] });
    expect((await signIn()).status).toBe(200);
  });

  test('5.2: a user is deleted, and a new one has the same userName', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    expect((await scim('DELETE', `/Users/${ada}`)).status).toBe(204);
    const again = await make(scim, 'Users', { userName: 'ada' });
    expect(again).not.toBe(ada);
    expect((await scim('GET', `/Users/${ada}`)).status).toBe(404);
  });

  test('5.3: a user is read by id', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    expect((await scim('GET', `/Users/${ada}`)).body).toMatchObject({ id: ada, userName: 'ada' });
  });

  test('5.4: users are found by userName, externalId, an e-mail, and an e-mail of a type', async () => {
    const { scim } = await fresh();
    const email = (value: string, type: string) => ({ value, type });
    const ada = await make(scim, 'Users', {
      ...{ userName: 'ada', externalId: 'x-1' },
      emails: [email('ada@acme.example', 'work'), email('ben@acme.example', 'home')],
    });
    const ben = await make(scim, 'Users', {
      ...{ userName: 'ben', externalId: 'X-1' },
      emails: [email('ben@acme.example', 'work'), email('ada@acme.example', 'home')],
    });
    // The profile writes the first one in small letters: attribute names have no case (RFC 7643 section 2.1).
    expect(await found(scim, 'Users', 'username eq "ada"')).toEqual([ada]);
    expect(await found(scim, 'Users', 'externalId eq "X-1"')).toEqual([ben]);
    const both = await found(scim, 'Users', 'emails[value eq "ada@acme.example"]');
    expect(both.sort()).toEqual([ada, ben].sort());
    expect(await found(scim, 'Users', 'emails[type eq "work" and value eq "ada@acme.example"]')).toEqual([ada]);
    expect(await found(scim, 'Users', 'emails[type eq "work" and value eq "cleo@acme.example"]')).toEqual([]);
  });
});

describe('6 AL2: User and Group Management', () => {
  test('6: nobody makes a local account for somebody who is provisioned, by userName', async () => {
    const { scim, admin } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada@acme.example' });
    const invite = (email: string) => admin.send('POST', '/api/members', { name: 'Ada', email, role: 'member' });
    expect(await invite('ada@acme.example')).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
    expect(await invite('ADA@acme.example')).toMatchObject({ status: 409 });
    const { rows } = await database.asOwner('select 1 from workspace.account where person = $1', [ada]);
    expect(rows).toEqual([]);
  });

  test('6: nor by an e-mail address of theirs', async () => {
    const { scim, admin } = await fresh();
    await make(scim, 'Users', { userName: 'ada', emails: [{ value: 'Ada@acme.example', type: 'work' }] });
    const answer = await admin.send('POST', '/api/members', { name: 'Ada', email: 'ada@acme.example', role: 'member' });
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/conflict' } });
    expect(
      (await scim('GET', '/Users')).body.Resources.filter((each: { userName: string }) => /ada/i.test(each.userName)),
    ).toHaveLength(1);
  });

  test('6.1.1: userName, displayName, active and externalId are there', async () => {
    const { scim } = await fresh();
    const { body } = await scim('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User');
    const names = body.attributes.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['userName', 'displayName', 'active']));
    const given = { userName: 'ada', displayName: 'Ada', active: true, externalId: 'x-1' };
    const ada = await make(scim, 'Users', given);
    expect((await scim('GET', `/Users/${ada}`)).body).toMatchObject(given);
  });

  test('6.1.2: no schema of ours has a credential but the password that is kept nowhere', async () => {
    const { scim } = await fresh();
    const { body } = await scim('GET', '/Schemas');
    const names = body.Resources.flatMap((schema: { attributes: { name: string }[] }) =>
      schema.attributes.map(({ name }) => name),
    );
    const credentials = names.filter((name: string) =>
      /password|secret|token|totp|otp|privatekey|hash|seed/i.test(name),
    );
    expect(credentials).toEqual(['password']);
  });

  test('6.1.3, 6.1.4: users are created and updated', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    await patch(scim, `/Users/${ada}`, { op: 'replace', path: 'displayName', value: 'Ada' });
    expect((await scim('GET', `/Users/${ada}`)).body.displayName).toBe('Ada');
  });

  test('6.1.5: all users are listed, by cursor too', async () => {
    const { scim } = await fresh();
    const made = [];
    for (const userName of ['a', 'b', 'c']) made.push(await make(scim, 'Users', { userName }));
    const ids = (body: { Resources: { id: string }[] }) => body.Resources.map(({ id }) => id);
    const all = ids((await scim('GET', '/Users')).body);
    expect(all).toEqual(expect.arrayContaining(made));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const { body }: { body: { Resources: { id: string }[]; nextCursor?: string } } = await scim(
        'GET',
        `/Users?count=2&cursor=${cursor}`,
      );
      seen.push(...ids(body));
      cursor = body.nextCursor;
    }
    expect(seen.sort()).toEqual([...all].sort());
  });

  test('6.2.1: displayName, members and externalId are there; two groups of one name are not', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    const given = { displayName: 'Field', externalId: 'g-1', members: [{ value: ada }] };
    const team = await make(scim, 'Groups', given);
    expect((await scim('GET', `/Groups/${team}`)).body).toMatchObject(given);
    const twin = await scim('POST', '/Groups', { displayName: 'Field' });
    expect([twin.status, twin.body.scimType]).toEqual([409, 'uniqueness']);
  });

  test('6.2.2: a group without members', async () => {
    const { scim } = await fresh();
    for (const [n, extra] of [{}, { members: [] }].entries()) {
      const id = await make(scim, 'Groups', { displayName: `G${n}`, ...extra });
      expect((await scim('GET', `/Groups/${id}`)).body).not.toHaveProperty('members');
    }
  });

  test('6.2.3, 6.2.4: groups are listed without their members, and read by id', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    const team = await make(scim, 'Groups', { displayName: 'Field', members: [{ value: ada }] });
    const { body } = await scim('GET', '/Groups?excludedAttributes=members');
    expect(body.Resources).toMatchObject([{ id: team, displayName: 'Field' }]);
    expect(body.Resources[0]).not.toHaveProperty('members');
    expect((await scim('GET', '/Groups')).body.Resources[0].members).toHaveLength(1);
    expect((await scim('GET', `/Groups/${team}`)).body.members).toMatchObject([{ value: ada }]);
  });

  test('6.2.5: groups are found by displayName, externalId and a member', async () => {
    const { scim } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    const field = await make(scim, 'Groups', { displayName: 'Field', externalId: 'g-1', members: [{ value: ada }] });
    const bench = await make(scim, 'Groups', { displayName: 'Bench', externalId: 'G-1' });
    expect(await found(scim, 'Groups', 'displayName eq "Field"')).toEqual([field]);
    expect(await found(scim, 'Groups', 'externalId eq "G-1"')).toEqual([bench]);
    expect(await found(scim, 'Groups', `members[value eq "${ada}"]`)).toEqual([field]);
    expect(await found(scim, 'Groups', 'members[value eq "nobody"]')).toEqual([]);
  });

  test('6.2.6: a group is renamed, and a hundred members come and go in single requests', async () => {
    const { scim } = await fresh();
    const people = Array.from({ length: 100 }, (_, n) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `n${n}`, data: { userName: `p${n}` } },
    }));
    const { body } = await scim('POST', '/Bulk', { Operations: people });
    const ids: string[] = body.Operations.map((each: { location: string }) => each.location.split('/').at(-1));
    const team = await make(scim, 'Groups', { displayName: 'Field' });
    const path = `/Groups/${team}`;
    const members = async () =>
      ((await scim('GET', path)).body.members ?? []).map((each: { value: string }) => each.value);
    const add = ids.map((value) => ({ op: 'add', path: 'members', value: [{ value }] }));
    expect((await patch(scim, path, { op: 'replace', path: 'displayName', value: 'Looms' }, ...add)).status).toBe(204);
    expect((await scim('GET', path)).body.displayName).toBe('Looms');
    expect((await members()).sort()).toEqual([...ids].sort());
    const remove = ids.slice(0, 60).map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }));
    expect((await patch(scim, path, ...remove)).status).toBe(204);
    expect((await members()).sort()).toEqual(ids.slice(60).sort());
    expect((await patch(scim, path, { op: 'remove', path: 'members' })).status).toBe(204);
    expect(await members()).toEqual([]);
  });
});

describe('8 Security Considerations', () => {
  test('8: what is created, changed and deleted stands in the request log', async () => {
    const { scim, admin, world } = await fresh();
    const ada = await make(scim, 'Users', { userName: 'ada' });
    await patch(scim, `/Users/${ada}`, active(false));
    await scim('DELETE', `/Users/${ada}`);
    await world.end.stop();
    const { body } = await admin.send('GET', '/api/requests?result=changes');
    const methods = body.requests.map((each: { method: string }) => each.method);
    expect(methods.sort()).toEqual(['DELETE', 'PATCH', 'POST']);
    for (const { id } of body.requests) expect((await admin.send('GET', `/api/requests/${id}`)).status).toBe(200);
  });
});
