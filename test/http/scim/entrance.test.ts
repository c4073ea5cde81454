// The entrance: who is let in, what is read, how it is answered (C05, C07, C09, C10, C18, C30, C33, C35, C40).
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DatabaseAway } from '../../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, publicUrl, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;
let other: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
  other = world.workspace('other');
});
afterAll(() => database.drop());

function raw(path: string, init: RequestInit = {}): Promise<Response> {
  return world.site(new Request(`${publicUrl}${path}`, init), { remoteAddress: '203.0.113.9' });
}

async function isScimError(response: Response, status: number): Promise<void> {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/(scim\+)?json$/);
  expect(await response.json()).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: expect.stringMatching(/^[A-Z"].*\.$/s),
  });
}

const paths = [
  '/Users',
  '/users/',
  '//USERS',
  '/Users/1',
  '/Groups',
  '/Schemas',
  '/ServiceProviderConfig',
  '/ResourceTypes',
  '/Bulk',
  '/Me',
  '/.search',
  '/nothing',
  '/Users%2e',
  '/Users;x',
  '/..%2f',
  '/%E0%A4%A',
  '/a/b/c',
  '',
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

describe('C09: nothing answers without a token', () => {
  test.each(paths.flatMap((path) => methods.map((method) => [method, path] as const)))(
    '%s %s',
    async (method, path) => {
      for (const root of ['/acme/scim/v2', '/ACME//SCIM/V2/', '/nobody/scim/v2', '/acme/scim']) {
        const response = await raw(`${root}${path}`, { method });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    },
  );
});

test.each([
  undefined,
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'Bearer null',
  'Bearer undefined',
  'Basic YTpi',
  'Bearer rollcall_scim_short_00000000',
  'cookie',
])('C10: the credential %j is 401', async (authorization) => {
  await isScimError(
    await raw('/acme/scim/v2/Users', { headers: authorization === undefined ? {} : { authorization } }),
    401,
  );
});

test('accepted spellings of the credential', async () => {
  const { token } = acme;
  for (const authorization of [
    `Bearer ${token}`,
    `bearer ${token}`,
    `BEARER   ${token}`,
    token,
    `Authorization: ${token}`,
    `Authorization:${token}`,
    `Authorization: Bearer ${token}`,
    `Bearer Authorization: ${token}`,
    `Bearer Bearer ${token}`,
  ]) {
    expect(
      (await raw('/acme/scim/v2/Users', { headers: { authorization } })).status,
      authorization.replace(token, 't'),
    ).toBe(200);
  }
});

test('C07: a token opens its own workspace only, and a disabled connection none', async () => {
  await isScimError(await raw('/other/scim/v2/Users', { headers: { authorization: `Bearer ${acme.token}` } }), 401);
  const closed = world.workspace('closed');
  closed.owner = { ...closed.owner, enabled: false };
  await isScimError(await raw('/closed/scim/v2/Users', { headers: { authorization: `Bearer ${closed.token}` } }), 401);
});

test('C07, N05: three workspaces with the same people see only their own', async () => {
  const third = world.workspace('third');
  const ids = new Map<Workspace, string>();
  for (const each of [acme, other, third]) {
    const { body } = await each.send('POST', '/Users', { userName: 'same@acme.example', externalId: 'same' });
    ids.set(each, body.id);
  }
  for (const each of [acme, other, third]) {
    const { body } = await each.send('GET', '/Users?filter=userName%20eq%20%22same@acme.example%22');
    expect(body.Resources.map((user: { id: string }) => user.id)).toEqual([ids.get(each)]);
  }
  const theirs = ids.get(other)!;
  const absent = theirs.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const [method, body] of [
    ['GET'],
    ['PUT', { userName: 'x' }],
    ['PATCH', { Operations: [{ op: 'remove', path: 'title' }] }],
    ['DELETE'],
  ] as const) {
    const [foreign, missing] = [
      await acme.send(method, `/Users/${theirs}`, body),
      await acme.send(method, `/Users/${absent}`, body),
    ];
    expect(foreign.status).toBe(404);
    expect(JSON.stringify(foreign.body).replaceAll(theirs, 'ID')).toBe(
      JSON.stringify(missing.body).replaceAll(absent, 'ID'),
    );
  }
});

test('any case, double and trailing slashes, odd queries reach the same resource', async () => {
  for (const path of [
    '/ACME/Scim/V2/users',
    '//acme//scim//v2//Users//',
    '/acme/scim/v2/Users/?',
    '/acme/scim/v2/Users?&&',
    '/acme/scim/v2/USERS?aadOptscim062020',
  ]) {
    expect((await raw(path, { headers: { authorization: `Bearer ${acme.token}` } })).status, path).toBe(200);
  }
});

test.each([
  ['/scim', 404, 'ends with /scim/v2'],
  ['/scim/v2/People', 404, '/Users'],
  ['/scim/v2/Users/a/b', 404, '/Users'],
  ['/scim/v2/Me', 501, 'token'],
  ['/scim/v2/Bulk', 405, 'POST'],
  ['/scim/v2/.search', 405, 'POST'],
  ['/scim/v2/Users/.search', 405, 'POST'],
  ['/scim/v2/Users?sortBy=shoeSize', 400, 'sort'],
  ['/scim/v2/Users?sortBy=name', 400, 'order'],
  ['/scim/v2/Users?sortBy=userName&sortOrder=upwards', 400, 'ascending'],
  ['/scim/v2/Users?cursor=anything', 400, 'cursor'],
  ['/scim/v2/Users?cursor&count=few', 400, 'integer'],
  ['/scim/v2/Users?count=many', 400, 'integer'],
  ['/scim/v2/Users?filter=%E0%A4%A', 400, 'percent'],
  ['/scim/v2/Schemas?filter=x', 403, 'filtered'],
  ['/scim/v2/Schemas/urn:nobody', 404, 'Schemas'],
  ['/scim/v2/Users/NOT-A-UUID', 404, 'person'],
])('GET %s is %i with a sentence', async (path, status, words) => {
  const response = await raw(`/acme${path}`, { headers: { authorization: `Bearer ${acme.token}` } });
  expect((await response.clone().json()).detail).toContain(words);
  await isScimError(response, status);
});

const invalid = JSON.stringify({ userName: 42.5, active: 'perhaps' });
test.each([
  ['application/scim+json', 400],
  ['application/json', 400],
  ['APPLICATION/JSON ; charset="UTF-8"', 400],
  ['application/scim+json;charset=utf-8', 400],
  ['text/json', 400],
  ['', 400],
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/json, text/plain', 415],
  ['application/json; charset=utf-16', 415],
  ['application/xml', 415],
  ['application/jsonx', 415],
])('C33: the Content-Type %j with an invalid body is %i', async (type, status) => {
  const headers: Record<string, string> = {
    authorization: `Bearer ${acme.token}`,
    ...(type ? { 'content-type': type } : {}),
  };
  const body = new TextEncoder().encode(invalid);
  await isScimError(await raw('/acme/scim/v2/Users', { method: 'POST', headers, body }), status);
});

test.each([
  ['a key twice', '{"userName":"a","userName":"b"}', 400],
  ['a key twice, escaped', '{"userName":"a","user\\u004eame":"b"}', 400],
  ['a key in two cases', '{"userName":"a","USERNAME":"b"}', 400],
  ['nested too deep', `{"userName":"a","x":${'['.repeat(40)}${']'.repeat(40)}}`, 400],
  ['no object', '[]', 400],
  ['a bare string', '"x"', 400],
  ['nothing', '', 400],
  ['half of it', '{"userName":', 400],
  ['NUL in a value', '{"userName":"a\\u0000b"}', 400],
  ['half a surrogate pair', '{"userName":"a\\ud800"}', 400],
  ['a number too large', '{"userName":"n1","active":1e999}', 400],
  ['a name too long for an index', `{"userName":"${'n'.repeat(600)}"}`, 400],
])('C33: %s is %i', async (_, body, status) => {
  const answer = await acme.send('POST', '/Users', body);
  expect(answer).toMatchObject({ status, body: { status: String(status), detail: expect.any(String) } });
});

test('a body that is no UTF-8, or compressed, is refused', async () => {
  const headers = { authorization: `Bearer ${acme.token}`, 'content-type': 'application/json' };
  await isScimError(
    await raw('/acme/scim/v2/Users', { method: 'POST', headers, body: new Uint8Array([0x7b, 0xff, 0x7d]) }),
    400,
  );
  await isScimError(
    await raw('/acme/scim/v2/Users', {
      method: 'POST',
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: '{}',
    }),
    415,
  );
});

test('C22: more than 5 MiB is 413, announced or not', async () => {
  const large = `{"userName":"${'x'.repeat(5 * 1024 * 1024)}"}`;
  const headers = { authorization: `Bearer ${acme.token}`, 'content-type': 'application/json' };
  await isScimError(await raw('/acme/scim/v2/Users', { method: 'POST', headers, body: large }), 413);
  const body = new Blob([large]).stream();
  await isScimError(
    await raw('/acme/scim/v2/Users', { method: 'POST', headers, body, duplex: 'half' } as RequestInit),
    413,
  );
});

test('C40: method override is ignored, HEAD is GET without a body, OPTIONS tells nothing', async () => {
  const before = (await acme.send('GET', '/Users')).body.totalResults;
  const overridden = await acme.send('GET', '/Users?_method=POST', undefined, { 'x-http-method-override': 'POST' });
  expect(overridden.status).toBe(200);
  const head = await acme.send('HEAD', '/Users');
  expect(head).toMatchObject({ status: 200, body: undefined });
  expect((await acme.send('OPTIONS', '/Users')).status).toBe(405);
  expect((await acme.send('GET', '/Users')).body.totalResults).toBe(before);
});

test('405 says what is allowed', async () => {
  const answer = await acme.send('PATCH', '/Users', {});
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
});

test('C30: a refused request leaves the data as it was; only the journal grows', async () => {
  const { body: ada } = await acme.send('POST', '/Users', { userName: 'c30', title: 'Before' });
  const tables = [
    'resource',
    'resource_key',
    'resource_value',
    'resource_reference',
    'resource_count',
    'resource_tombstone',
    'outbox',
  ];
  const dump = async () =>
    Promise.all(
      tables.map(async (table) => (await database.asOwner(`select * from workspace.${table} t order by t::text`)).rows),
    );
  const journaled = async () =>
    Number((await database.asOwner('select count(*) from workspace.request_journal')).rows[0].count);
  await world.store.readJournal.flush();
  const [before, rows] = [await dump(), await journaled()];
  const refused = await Promise.all([
    acme.send('POST', '/Users', { userName: 'C30' }),
    acme.send('POST', '/Users', { title: 'Nobody' }),
    acme.send('PUT', `/Users/${ada.id}`, { userName: '' }),
    acme.send('PATCH', `/Users/${ada.id}`, {
      Operations: [
        { op: 'replace', path: 'title', value: 'After' },
        { op: 'replace', path: 'nothing', value: 1 },
      ],
    }),
    acme.send('PATCH', `/Users/${ada.id}`, { Operations: [{ op: 'remove', path: 'userName' }] }),
    acme.send('DELETE', '/Users/none'),
    acme.send('POST', '/Groups', { displayName: '' }),
  ]);
  for (const answer of refused) expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await dump()).toEqual(before);
  expect(await journaled()).toBe(rows + refused.length);
});

test('C05: a password is taken and found nowhere again', async () => {
  const canary = 'canary-9f2c-secret';
  const created = await acme.send('POST', '/Users', { userName: 'c05', password: canary });
  expect(created.status).toBe(201);
  const id = created.body.id;
  const answers = [
    created,
    await acme.send('GET', `/Users/${id}?attributes=password,userName`),
    await acme.send('PUT', `/Users/${id}`, { userName: 'c05', password: canary }),
    await acme.send('PATCH', `/Users/${id}`, {
      Operations: [
        { op: 'replace', path: 'password', value: canary },
        { op: 'replace', value: { Password: canary } },
      ],
    }),
    await acme.send('PATCH', `/Users/${id}`, {
      Operations: [
        { op: 'replace', path: 'password', value: canary },
        { op: 'add', path: 'nothing', value: 1 },
      ],
    }),
    await acme.send('POST', '/Users', { password: canary }),
  ];
  for (const answer of answers) expect(JSON.stringify(answer.body)).not.toContain(canary);
  const filtered = await acme.send('GET', `/Users?filter=password%20eq%20%22${canary}%22`);
  expect(filtered).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  for (const rest of ['', '&other=%zz']) {
    const encoded = await acme.send('GET', `/Users?filter=p%61ssword%20eq%20%22${canary}%22${rest}`);
    expect(encoded.status).toBe(400);
  }
  await world.store.readJournal.flush();
  const { rows } = await database.asOwner(
    `select string_agg(t::text, ' ') as all from (select r::text as t from workspace.resource r
       union all select j::text from workspace.request_journal j union all select o::text from workspace.outbox o) x`,
  );
  expect(rows[0].all).not.toContain(canary);
});

test('C35: a database that is away is 503 with Retry-After, and a fault of ours tells nothing about itself', async () => {
  const broken = createWorld({
    withTenant: () => Promise.reject(new DatabaseAway('relation "workspace.resource" at 10.0.0.1')),
    batch: () => Promise.reject(new TypeError('select * from workspace.resource failed at /srv/rollcall/x.ts')),
    replica: { batch: () => Promise.reject(new DatabaseAway('')) },
    control: { query: () => Promise.reject(new DatabaseAway('')) },
    close: async () => {},
  });
  const workspace = broken.workspace('acme');
  const away = await workspace.send('POST', '/Users', { userName: 'x' });
  expect(away).toMatchObject({ status: 503, body: { status: '503' } });
  expect(away.headers.get('retry-after')).toMatch(/^\d+$/);
  const fault = await workspace.send('GET', '/Users');
  expect(fault).toMatchObject({ status: 500, body: { status: '500' } });
  for (const { body } of [away, fault]) expect(body.detail).not.toMatch(/select|workspace\.|\/srv|10\.0/);
  expect(fault.body.detail).toContain(fault.headers.get('x-request-id'));
});

test('requests that nobody was let in for are kept with the hint of their token, and not without end', async () => {
  const quiet = world.workspace('quiet');
  const unknown = other.token;
  for (let index = 0; index < 40; index += 1) {
    await raw('/quiet/scim/v2/Users', { headers: { authorization: `Bearer ${unknown}` } });
  }
  const { rows } = await database.asOwner(
    'select status, token_hint, connection, remote_address, facts from workspace.request_journal where tenant = $1',
    [quiet.tenant],
  );
  expect(rows.length).toBe(20);
  expect(rows[0]).toMatchObject({
    status: 401,
    connection: null,
    remote_address: '203.0.113.9',
    facts: { notLetIn: 'unknown token' },
  });
  expect(unknown.split('_')[2]).toMatch(new RegExp(`${rows[0].token_hint}$`));
});
