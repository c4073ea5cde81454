// A user goes in by POST and comes out by GET, through entrance, handler, engine and database.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, publicUrl, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
});
afterAll(() => database.drop());

test('POST then GET a user', async () => {
  const created = await acme.send('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'ada@acme.example',
    externalId: 'ext-1',
    name: { givenName: 'Ada', familyName: 'Byron' },
    emails: [{ value: 'Ada@acme.example', type: 'work', primary: true }],
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Field', manager: { value: '4711' } },
  });
  expect(world.errors).toEqual([]);
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe(`${publicUrl}/acme/scim/v2/Users/${created.body.id}`);
  const read = await acme.send('GET', `/Users/${created.body.id}`);
  expect(read.status).toBe(200);
  expect(read.body).toEqual(created.body);
  expect(read.body).toMatchObject({
    userName: 'ada@acme.example',
    externalId: 'ext-1',
    active: true,
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Field', manager: { value: '4711' } },
  });
  const found = await acme.send('GET', `/Users?filter=${encodeURIComponent('userName eq "ADA@acme.example"')}`);
  expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: created.body.id }] });
  const all = await acme.send('GET', '/Users');
  expect(all.body).toMatchObject({ totalResults: 1, itemsPerPage: 1 });
});
