// Who is linked, who is refused, what is left after an end: first writes, deactivation, deletion, return (C01, C02, C08,
// C15, C28, C29, C32, C39).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registeredTypes } from '../../../src/scim/schema/registered.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { openTransaction } from '../../../src/store/scim/resource-transaction.ts';
import { wholeTenant } from '../../../src/store/scim/sql.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
let world: World;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

function fresh(): Workspace {
  count += 1;
  return world.workspace(`w${count}`);
}

/** Somebody who was here before SCIM. */
async function byHand(
  workspace: Workspace,
  attributes: { userName: string; [key: string]: never | unknown },
): Promise<string> {
  const id = createId(world.now());
  await world.database.withTenant(workspace.tenant, async (transaction) => {
    const local = openTransaction(transaction, {
      scope: { tenant: workspace.tenant, connection: wholeTenant },
      manages: null,
      holders: 'look',
      newId: () => createId(world.now()),
      rules: { protection: async () => undefined, onDeactivated: async () => {} },
    });
    await local.insert(
      {
        type: registeredTypes.byName('User')!,
        id,
        attributes: { active: true, ...attributes } as never,
        deltas: [],
        want: [],
      },
      { record: createId(world.now()), at: world.now().toISOString() },
    );
  });
  return id;
}

const hers = {
  userName: 'ada@acme.example',
  title: 'Owner',
  emails: [{ value: 'ada@private.example', primary: true }],
};
const theirs = {
  userName: 'ADA@acme.example',
  externalId: 'x1',
  title: 'Engineer',
  emails: [{ value: 'thief@evil.example', primary: true }],
};

test('C08: the first POST links somebody who is here and leaves what identifies them', async () => {
  const acme = fresh();
  const id = await byHand(acme, hers);
  const linked = await acme.send('POST', '/Users', theirs);
  expect(linked.status).toBe(201);
  expect(linked.body).toMatchObject({
    id,
    userName: 'ada@acme.example',
    title: 'Engineer',
    externalId: 'x1',
    emails: hers.emails,
  });
  expect((await acme.send('POST', '/Users', theirs)).status).toBe(409);
  const second = await acme.send('PUT', `/Users/${id}`, { ...theirs, userName: 'ada@acme.example' });
  expect(second.body.emails).toEqual(theirs.emails);
});

test.each([
  ['PUT', theirs],
  [
    'PATCH',
    {
      Operations: [
        { op: 'replace', value: { userName: 'thief', title: 'Engineer', emails: theirs.emails } },
        { op: 'replace', path: 'userName', value: 'thief' },
      ],
    },
  ],
])('C08: so does the first %s', async (method, body) => {
  const acme = fresh();
  const id = await byHand(acme, hers);
  const linked = await acme.send(method, `/Users/${id}`, body);
  expect(linked.status).toBe(200);
  expect(linked.body).toMatchObject({ id, userName: 'ada@acme.example', title: 'Engineer', emails: hers.emails });
  const { rows } = await database.asOwner('select connection from workspace.resource where id = $1', [id]);
  expect(rows[0].connection).toBe(acme.connection);
});

test('somebody made by hand is not deleted by a client that never managed them', async () => {
  const acme = fresh();
  const id = await byHand(acme, hers);
  expect((await acme.send('DELETE', `/Users/${id}`)).status).toBe(403);
  expect((await acme.send('GET', `/Users/${id}`)).status).toBe(200);
});

test('several matches are for an administrator to decide', async () => {
  const acme = fresh();
  await byHand(acme, { userName: 'ada' });
  await acme.send('POST', '/Users', { userName: 'ben', externalId: 'x1' });
  const answer = await acme.send('POST', '/Users', { userName: 'ada', externalId: 'x1' });
  expect(answer).toMatchObject({
    status: 409,
    body: { scimType: 'uniqueness', detail: expect.stringContaining('administrator') },
  });
});

test('C01: an externalId never leads to a resource as an id', async () => {
  const acme = fresh();
  const { body: ada } = await acme.send('POST', '/Users', { userName: 'ada', externalId: '1' });
  const { body: ben } = await acme.send('POST', '/Users', { userName: 'ben', externalId: ada.id });
  expect((await acme.send('GET', '/Users/1')).status).toBe(404);
  expect((await acme.send('GET', `/Users/${ada.id}`)).body.userName).toBe('ada');
  expect((await acme.send('GET', `/Users?filter=externalId%20eq%20%22${ada.id}%22`)).body.Resources[0].id).toBe(ben.id);
});

test('C02: the id of the address decides', async () => {
  const acme = fresh();
  const { body: ada } = await acme.send('POST', '/Users', { userName: 'ada' });
  const { body: ben } = await acme.send('POST', '/Users', { userName: 'ben' });
  const put = await acme.send('PUT', `/Users/${ada.id}`, { id: ben.id, userName: 'ada', title: 'New' });
  expect(put.body).toMatchObject({ id: ada.id, title: 'New' });
  const patched = await acme.send('PATCH', `/Users/${ada.id}`, {
    Operations: [{ op: 'replace', value: { id: ben.id } }],
  });
  expect(patched).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
  expect((await acme.send('GET', `/Users/${ben.id}`)).body.title).toBeUndefined();
});

test('C15: an owner does not lose access by any road', async () => {
  const acme = fresh();
  const { body } = await acme.send('POST', '/Users', { userName: 'owner' });
  world.protectedIds.add(body.id);
  const roads = [
    acme.send('PUT', `/Users/${body.id}`, { userName: 'owner', active: false }),
    acme.send('PATCH', `/Users/${body.id}`, { Operations: [{ op: 'replace', path: 'active', value: false }] }),
    acme.send('PATCH', `/Users/${body.id}`, { Operations: [{ op: 'replace', value: { active: 'False' } }] }),
    acme.send('DELETE', `/Users/${body.id}`),
  ];
  for (const answer of await Promise.all(roads)) expect(answer).toMatchObject({ status: 403, body: { status: '403' } });
  expect((await acme.send('GET', `/Users/${body.id}`)).body.active).toBe(true);
  expect(world.deactivated).not.toContain(body.id);
});

test('C28: deactivation and deletion call for the end of sessions in their own transaction, once', async () => {
  const acme = fresh();
  const { body: ada } = await acme.send('POST', '/Users', { userName: 'ada' });
  await acme.send('PATCH', `/Users/${ada.id}`, { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] });
  await acme.send('PATCH', `/Users/${ada.id}`, { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] });
  expect(world.deactivated.filter((id) => id === ada.id)).toHaveLength(1);
  await acme.send('PATCH', `/Users/${ada.id}`, { Operations: [{ op: 'replace', path: 'active', value: true }] });
  await acme.send('DELETE', `/Users/${ada.id}`);
  expect(world.deactivated.filter((id) => id === ada.id)).toHaveLength(2);
});

test.each([
  ['together', undefined],
  ['each alone, for they have a manager', 'boss'],
])('C29: of 100 parallel POSTs of one userName one is 201 and 99 are 409: %s', async (_, manager) => {
  const acme = fresh();
  await acme.send('POST', '/Users', { userName: 'boss' });
  const one = { userName: 'one@acme.example', ...(manager ? { [enterprise]: { manager: { value: manager } } } : {}) };
  const answers = await Promise.all(Array.from({ length: 100 }, () => acme.send('POST', '/Users', one)));
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(99);
  for (const answer of answers) if (answer.status === 409) expect(answer.body.scimType).toBe('uniqueness');
  expect((await acme.send('GET', '/Users')).body).toMatchObject({ totalResults: 2, itemsPerPage: 2 });
  expect(world.errors).toEqual([]);
});

test.each([
  ['ADA@Acme.example', 'ada@acme.example'],
  ['Ｆｕｌｌ', 'full'],
  ['\u00c9lan', 'e\u0301lan'],
  ['ada', ' ada '],
  ['ﬁn', 'FIN'],
])('C32: %j and %j are one userName', async (first, second) => {
  const acme = fresh();
  const created = await acme.send('POST', '/Users', { userName: first });
  expect(created).toMatchObject({ status: 201, body: { userName: first } });
  expect((await acme.send('POST', '/Users', { userName: second })).status).toBe(409);
  const found = await acme.send('GET', `/Users?filter=${encodeURIComponent(`userName eq ${JSON.stringify(second)}`)}`);
  expect(found.body.totalResults).toBe(1);
});

test('renaming into a taken name is 409 and changes nothing', async () => {
  const acme = fresh();
  await acme.send('POST', '/Users', { userName: 'ada' });
  const { body: ben } = await acme.send('POST', '/Users', { userName: 'ben' });
  const answer = await acme.send('PATCH', `/Users/${ben.id}`, {
    Operations: [{ op: 'replace', path: 'userName', value: 'ADA' }],
  });
  expect(answer).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
  expect((await acme.send('GET', `/Users/${ben.id}`)).body.userName).toBe('ben');
  expect(
    (await acme.send('PATCH', `/Users/${ben.id}`, { Operations: [{ op: 'replace', path: 'userName', value: 'Ben' }] }))
      .body.userName,
  ).toBe('Ben');
});

test('C39: whoever comes back with the same externalId gets a new id, their teams and their history', async () => {
  const acme = fresh();
  const first = (await acme.send('POST', '/Users', { userName: 'ada', externalId: 'x1' })).body;
  const group = (await acme.send('POST', '/Groups', { displayName: 'Field', members: [{ value: first.id }] })).body;
  await acme.send('DELETE', `/Users/${first.id}`);
  const second = (await acme.send('POST', '/Users', { userName: 'ada.new', externalId: 'x1' })).body;
  expect(second.id).not.toBe(first.id);
  expect(second.groups).toMatchObject([{ value: group.id }]);
  expect((await acme.send('GET', `/Users/${first.id}`)).status).toBe(404);
  const { rows } = await database.asOwner('select predecessor from workspace.resource where id = $1', [second.id]);
  expect(rows[0].predecessor).toBe(first.id);
});

test('C39: a userName that somebody else got later inherits nothing', async () => {
  const acme = fresh();
  const first = (await acme.send('POST', '/Users', { userName: 'ada' })).body;
  const group = (await acme.send('POST', '/Groups', { displayName: 'Field', members: [{ value: 'ada' }] })).body;
  await acme.send('DELETE', `/Users/${first.id}`);
  const second = (await acme.send('POST', '/Users', { userName: 'ada' })).body;
  expect(second.groups).toBeUndefined();
  expect((await acme.send('GET', `/Groups/${group.id}`)).body.members).toBeUndefined();
  expect((await acme.send('GET', '/Users')).body.totalResults).toBe(1);
});
