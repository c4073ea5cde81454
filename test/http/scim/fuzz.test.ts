// Odd input is answered, never a fault: generated requests against the real store (C24, C33, C35); page sizes (C21); and
// a resource type nobody here knows.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientProfiles } from '../../../src/profiles/clients/index.ts';
import { attribute, plural } from '../../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../../src/scim/schema/registered.ts';
import { createResourceTypes, type ResourceType } from '../../../src/scim/schema/resource-type.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

const badge: ResourceType = {
  name: 'Badge',
  endpoint: 'Badges',
  description: 'Badges that open doors.',
  schema: {
    id: 'urn:example:Badge',
    name: 'Badge',
    description: 'A badge.',
    attributes: [
      attribute('number', 'Printed on it.', { required: true, uniqueness: 'server', caseExact: true }),
      attribute('doors', 'How many doors it opens.', { type: 'integer' }),
      attribute('enabled', 'Whether it works.', { type: 'boolean' }),
      plural('zones', 'Where it works.', ['inside', 'outside']),
      attribute('holder', 'Who wears it.', {
        storedAs: 'references',
        subAttributes: [
          attribute('value', 'The id of the holder.', { caseExact: true }),
          attribute('$ref', 'The URI of the holder.', { type: 'reference', referenceTypes: ['User'], caseExact: true }),
          attribute('displayName', 'The name of the holder.', { mutability: 'readOnly' }),
        ],
      }),
    ],
  },
  extensions: [],
  noun: { one: 'badge', many: 'badges' },
  labels: [['number']],
  activeAttribute: 'enabled',
  matchAttribute: 'number',
  keptOnFirstWrite: [],
};

let database: TestDatabase;
let world: World;
let acme: Workspace;
let ada: string;
let team: string;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'), createResourceTypes([...registeredTypes.all, badge]));
  acme = world.workspace('acme');
  ada = (await acme.send('POST', '/Users', { userName: 'ada' })).body.id;
  team = (await acme.send('POST', '/Groups', { displayName: 'Team', members: [{ value: ada }] })).body.id;
});
afterAll(() => database.drop());

const hostile = [
  '',
  ' ',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '{x}',
  "'; drop table x; --",
  '%',
  '\\',
  '𝒜'.repeat(300),
  '../..',
  'null',
  'é',
];
const scalar = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.constant(null),
);
const names = [
  'userName',
  'name',
  'givenName',
  'emails',
  'value',
  'type',
  'primary',
  'members',
  'displayName',
  'active',
  'externalId',
  'Operations',
  'op',
  'path',
  'schemas',
  'id',
  'meta',
  '__proto__',
  'constructor',
  'toString',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'manager',
  '$ref',
  'x509Certificates',
  'urn:scim:schemas:core:1.0',
];
const json = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;
const path = fc.oneof(
  fc.constantFrom(
    'userName',
    'emails[type eq "work"].value',
    'members',
    'members[value eq "x"]',
    'name',
    'name.givenName',
    'emails.value',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
    'groups',
    'nothing',
    '__proto__',
    'emails[',
    'a[b]c',
  ),
  fc.string({ maxLength: 12 }),
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'replace', 'remove', 'Add', 'x'), path, value: json },
  { requiredKeys: ['op'] },
);
const body = fc.oneof(
  json,
  fc.record({ Operations: fc.array(operation, { maxLength: 4 }) }),
  fc.record(
    { userName: fc.string({ maxLength: 8 }), emails: json, name: json, active: json },
    { requiredKeys: ['userName'] },
  ),
);
const word = fc.oneof(fc.constantFrom(...hostile), fc.string({ maxLength: 10 }));
const query = fc.oneof(
  fc.constant(''),
  word.map((text) => `?filter=${encodeURIComponent(`userName co ${JSON.stringify(text)}`.toWellFormed())}`),
  word.map((text) => `?filter=${encodeURIComponent(text.toWellFormed())}&count=1`),
  word.map(
    (text) =>
      `?filter=${encodeURIComponent(`emails[type eq ${text}].value Eq "x" or email eq ${text}`.toWellFormed())}`,
  ),
  word.map((text) => `?attributes=${encodeURIComponent(text.toWellFormed())}`),
  fc.constantFrom(
    '?startIndex=-5&count=-1',
    '?count=99999999999999999999',
    '?startIndex=9007199254740991',
    '?filter=%00',
    '?%',
    '?filter=%ff&',
    '?attributes=,,&excludedAttributes=,',
  ),
);

test('C24, C35: no request is a fault, and every refusal is a SCIM error without a trace of what is behind it', async () => {
  const target = fc.constantFrom(
    '/Users',
    '/Groups',
    () => `/Users/${ada}`,
    () => `/Groups/${team}`,
    '/Users/x',
    '/Users/%00',
    '/Badges',
    '/Schemas',
    '/ResourceTypes/User',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
      target,
      fc.tuple(query, fc.constantFrom(...clientProfiles.map(({ id }) => id))),
      body,
      async (method, where, [search, client], sent) => {
        acme.owner = { ...acme.owner, client, pinned: true };
        const at = typeof where === 'string' ? where : where();
        if (method === 'DELETE' && typeof where !== 'string') return;
        const answer = await acme.send(
          method,
          at + search,
          method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(sent),
        );
        expect(world.errors).toEqual([]);
        expect(answer.status).toBeLessThan(500 + Number(answer.status === 501));
        if (answer.status >= 400) {
          expect(answer.body).toMatchObject({
            schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
            status: String(answer.status),
            detail: expect.stringMatching(/.{10}/),
          });
          expect(JSON.stringify(answer.body)).not.toMatch(/\bselect\b|workspace\.[a-z]|\.ts:|node_modules|constraint/);
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    { numRuns: 600 },
  );
  acme.owner = { ...acme.owner, client: null, pinned: false };
  await world.store.readJournal.flush();
  expect(world.errors).toEqual([]);
});

test('discovery is complete, by list and by id', async () => {
  for (const kind of ['ResourceTypes', 'Schemas']) {
    const { body: all } = await acme.send('GET', `/${kind}`);
    expect(all.totalResults).toBe(all.Resources.length);
    for (const each of all.Resources) {
      const one = await acme.send('GET', `/${kind}/${each.id}`);
      expect(one.body).toEqual(each);
      expect(one.body.meta.location).toMatch(new RegExp(`/${kind}/`));
    }
  }
});

test('a type that is nothing but data has filter, PATCH, paging, references and uniqueness', async () => {
  const ops = (...Operations: object[]) => ({ Operations });
  const { id: eve } = (await acme.send('POST', '/Users', { userName: 'eve' })).body;
  const created = await acme.send('POST', '/Badges', {
    number: 'A-1',
    doors: 3,
    zones: [{ value: 'lab', type: 'inside' }],
    holder: { value: eve },
  });
  expect(world.errors).toEqual([]);
  expect(created).toMatchObject({
    status: 201,
    body: { number: 'A-1', enabled: true, holder: { value: eve, displayName: 'eve' }, meta: { resourceType: 'Badge' } },
  });
  expect((await acme.send('POST', '/Badges', { number: 'A-1' })).status).toBe(409);
  await acme.send('POST', '/Badges', { number: 'a-1', doors: 10 });
  for (const [filter, total] of [
    ['number eq "A-1"', 1],
    ['doors gt 3', 1],
    ['doors ge 3 and zones[type eq "INSIDE"]', 1],
    [`holder eq "${eve}"`, 1],
    ['enabled eq true', 2],
  ] as const) {
    expect((await acme.send('GET', `/badges?filter=${encodeURIComponent(filter)}`)).body.totalResults, filter).toBe(
      total,
    );
  }
  const patched = await acme.send(
    'PATCH',
    `/Badges/${created.body.id}`,
    ops({ op: 'replace', path: 'enabled', value: 'False' }, { op: 'remove', path: 'holder' }),
  );
  expect(patched.body).toMatchObject({ enabled: false });
  expect(patched.body.holder).toBeUndefined();
  expect(world.deactivated).toContain(created.body.id);
  expect((await acme.send('DELETE', `/Badges/${created.body.id}`)).status).toBe(204);
});

test('one PATCH of 10,000 members is applied, and the next one says that nothing differs', async () => {
  const { id: everyone } = (await acme.send('POST', '/Groups', { displayName: 'Everyone' })).body;
  const value = Array.from({ length: 10_000 }, (_, index) => ({ value: `ext-${index}` }));
  const change = { Operations: [{ op: 'add', path: 'members', value }] };
  expect((await acme.send('PATCH', `/Groups/${everyone}`, change)).status).toBe(204);
  expect((await acme.send('PATCH', `/Groups/${everyone}`, change)).status).toBe(204);
  const { rows } = await database.asOwner(
    'select facts, length(facts::text) as size from workspace.request_journal where resource = $1 order by id desc limit 1',
    [everyone],
  );
  expect(rows[0].facts.references[0].counts).toEqual({ added: 0, removed: 0, pending: 10_000 });
  expect(rows[0].size).toBeLessThan(10_000);
  expect((await acme.send('GET', `/Groups/${everyone}`)).body.members).toHaveLength(10_000);
});
