// Versions of resources (RFC 7644 section 3.14; RFC 7643 section 3.1 meta.version), through the whole line.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
});
afterAll(() => database.drop());

let number = 0;
async function create(): Promise<{ path: string; etag: string; id: string }> {
  number += 1;
  const answer = await acme.send('POST', '/Users', { userName: `person${number}`, title: 'a' });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('etag')).toBe(answer.body.meta.version);
  return { path: `/Users/${answer.body.id}`, etag: answer.body.meta.version, id: answer.body.id };
}

const title = (value: string) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'title', value }],
});

test('an answer that is known is not sent again', async () => {
  const { path, etag } = await create();
  const again = await acme.send('GET', path, undefined, { 'if-none-match': etag });
  expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, undefined, etag]);
  expect((await acme.send('GET', path, undefined, { 'if-none-match': 'W/"0", W/"7"' })).status).toBe(200);
  expect((await acme.send('GET', path, undefined, { 'if-none-match': '*' })).status).toBe(304);
});

test('a change raises the version; an unchanged PATCH does not', async () => {
  const { path, etag } = await create();
  const same = await acme.send('PATCH', path, title('a'));
  expect(same.headers.get('etag')).toBe(etag);
  const changed = await acme.send('PATCH', path, title('b'));
  expect(changed.headers.get('etag')).not.toBe(etag);
  expect((await acme.send('GET', path, undefined, { 'if-none-match': etag })).status).toBe(200);
});

test('a group a person joins makes another answer, but not another version to write against', async () => {
  const { path, etag, id } = await create();
  await acme.send('POST', '/Groups', { displayName: `Team ${number}`, members: [{ value: id }] });
  const read = await acme.send('GET', path, undefined, { 'if-none-match': etag });
  expect(read.status).toBe(200);
  expect(read.body.groups).toHaveLength(1);
  expect((await acme.send('PATCH', path, title('c'), { 'if-match': etag })).status).toBe(200);
});

test.each(['PUT', 'PATCH', 'DELETE'])('C31: %s with another version is 412 and changes nothing', async (method) => {
  const { path, etag } = await create();
  await acme.send('PATCH', path, title('b'));
  const body =
    method === 'PUT' ? { userName: `person${number}`, title: 'z' } : method === 'PATCH' ? title('z') : undefined;
  const refused = await acme.send(method, path, body, { 'if-match': etag });
  expect([refused.status, refused.body.status]).toEqual([412, '412']);
  const now = await acme.send('GET', path);
  expect(now.body.title).toBe('b');
  const accepted = await acme.send(method, path, body, { 'if-match': `"nobody", ${now.headers.get('etag')}` });
  expect(accepted.status).toBeLessThan(300);
  const afterwards = await acme.send(method, path, body, { 'if-match': '*' });
  expect(afterwards.status).toBe(method === 'DELETE' ? 404 : 200);
});

test('If-None-Match: * never overwrites what is there', async () => {
  const { path } = await create();
  expect((await acme.send('PATCH', path, title('b'), { 'if-none-match': '*' })).status).toBe(412);
});

test('C31: of fifty writers with one version exactly one gets through', async () => {
  const { path, etag } = await create();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => acme.send('PATCH', path, title(`t${n}`), { 'if-match': etag })),
  );
  const count = (status: number) => answers.filter((each) => each.status === status).length;
  expect([count(200), count(412)]).toEqual([1, 49]);
});

test("C31: fifty writers without a version lose none of each other's members", async () => {
  const group = await acme.send('POST', '/Groups', { displayName: 'Everybody' });
  const people = await Promise.all(Array.from({ length: 50 }, () => create()));
  const answers = await Promise.all(
    people.map(({ id }) =>
      acme.send('PATCH', `/Groups/${group.body.id}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
      }),
    ),
  );
  expect(answers.map((each) => each.status)).toEqual(answers.map(() => 204));
  const read = await acme.send('GET', `/Groups/${group.body.id}`);
  expect(read.body.members.map((each: { value: string }) => each.value).sort()).toEqual(
    people.map(({ id }) => id).sort(),
  );
});
