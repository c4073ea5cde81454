// A third resource type and an extension, defined by a workspace as documents: everything the engine has is theirs without
// a line of code. The documents are those of docs/examples/agent.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectFolder } from '../../../src/config.ts';
import type { JsonObject } from '../../../src/scim/json.ts';
import type { ResourceTypes } from '../../../src/scim/schema/resource-type.ts';
import { createResourceTypeStore, type ResourceTypeStore } from '../../../src/store/workspace/resource-types.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

const read = (file: string) =>
  JSON.parse(readFileSync(join(projectFolder, 'docs/examples/agent', file), 'utf8')) as JsonObject;
const agent = { schema: read('schema.json'), type: read('resource-type.json') };
const agentUrn = 'urn:ietf:params:scim:schemas:core:2.0:Agent';
const badge: JsonObject = {
  id: 'urn:example:badge:User',
  name: 'Badge',
  attributes: [
    { name: 'number', type: 'integer' },
    { name: 'color', type: 'string', canonicalValues: ['Red', 'Blue'] },
    { name: 'serial', type: 'string', uniqueness: 'server', mutability: 'immutable', caseExact: true },
    { name: 'secret', type: 'string', mutability: 'writeOnly', returned: 'never' },
  ],
};

let database: TestDatabase;
let world: World;
let store: ResourceTypeStore;
let acme: Workspace;
let types: ResourceTypes;
let other: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  const opened = database.open('rollcall_workspace');
  world = createWorld(opened);
  store = createResourceTypeStore(opened);
  acme = world.workspace('acme');
  other = world.workspace('other');
  const at = new Date('2026-11-28T09:00:00Z');
  await store.addSchema(acme.tenant, agent.schema, [], at);
  await store.addType(acme.tenant, agent.type, at);
  await store.addSchema(acme.tenant, badge, ['User'], at);
  types = await store.types(acme.tenant);
  acme.owner = { ...acme.owner, types };
});
afterAll(() => database.drop());

const patch = (...operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
});

test('equal definitions are one object, and none of another workspace', async () => {
  expect(await store.types(acme.tenant)).toBe(types);
  expect((await store.types(other.tenant)).byName('Agent')).toBeUndefined();
  expect((await other.send('GET', '/Agents')).status).toBe(404);
});

test('it is discovered', async () => {
  const all = await acme.send('GET', '/ResourceTypes');
  expect(all.body.Resources.map((each: { name: string }) => each.name)).toEqual(['User', 'Group', 'Agent']);
  const schema = await acme.send('GET', `/Schemas/${agentUrn}`);
  expect(schema.body.attributes.map((each: { name: string }) => each.name)).toContain('owners');
  expect(JSON.stringify(schema.body)).not.toMatch(/storedAs|inverseOf|closed/);
  const group = await acme.send('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group');
  const members = group.body.attributes.find((each: { name: string }) => each.name === 'members');
  expect(members.subAttributes[1].referenceTypes).toEqual(['User', 'Group', 'Agent']);
  const user = await acme.send('GET', '/ResourceTypes/User');
  expect(user.body.schemaExtensions).toContainEqual({ schema: 'urn:example:badge:User', required: false });
});

test('an agent lives: created, found, owned, in a group, changed, versioned, deleted, created again', async () => {
  const ada = await acme.send('POST', '/Users', { userName: 'ada' });
  const made = await acme.send('POST', '/Agents', {
    schemas: [agentUrn],
    ...{
      agentUserName: 'Triage',
      displayName: 'Triage agent',
      owners: [{ value: ada.body.id }, { value: 'not-here' }],
    },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    schemas: [agentUrn],
    active: true,
    owners: [{ value: ada.body.id, display: 'ada', $ref: expect.stringContaining('/Users/') }, { value: 'not-here' }],
    meta: { resourceType: 'Agent', location: expect.stringContaining('/Agents/') },
  });
  const path = `/Agents/${made.body.id}`;
  expect((await acme.send('POST', '/Agents', { agentUserName: 'TRIAGE' })).body).toMatchObject({
    scimType: 'uniqueness',
  });
  expect((await acme.send('POST', '/Agents', { displayName: 'x' })).body).toMatchObject({ scimType: 'invalidValue' });

  const team = await acme.send('POST', '/Groups', {
    displayName: 'Bots',
    members: [{ value: made.body.id, type: 'Agent' }],
  });
  const again = await acme.send('GET', path);
  expect(again.body.groups).toEqual([expect.objectContaining({ value: team.body.id, display: 'Bots' })]);
  for (const filter of [
    'agentUserName eq "triage"',
    `owners eq "${ada.body.id}"`,
    'groups.display sw "bot" and not (active eq false)',
    `${agentUrn}:displayName co "AGENT"`,
  ]) {
    const found = await acme.send('GET', `/Agents?filter=${encodeURIComponent(filter)}&sortBy=displayName`);
    expect(found.body.totalResults, filter).toBe(1);
  }
  const anywhere = await acme.send('POST', '/.search', { filter: 'displayName eq "triage agent"' });
  expect(anywhere.body.Resources.map((each: { id: string }) => each.id)).toEqual([made.body.id]);

  const stale = { 'if-match': 'W/"7"' };
  const change = patch(
    { op: 'replace', path: 'active', value: false },
    { op: 'remove', path: 'owners[value eq "not-here"]' },
  );
  expect((await acme.send('PATCH', path, change, stale)).status).toBe(412);
  // Owners can be without number, so the answer carries nothing.
  expect((await acme.send('PATCH', path, change)).status).toBe(204);
  expect((await acme.send('GET', path)).body).toMatchObject({ active: false, owners: [{ value: ada.body.id }] });
  expect(world.deactivated).toContain(made.body.id);

  expect((await acme.send('DELETE', path)).status).toBe(204);
  expect((await acme.send('GET', path)).status).toBe(404);
  expect((await acme.send('GET', `/Groups/${team.body.id}`)).body.members).toBeUndefined();
  expect((await acme.send('POST', '/Agents', { agentUserName: 'Triage' })).status).toBe(201);
});

test('agents and people in one bulk request, each naming the other', async () => {
  const answer = await acme.send('POST', '/Bulk', {
    Operations: [
      {
        ...{ method: 'POST', path: '/Agents', bulkId: 'bot' },
        data: { agentUserName: 'bulk-bot', owners: [{ value: 'bulkId:ben' }] },
      },
      { method: 'POST', path: '/Users', bulkId: 'ben', data: { userName: 'ben' } },
    ],
  });
  expect(answer.body.Operations.map((each: { status: string }) => each.status)).toEqual(['201', '201']);
  const id = answer.body.Operations[0].location.split('/').at(-1);
  expect((await acme.send('GET', `/Agents/${id}`)).body.owners[0]).toMatchObject({ display: 'ben' });
});

test('an extension of the workspace: types, canonical values, unique, immutable, never returned', async () => {
  const made = await acme.send('POST', '/Users', {
    userName: 'cleo',
    'urn:example:badge:User': { number: 7, color: 'red', serial: 'A1', secret: 'canary-secret' },
  });
  expect(made.body['urn:example:badge:User']).toEqual({ number: 7, color: 'red', serial: 'A1' });
  expect(JSON.stringify(made.body)).not.toContain('canary');
  const filter = encodeURIComponent('urn:example:badge:User:number gt 6 and urn:example:badge:User:color eq "RED"');
  expect((await acme.send('GET', `/Users?filter=${filter}`)).body.totalResults).toBe(1);
  for (const [value, scimType] of [
    [{ number: 7.5 }, 'invalidValue'],
    [{ color: 'green' }, 'invalidValue'],
    [{ serial: 'A1' }, 'uniqueness'],
  ] as const) {
    const refused = await acme.send('POST', '/Users', { userName: `x-${scimType}`, 'urn:example:badge:User': value });
    expect(refused.body, JSON.stringify(value)).toMatchObject({ scimType });
  }
  const path = `/Users/${made.body.id}`;
  const serial = { op: 'replace', path: 'urn:example:badge:User:serial', value: 'B2' };
  expect((await acme.send('PATCH', path, patch(serial))).body).toMatchObject({ scimType: 'mutability' });
  const hidden = encodeURIComponent('urn:example:badge:User:secret pr');
  expect((await acme.send('GET', `/Users?filter=${hidden}`)).body).toMatchObject({ scimType: 'invalidFilter' });
});

test('what is there is not taken away while it is used', async () => {
  await acme.send('POST', '/Agents', { agentUserName: 'in-use' });
  await expect(store.removeType(acme.tenant, 'Agent')).rejects.toThrow('There are resources');
  await expect(store.removeSchema(acme.tenant, agentUrn)).rejects.toThrow('There is no schema');
  await expect(store.removeType(acme.tenant, 'User')).rejects.toThrow('has not defined');
  expect(await store.types(acme.tenant)).toBe(types);
});

test.each<[string, JsonObject, string[], string]>([
  ['no URN', { ...badge, id: 'badge' }, [], 'not a URN'],
  ['one of the RFC', { ...badge, id: 'urn:ietf:params:scim:schemas:core:2.0:User' }, [], 'already'],
  [
    'a type nobody knows',
    { ...badge, id: 'urn:example:a', attributes: [{ name: 'a', type: 'date' }] },
    [],
    'has the type',
  ],
  ['a name that is none', { ...badge, id: 'urn:example:b', attributes: [{ name: 'a b' }] }, [], 'cannot be the name'],
  ['twice', { ...badge, id: 'urn:example:c', attributes: [{ name: 'a' }, { name: 'A' }] }, [], 'twice'],
  ['a common name', { ...badge, id: 'urn:example:d', attributes: [{ name: 'externalId' }] }, [], 'twice'],
  ['deep', { ...badge, id: 'urn:example:e', attributes: [{ name: 'a', type: 'complex' }] }, [], 'needs subAttributes'],
  [
    'unique numbers',
    { ...badge, id: 'urn:example:f', attributes: [{ name: 'a', type: 'integer', uniqueness: 'server' }] },
    [],
    'cannot be unique',
  ],
  ['of nobody', { ...badge, id: 'urn:example:g' }, ['Robot'], 'to extend'],
])('a schema with %s is refused and leaves nothing', async (_, document, extended, words) => {
  await expect(store.addSchema(other.tenant, document, extended, new Date())).rejects.toThrow(words);
  expect((await store.types(other.tenant)).schemas).toHaveLength(4);
});

test.each<[JsonObject, string]>([
  [{ name: 'User', endpoint: '/People', schema: agentUrn }, 'already'],
  [{ name: 'Robot', endpoint: '/Users', schema: agentUrn }, 'already'],
  [{ name: 'Robot', endpoint: '/Bulk', schema: agentUrn }, 'cannot be the endpoint'],
  [{ name: 'Robot', endpoint: '/Robots', schema: 'urn:nobody' }, 'There is no schema'],
  [{ name: 'Robot', schema: agentUrn }, 'endpoint'],
])('the resource type %j is refused', async (document, words) => {
  await expect(store.addType(acme.tenant, document, new Date())).rejects.toThrow(words);
});
