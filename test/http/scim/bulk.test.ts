// /Bulk (RFC 7644 section 3.7), through the whole line: references forward and in circles, errors and where they stop,
// limits, and the rows it leaves.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

let workspaces = 0;
function fresh(): void {
  workspaces += 1;
  acme = world.workspace(`acme-${workspaces}`);
}

interface Operation {
  method: string;
  path: string;
  bulkId?: string;
  version?: string;
  data?: unknown;
}

async function bulk(operations: Operation[], failOnErrors?: number) {
  const answer = await acme.send('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    ...(failOnErrors === undefined ? {} : { failOnErrors }),
    Operations: operations,
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  const idOf = (bulkId: string) =>
    answer.body.Operations.find((each: Operation) => each.bulkId === bulkId)
      ?.location?.split('/')
      .at(-1) as string;
  const statuses = answer.body.Operations.map((each: { status: string }) => each.status) as string[];
  return { operations: answer.body.Operations, statuses, idOf };
}

const user = (bulkId: string, data: object = {}): Operation => ({
  ...{ method: 'POST', path: '/Users', bulkId, data: { userName: `${bulkId}@acme.example`, ...data } },
});
const group = (bulkId: string, ...members: string[]): Operation => ({
  ...{ method: 'POST', path: '/Groups', bulkId },
  data: { displayName: bulkId, members: members.map((name) => ({ value: `bulkId:${name}` })) },
});
const membersOf = async (id: string) => {
  const { body } = await acme.send('GET', `/Groups/${id}`);
  return (body.members ?? []).map((each: { value: string }) => each.value).sort();
};
const total = async (endpoint: string) => (await acme.send('GET', `/${endpoint}?count=0`)).body.totalResults;

test('a user, a group with it, a change and a removal, in one request', async () => {
  fresh();
  const here = await acme.send('POST', '/Users', { userName: 'ben' });
  const gone = await acme.send('POST', '/Users', { userName: 'cleo' });
  const { operations, statuses, idOf } = await bulk([
    user('ada'),
    group('team', 'ada'),
    {
      method: 'PATCH',
      path: `/Users/${here.body.id}`,
      version: here.body.meta.version,
      data: { Operations: [{ op: 'replace', path: 'title', value: 'Baker' }] },
    },
    { method: 'DELETE', path: `/Users/${gone.body.id}` },
  ]);
  expect(statuses).toEqual(['201', '201', '200', '204']);
  expect(operations[0]).toMatchObject({ method: 'POST', bulkId: 'ada', version: expect.stringMatching(/^W\/"1/) });
  expect(operations[2].location).toBe(here.headers.get('location'));
  expect(await membersOf(idOf('team'))).toEqual([idOf('ada')]);
  expect((await acme.send('GET', `/Users/${here.body.id}`)).body.title).toBe('Baker');
  expect((await acme.send('GET', `/Users/${gone.body.id}`)).status).toBe(404);
});

test('references forward and in a circle are resolved (RFC 7644 section 3.7.1)', async () => {
  fresh();
  const { statuses, idOf } = await bulk([group('a', 'b', 'ada'), group('b', 'a'), user('ada')]);
  expect(statuses).toEqual(['201', '201', '201']);
  expect(await membersOf(idOf('a'))).toEqual([idOf('b'), idOf('ada')].sort());
  expect(await membersOf(idOf('b'))).toEqual([idOf('a')]);
  const { body } = await acme.send('GET', `/Users/${idOf('ada')}`);
  expect(body.groups).toEqual([expect.objectContaining({ value: idOf('a') })]);
});

test('a manager in a ring, a bulkId in a path and in the filter of one', async () => {
  fresh();
  const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const boss = (name: string) => ({ [enterprise]: { manager: { value: `bulkId:${name}` } } });
  const { statuses, idOf } = await bulk([
    user('ada', boss('ben')),
    user('ben', boss('ada')),
    group('team', 'ada', 'ben'),
    {
      ...{ method: 'PATCH', path: '/Groups/bulkId:team' },
      data: { Operations: [{ op: 'remove', path: 'members[value eq "bulkId:ada"]' }] },
    },
  ]);
  expect(statuses).toEqual(['201', '201', '201', '204']);
  expect(await membersOf(idOf('team'))).toEqual([idOf('ben')]);
  const { body } = await acme.send('GET', `/Users/${idOf('ada')}`);
  expect(body[enterprise].manager.value).toBe(idOf('ben'));
});

test('what refers to a failed operation fails with it, and the others stay', async () => {
  fresh();
  await acme.send('POST', '/Users', { userName: 'ben@acme.example' });
  const { operations, statuses, idOf } = await bulk([
    group('first', 'team', 'ada'),
    group('team', 'ben'),
    user('ben'),
    user('ada'),
    group('other', 'ada'),
    group('lost', 'nobody'),
  ]);
  expect(statuses).toEqual(['409', '409', '409', '201', '201', '409']);
  expect(operations[2].response).toMatchObject({ scimType: 'uniqueness', status: '409' });
  expect(operations[1].response.detail).toContain('"bulkId:ben"');
  expect(operations[5].response.detail).toContain('nobody');
  expect(await membersOf(idOf('other'))).toEqual([idOf('ada')]);
  expect([await total('Users'), await total('Groups')]).toEqual([2, 1]);
});

test.each([
  [1, ['201', '400']],
  [2, ['201', '400', '201', '404']],
  [undefined, ['201', '400', '201', '404', '201']],
])('failOnErrors %j stops after that many errors', async (failOnErrors, expected) => {
  fresh();
  const { statuses } = await bulk(
    [
      user('a'),
      { method: 'POST', path: '/Users', bulkId: 'x', data: { userName: '' } },
      user('b'),
      { method: 'DELETE', path: '/Users/00000000-0000-7000-8000-000000000000' },
      user('c'),
    ],
    failOnErrors,
  );
  expect(statuses).toEqual(expected);
  expect(await total('Users')).toBe(expected.filter((each) => each === '201').length);
});

test('an operation after the stop was not done, so what refers to it fails', async () => {
  fresh();
  const { statuses } = await bulk([group('team', 'ada'), { method: 'DELETE', path: '/Users/nobody' }, user('ada')], 1);
  expect(statuses).toEqual(['409']);
  expect([await total('Users'), await total('Groups')]).toEqual([0, 0]);
});

test('C23: limits hold before the first operation', async () => {
  fresh();
  const many = (count: number) => Array.from({ length: count }, (_, n) => user(`n${n}`));
  const refused = await acme.send('POST', '/Bulk', { Operations: many(1_001) });
  expect([refused.status, refused.body.status]).toEqual([413, '413']);
  expect(await total('Users')).toBe(0);
  const { statuses } = await bulk(many(1_000));
  expect(new Set(statuses)).toEqual(new Set(['201']));
  expect(await total('Users')).toBe(1_000);
  const config = await acme.send('GET', '/ServiceProviderConfig');
  expect(config.body.bulk).toEqual({ supported: true, maxOperations: 1_000, maxPayloadSize: 5 * 1024 * 1024 });
  const large = JSON.stringify({ Operations: [user('x', { title: 'x'.repeat(5 * 1024 * 1024) })] });
  expect((await acme.send('POST', '/Bulk', large)).status).toBe(413);
});

test.each<[unknown]>([
  [{ Operations: {} }],
  [{ Operations: ['x'] }],
  [{ Operations: [{ method: 'GET', path: '/Users' }] }],
  [{ Operations: [{ method: 'POST', path: '/Users', data: {} }] }],
  [{ Operations: [{ method: 'DELETE' }] }],
  [{ Operations: [user('a'), user('a')] }],
  [{ failOnErrors: 0, Operations: [] }],
  [[]],
])('%j is refused as a whole', async (body) => {
  fresh();
  const refused = await acme.send('POST', '/Bulk', body);
  expect([refused.status, refused.body.status]).toEqual([400, '400']);
  expect(await total('Users')).toBe(0);
});

test.each<[Operation, string]>([
  [{ method: 'POST', path: '/Bulk', bulkId: 'x', data: { Operations: [] } }, '400'],
  [{ method: 'POST', path: '/Users/.search', bulkId: 'x', data: {} }, '400'],
  [{ method: 'PUT', path: '/Users', data: {} }, '405'],
  [{ method: 'POST', path: '/Nobody', bulkId: 'x', data: {} }, '404'],
  [{ method: 'POST', path: '/Users', bulkId: 'x' }, '400'],
  [{ method: 'PATCH', path: '/Users/bulkId:nobody', data: {} }, '409'],
])('the operation %j answers %s in its place', async (operation, status) => {
  fresh();
  expect((await bulk([operation, user('ada')])).statuses).toEqual([status, '201']);
});

test('an old version is refused in its place', async () => {
  fresh();
  const ada = await acme.send('POST', '/Users', { userName: 'ada' });
  const change = { Operations: [{ op: 'replace', path: 'title', value: 'b' }] };
  const path = `/Users/${ada.body.id}`;
  const version = ada.body.meta.version as string;
  const { statuses } = await bulk([
    { method: 'PATCH', path, version, data: change },
    { method: 'DELETE', path, version },
  ]);
  expect(statuses).toEqual(['200', '412']);
});

test('C15: an owner is not deactivated by a bulk request either', async () => {
  fresh();
  const ada = await acme.send('POST', '/Users', { userName: 'ada' });
  world.protectedIds.add(ada.body.id);
  const path = `/Users/${ada.body.id}`;
  const { statuses } = await bulk([
    { method: 'PATCH', path, data: { Operations: [{ op: 'replace', path: 'active', value: false }] } },
    { method: 'DELETE', path },
    { method: 'PUT', path, data: { userName: 'ada', active: false } },
  ]);
  expect(statuses).toEqual(['403', '403', '403']);
});

test('every operation leaves its own row, refused ones too, and points to the request it came in', async () => {
  fresh();
  await bulk([user('ada'), { method: 'DELETE', path: '/Users/nobody' }]);
  const [rows] = await world.database.batch(acme.tenant, [
    {
      text: `select j.operation, j.status, j.facts -> 'bulk' ->> 'request' as request, j.id, j.request_body from workspace.request_journal j
        where j.tenant = $1 order by j.id`,
      values: [acme.tenant],
    },
  ]);
  const envelope = rows!.find((row) => row['operation'] === 'bulk')!;
  expect(rows!.map((row) => [row['operation'], row['status']]).sort()).toEqual([
    ['bulk', 200],
    ['create', 201],
    ['delete', 404],
  ]);
  expect(rows!.filter((row) => row['request'] === envelope['id'])).toHaveLength(2);
});
