// What real clients do otherwise than the RFCs say: eighty numbered quirks of their traffic. Those that a conversation
// shows carry the number in its words (test/clients); the rest is here. The last test counts: each number is covered or
// listed with the reason why it is no matter of this server's.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type TenantDatabase } from '../../src/store/database.ts';
import { recordings } from '../clients/conversation.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, publicUrl, type Workspace, type World } from '../http/scim/world.ts';

const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** No test of the server's: why. */
const notHere: Readonly<Record<number, string>> = {
  11: 'a time: bench/ has the budget of single reads, and no assertion of a test holds a clock',
};

const covered = new Set<number>();
const quirk = (number: number, words: string, work: () => Promise<void>) => {
  covered.add(number);
  test(`quirk ${number}: ${words}`, work);
};

let database: TestDatabase;
let world: World;
let slugs = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

const fresh = () => {
  slugs += 1;
  return world.workspace(`quirk-${slugs}`);
};

async function raw(workspace: Workspace, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${workspace.token}`, ...(init.headers as Record<string, string>) };
  const request = new Request(`${publicUrl}${path.replaceAll('{slug}', workspace.slug)}`, { ...init, headers });
  return world.site(request, { remoteAddress: '203.0.113.7' });
}

async function createUser(workspace: Workspace, userName: string, more: object = {}): Promise<string> {
  const { body, status } = await workspace.send('POST', '/Users', { userName, ...more });
  expect(status).toBe(201);
  return body.id;
}

async function lastFacts(workspace: Workspace) {
  await world.store.readJournal.flush();
  const { rows } = await database.asOwner(
    'select facts from workspace.request_journal where tenant = $1 order by id desc limit 1',
    [workspace.tenant],
  );
  return rows[0].facts as { rewrites: string[]; ignored: string[] };
}

const patch = (...Operations: object[]) => ({ schemas: [patchUrn], Operations });

describe('addresses and headers', () => {
  quirk(3, 'a slash at the end, two of them, any case of the path', async () => {
    const workspace = fresh();
    for (const path of ['/{slug}/SCIM/V2/Users', '/{slug}/scim/v2/users/', '//{slug}//scim//v2//Users//']) {
      const answer = await raw(workspace, path);
      expect(answer.status, path).toBe(200);
    }
  });

  quirk(6, 'Accept: application/json alone is answered with it', async () => {
    const workspace = fresh();
    for (const [accept, type] of [
      ['application/json', 'application/json'],
      ['application/scim+json, application/json;q=0.9', 'application/scim+json'],
      ['*/*', 'application/scim+json'],
    ] as const) {
      const answer = await raw(workspace, '/{slug}/scim/v2/Users', { headers: { accept } });
      expect(answer.headers.get('content-type'), accept).toBe(type);
    }
  });

  quirk(7, 'no User-Agent, or one nobody knows', async () => {
    const workspace = fresh();
    expect((await workspace.send('GET', '/Users')).status).toBe(200);
    expect((await workspace.send('GET', '/Users', undefined, { 'user-agent': '-' })).status).toBe(200);
    expect(workspace.owner.client).toBeNull();
  });

  quirk(8, 'a token without "Bearer", with two of them, with the name of the header in front', async () => {
    const workspace = fresh();
    const { token } = workspace;
    for (const authorization of [
      token,
      `bearer ${token}`,
      `Bearer Bearer ${token}`,
      `Authorization: Bearer ${token}`,
    ]) {
      const answer = await raw(workspace, '/{slug}/scim/v2/Users', { headers: { authorization } });
      expect(answer.status, authorization).toBe(200);
    }
  });

  quirk(9, 'a bad token is a 401 with a SCIM error, whatever is asked for', async () => {
    const workspace = fresh();
    for (const [method, path] of [
      ['GET', '/{slug}/scim/v2/Users'],
      ['POST', '/{slug}/scim/v2/Nothing'],
      ['GET', '/{slug}/scim/v2'],
    ] as const) {
      const answer = await raw(workspace, path, {
        method,
        headers: { authorization: 'Bearer wrong', accept: 'text/html' },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(await answer.json()).toMatchObject({ schemas: [errorUrn], status: '401', detail: expect.any(String) });
    }
  });

  quirk(10, 'Accept-Encoding: gzip is met with an answer that can be read', async () => {
    const answer = await raw(fresh(), '/{slug}/scim/v2/Users', { headers: { 'accept-encoding': 'gzip' } });
    expect(['gzip', 'identity', null]).toContain(answer.headers.get('content-encoding'));
    expect(await answer.json()).toMatchObject({ totalResults: 0 });
  });

  quirk(12, 'Retry-After is a number of seconds', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    const away: TenantDatabase = openDatabase({ url: nowhere.href, role: 'rollcall_workspace' });
    const elsewhere = createWorld(away);
    const answer = await elsewhere.workspace('away').send('GET', '/Users');
    await away.close();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(answer.body).toMatchObject({ schemas: [errorUrn], status: '503', detail: expect.stringMatching(/\.$/) });
  });

  quirk(13, 'a burst of fifty requests of one token is answered, all of it', async () => {
    const workspace = fresh();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => workspace.send('POST', '/Users', { userName: `burst-${n}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 201));
  });

  quirk(14, 'the service provider configuration says how many operations fit, and it is more than none', async () => {
    const { status, body } = await fresh().send('GET', '/ServiceProviderConfig');
    expect(status).toBe(200);
    expect(body.bulk.maxOperations).toBeGreaterThan(0);
  });
});

describe('lists', () => {
  quirk(18, 'count 0, a startIndex below 1, one beyond the end, none at all', async () => {
    const workspace = fresh();
    for (const name of ['a', 'b', 'c']) await createUser(workspace, name);
    for (const [query, startIndex, items] of [
      ['?count=0', 1, 0],
      ['?startIndex=0&count=2', 1, 2],
      ['?startIndex=-5', 1, 3],
      ['?startIndex=9', 9, 0],
      ['?count=-1', 1, 0],
      ['', 1, 3],
    ] as const) {
      const { body } = await workspace.send('GET', `/Users${query}`);
      expect(body, query).toMatchObject({ totalResults: 3, startIndex, itemsPerPage: items });
      expect(body.Resources, query).toHaveLength(items);
    }
  });
});

describe('changes', () => {
  quirk(61, 'a thousand operations and five thousand members in one PATCH', async () => {
    const workspace = fresh();
    const members = Array.from({ length: 5000 }, (_, n) => ({ value: `member-${n}`, display: `Member ${n}` }));
    const { body } = await workspace.send('POST', '/Groups', { displayName: 'Everybody' });
    const added = await workspace.send(
      'PATCH',
      `/Groups/${body.id}`,
      patch({ op: 'add', path: 'members', value: members }),
    );
    expect(added.status).toBe(204);
    expect((await lastFacts(workspace)).ignored).toEqual(['members.display']);
    const removals = members.slice(0, 999).map(({ value }) => ({ op: 'remove', path: `members[value eq "${value}"]` }));
    const changed = await workspace.send(
      'PATCH',
      `/Groups/${body.id}`,
      patch(...removals, { op: 'replace', path: 'displayName', value: 'Nearly everybody' }),
    );
    expect(changed.status).toBe(204);
    const read = await workspace.send('GET', `/Groups/${body.id}`);
    expect(read.body.members).toHaveLength(4001);
  });

  quirk(
    70,
    'a PATCH of a user answers 200 with the user, one of a group 204, or 200 where attributes were asked for',
    async () => {
      const workspace = fresh();
      const ada = await createUser(workspace, 'ada');
      const title = patch({ op: 'replace', path: 'title', value: 'x' });
      expect(await workspace.send('PATCH', `/Users/${ada}`, title)).toMatchObject({
        status: 200,
        body: { title: 'x' },
      });
      const { body } = await workspace.send('POST', '/Groups', { displayName: 'Team' });
      const members = patch({ op: 'add', path: 'members', value: [{ value: ada }] });
      expect(await workspace.send('PATCH', `/Groups/${body.id}`, members)).toMatchObject({
        status: 204,
        body: undefined,
      });
      const asked = await workspace.send('PATCH', `/Groups/${body.id}?attributes=members`, members);
      expect(asked).toMatchObject({ status: 200, body: { members: [{ value: ada }] } });
    },
  );

  quirk(79, 'a 400 is for what can never be processed: what is unknown here is passed over, or waits', async () => {
    const workspace = fresh();
    const ada = await createUser(workspace, 'ada', {
      favourite: 'tea',
      'urn:example:other': { a: 1 },
      schemas: ['urn:x'],
    });
    expect((await lastFacts(workspace)).ignored).toEqual(expect.arrayContaining(['favourite', 'urn:example:other']));
    const unknown = patch({ op: 'replace', value: { favourite: 'tea', title: 'x' } });
    expect((await workspace.send('PATCH', `/Users/${ada}`, unknown)).status).toBe(200);
    expect((await lastFacts(workspace)).ignored).toEqual(['favourite']);
    const group = await workspace.send('POST', '/Groups', { displayName: 'Team', members: [{ value: 'not-here' }] });
    expect(group.status).toBe(201);
  });

  quirk(80, 'nobody sends versions, and nobody needs to', async () => {
    const workspace = fresh();
    const ada = await createUser(workspace, 'ada');
    expect((await workspace.send('PUT', `/Users/${ada}`, { userName: 'ada', title: 'x' })).status).toBe(200);
    expect((await workspace.send('PATCH', `/Users/${ada}`, patch({ op: 'remove', path: 'title' }))).status).toBe(200);
    expect((await workspace.send('DELETE', `/Users/${ada}`)).status).toBe(204);
  });
});

describe('what was read otherwise than it was written is in the request log', () => {
  test.each([
    [
      'GET',
      '/Users?filter=email%20Co%20x',
      undefined,
      [
        'read "email" in a path as "emails.value"',
        'put in quotes the value compared with "emails.value" in the filter',
      ],
    ],
    [
      'POST',
      '/Users/.search',
      { filter: 'externalId eq jyoung' },
      ['put in quotes the value compared with "externalId" in the filter'],
    ],
    [
      'POST',
      '/Users',
      { userName: ' ada ', active: 'True' },
      ['took the spaces around "userName" away', 'read "True" for "active" as true'],
    ],
  ] as const)('%s %s', async (method, path, body, rewrites) => {
    const workspace = fresh();
    expect((await workspace.send(method, path, body)).status).toBeLessThan(300);
    expect((await lastFacts(workspace)).rewrites).toEqual(rewrites);
  });
});

test('each of the eighty is covered, or listed with its reason', () => {
  const inConversations = recordings.flatMap(({ conversation }) =>
    [...conversation.given.matchAll(/quirk (\d+)/g)].map(([, number]) => Number(number)),
  );
  const all = new Set([...covered, ...inConversations]);
  const numbers = Array.from({ length: 80 }, (_, index) => index + 1);
  expect(numbers.filter((number) => !all.has(number) && !notHere[number])).toEqual([]);
  expect(numbers.filter((number) => all.has(number) && notHere[number])).toEqual([]);
  expect([...all].filter((number) => !numbers.includes(number))).toEqual([]);
});
