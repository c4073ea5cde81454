// Whole resources: what POST and PUT take, what PUT leaves, what is given back (RFC 7643 sections 2 and 7, RFC 7644
// sections 3.5.1 and 3.9), JSON before and discovery beside it.

import { describe, expect, test } from 'vitest';
import { comparable, compareText, instantOf } from '../../src/scim/comparable.ts';
import { resourceTypeDocument, schemaDocument, serviceProviderConfig } from '../../src/scim/discovery.ts';
import { type Json, type JsonObject, parseJson, sameJson } from '../../src/scim/json.ts';
import { everything, project, readSelection, wanted } from '../../src/scim/project.ts';
import { readResource, replaceAttributes, requireAttributes } from '../../src/scim/read-resource.ts';
import { attribute } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createResourceTypes } from '../../src/scim/schema/resource-type.ts';
import { entityTag } from '../../src/scim/version.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const extension = 'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User';

test.each<[string, Json, JsonObject]>([
  [
    'spelling follows the schema',
    { USERNAME: 'a', Name: { GIVENNAME: 'b' } },
    { userName: 'a', name: { givenName: 'b' } },
  ],
  ['null, [] and {} are unassigned', { title: null, emails: [], name: {}, ims: [null] }, {}],
  [
    'unknown and readOnly attributes are left out',
    { id: 'x', meta: {}, groups: [], role: 'admin', name: { x: 1 } },
    {},
  ],
  ['a password is kept nowhere', { password: 'x' }, {}],
  [
    'extensions stand under their URN',
    { [enterprise.toUpperCase()]: { Department: 'd' } },
    { [enterprise]: { department: 'd' } },
  ],
  ['references are not attributes', { [enterprise]: { manager: { value: '1' } } }, {}],
  ['a date needs no time', { [extension]: { startDate: '2026-03-01' } }, { [extension]: { startDate: '2026-03-01' } }],
])('taken: %s', (_, body, expected) => {
  expect(readResource(user, body).attributes).toEqual(expected);
});

test.each<[Json, string]>([
  [{ userName: 1 }, 'userName'],
  [{ active: 'true' }, 'active'],
  [{ emails: { value: 'x' } }, 'emails'],
  [{ emails: [{ value: 1 }] }, 'emails.value'],
  [
    {
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    },
    'emails',
  ],
  [{ name: 'x' }, 'name'],
  [{ [extension]: { startDate: 'soon' } }, `${extension}:startDate`],
  [{ [extension]: { startDate: '2026-02-30' } }, `${extension}:startDate`],
  [{ [extension]: 'x' }, extension],
  [{ x509Certificates: [{ value: 'no base64!' }] }, 'x509Certificates.value'],
  [{ title: 'a\u0000' }, 'title'],
  [{ title: '\ud800' }, 'title'],
  [{ externalId: 'x'.repeat(600) }, 'externalId'],
])('refused: %j', (body, path) => {
  expect(() => readResource(user, body)).toThrow(expect.objectContaining({ kind: 'invalidValue', path }));
});

describe('C03: a whole resource writes no readOnly attribute, at any depth', () => {
  const locked = { mutability: 'readOnly' } as const;
  const schema = (id: string) => ({
    id,
    name: id,
    description: '',
    attributes: [
      attribute('plain', ''),
      attribute('locked', '', locked),
      attribute('pair', '', { subAttributes: [attribute('plain', ''), attribute('locked', '', locked)] }),
      attribute('pairs', '', {
        multiValued: true,
        subAttributes: [attribute('plain', ''), attribute('locked', '', locked)],
      }),
      attribute('lockedPair', '', { ...locked, subAttributes: [attribute('plain', '')] }),
    ],
  });
  const type = {
    ...group,
    schema: schema('urn:x:Own'),
    extensions: [{ schema: schema('urn:x:Extra'), required: false }],
  };
  const pair = { plain: 'p', LOCKED: 'x', unknown: 1 };
  const body = {
    plain: 'p',
    Locked: 'x',
    pair,
    pairs: [pair, { locked: 'x' }],
    lockedPair: { plain: 'x' },
    unknown: 1,
  };
  const kept = { plain: 'p', pair: { plain: 'p' }, pairs: [{ plain: 'p' }] };

  test('C03: and says which it passed over', () => {
    const { attributes, notes } = readResource(type, { ...body, id: 'x', meta: {}, 'urn:X:extra': body });
    expect(attributes).toEqual({ ...kept, 'urn:x:Extra': kept });
    const own = [
      'locked',
      'pair.locked',
      'pair.unknown',
      'pairs.locked',
      'pairs.unknown',
      'lockedPair',
      'unknown',
      'id',
      'meta',
    ];
    const extra = own.slice(0, 7).map((path) => `urn:x:Extra:${path}`);
    expect(new Set(notes.ignored)).toEqual(new Set([...own, ...extra]));
  });
});

test('a name twice in two cases is refused', () => {
  expect(() => readResource(user, { title: 'a', TITLE: 'b' })).toThrow(
    expect.objectContaining({ kind: 'invalidSyntax' }),
  );
  expect(() => readResource(user, { name: { givenName: 'a', GivenName: 'b' } })).toThrow(
    expect.objectContaining({ kind: 'invalidSyntax' }),
  );
});

test.each<[JsonObject, string]>([
  [{}, 'userName'],
  [{ userName: ' ' }, 'userName'],
])('required: %j', (attributes, path) => {
  expect(() => requireAttributes(user, attributes)).toThrow(expect.objectContaining({ kind: 'invalidValue', path }));
});

const current: JsonObject = {
  userName: 'a',
  title: 't',
  active: false,
  name: { givenName: 'g', familyName: 'f' },
  [enterprise]: { department: 'd', costCenter: 'c' },
};

test.each<[string, 'none' | 'all', JsonObject, JsonObject]>([
  ['what is absent is cleared', 'none', { userName: 'a' }, { userName: 'a', active: false }],
  [
    'an absent active stays, false or true',
    'none',
    { userName: 'a', title: 'n' },
    { userName: 'a', title: 'n', active: false },
  ],
  [
    'null clears',
    'all',
    { title: null, name: null, [enterprise]: { department: null } },
    { userName: 'a', active: false, [enterprise]: { costCenter: 'c' } },
  ],
  ['what is absent stays', 'all', { title: 'n' }, { ...current, title: 'n' }],
  [
    'so do absent parts of a name',
    'all',
    { name: { givenName: 'n' } },
    { ...current, name: { givenName: 'n', familyName: 'f' } },
  ],
  [
    'a part carried as null goes',
    'all',
    { name: { givenName: 'n', familyName: null } },
    { ...current, name: { givenName: 'n' } },
  ],
  [
    'an extension carried as null goes',
    'all',
    { [enterprise]: null },
    { userName: 'a', title: 't', active: false, name: { givenName: 'g', familyName: 'f' } },
  ],
])('PUT, %s (keep absent: %s)', (_, keep, body, expected) => {
  expect(replaceAttributes(user, current, readResource(user, body), keep)).toEqual(expected);
});

const stored = {
  type: user,
  id: 'id-1',
  attributes: {
    userName: 'a',
    name: { givenName: 'g', familyName: 'f' },
    emails: [{ value: 'e', type: 'work' }],
    [enterprise]: { department: 'd' },
  },
  references: new Map([
    [`${enterprise}:manager`, [{ value: 'sent', target: { id: 'id-2', type: 'User', label: 'Boss' } }]],
    ['groups', [{ value: 'id-3', target: { id: 'id-3', type: 'Group', label: 'Team' } }]],
  ]),
  managedBy: null,
  version: 3,
  created: '2026-01-01T00:00:00.000Z',
  lastModified: '2026-01-02T00:00:00.000Z',
};
const context = { types: registeredTypes, baseUrl: 'https://x/scim/v2' };

describe('answers', () => {
  test('references carry what their schema has', () => {
    expect(project(stored, everything, context)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      id: 'id-1',
      userName: 'a',
      name: { givenName: 'g', familyName: 'f' },
      emails: [{ value: 'e', type: 'work' }],
      groups: [{ value: 'id-3', $ref: 'https://x/scim/v2/Groups/id-3', display: 'Team', type: 'direct' }],
      [enterprise]: {
        department: 'd',
        manager: { value: 'id-2', $ref: 'https://x/scim/v2/Users/id-2', displayName: 'Boss' },
      },
      meta: {
        resourceType: 'User',
        created: stored.created,
        lastModified: stored.lastModified,
        location: 'https://x/scim/v2/Users/id-1',
        version: entityTag(stored),
      },
    });
  });

  test.each<[string | undefined, string | undefined, string[]]>([
    ['userName', undefined, ['schemas', 'id', 'userName']],
    ['USERNAME, nobody', undefined, ['schemas', 'id', 'userName']],
    ['password', undefined, ['schemas', 'id']],
    [`${enterprise}:department`, undefined, ['schemas', 'id', enterprise]],
    [enterprise, undefined, ['schemas', 'id', enterprise]],
    [undefined, 'name,emails,groups,meta', ['schemas', 'id', 'userName', enterprise]],
    [undefined, 'id,schemas,userName', ['schemas', 'id', 'name', 'emails', 'groups', enterprise, 'meta']],
  ])('attributes=%s excludedAttributes=%s', (attributes, excluded, keys) => {
    const answer = project(stored, readSelection(user, attributes, excluded), context);
    expect(Object.keys(answer).sort()).toEqual([...keys].sort());
  });

  test('sub-attributes can be asked for and left out', () => {
    expect(project(stored, readSelection(user, 'name.givenName,emails.value', undefined), context)).toMatchObject({
      name: { givenName: 'g' },
      emails: [{ value: 'e' }],
    });
    expect(project(stored, readSelection(user, undefined, 'name.givenName'), context)['name']).toEqual({
      familyName: 'f',
    });
    expect(project(stored, readSelection(user, `${enterprise}:manager.value`, undefined), context)[enterprise]).toEqual(
      { manager: { value: 'id-2' } },
    );
  });

  test('rows that nobody asked for are not read', () => {
    expect(wanted(group, readSelection(group, undefined, 'members'))).toEqual([]);
    expect(wanted(user, readSelection(user, 'userName', undefined))).toEqual([]);
    expect(wanted(user, everything).map((each) => each.key)).toEqual([`${enterprise}:manager`, 'groups']);
  });
});

describe('discovery', () => {
  test('a schema is shown in the terms of RFC 7643 section 7, and nothing of ours with it', () => {
    for (const schema of registeredTypes.schemas) {
      const text = JSON.stringify(schemaDocument(schema, 'https://x'));
      expect(text).not.toMatch(/storedAs|inverseOf|indexed/);
    }
    const document = schemaDocument(user.schema, 'https://x') as { attributes: JsonObject[] };
    expect(document.attributes.find((each) => each['name'] === 'userName')).toEqual({
      name: 'userName',
      type: 'string',
      multiValued: false,
      description: expect.any(String),
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'server',
    });
  });

  test('a resource type names its schemas', () => {
    expect(resourceTypeDocument(user, 'https://x')).toMatchObject({
      id: 'User',
      endpoint: '/Users',
      schema: user.schema.id,
      schemaExtensions: [
        { schema: enterprise, required: false },
        { schema: extension, required: false },
      ],
    });
  });

  test('what does not exist is not said to', () => {
    const config = serviceProviderConfig(
      { patch: true, filter: { maxResults: 7 }, bulk: undefined, sort: false, etag: false, pagination: undefined },
      'https://x',
    );
    expect(config).toMatchObject({
      patch: { supported: true },
      filter: { supported: true, maxResults: 7 },
      bulk: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      changePassword: { supported: false },
    });
  });

  test('two types of one name are refused', () => {
    expect(() => createResourceTypes([user, { ...group, name: 'USER' }])).toThrow();
    expect(() => createResourceTypes([user, { ...group, endpoint: 'users' }])).toThrow();
  });
});

test.each<[string, number | undefined]>([
  ['2026-03-01', Date.UTC(2026, 2, 1)],
  ['2026-03-01T01:02:03', Date.UTC(2026, 2, 1, 1, 2, 3)],
  ['2026-03-01T01:02:03.5Z', Date.UTC(2026, 2, 1, 1, 2, 3, 500)],
  ['2026-03-01T01:02:03.123456789+02:00', Date.UTC(2026, 1, 28, 23, 2, 3, 123)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['2026-02-29', undefined],
  ['2026-13-01', undefined],
  ['2026-03-01T25:00:00Z', undefined],
  ['2026-03-01 01:02:03', undefined],
  ['1 March 2026', undefined],
  ['', undefined],
])('%j is the instant %s', (text, instant) => {
  expect(instantOf(text)).toBe(instant);
});

test('text is ordered by code point', () => {
  const words = ['z', '\uffee', '𝒜', 'a', '', 'ab', '\ud7ff'];
  const expected = [...words].sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  expect([...words].sort(compareText)).toEqual(expected);
});

test('comparison goes by caseExact and type', () => {
  const attributeOf = (name: string) => user.schema.attributes.find((each) => each.name === name)!;
  expect(comparable(attributeOf('userName'), ' ÉLAN ')).toBe('élan');
  expect(comparable(attributeOf('title'), ' ÉLAN ')).toBe(' élan ');
  expect(comparable(attributeOf('profileUrl'), 'HTTP://X')).toBe('HTTP://X');
});

test.each([
  '{"a":1,"a":2}',
  '{"a":1,"\\u0061":2}',
  '{"b":{"a":1,"a":1}}',
  '[{"a":1,"a":1}]',
  `${'['.repeat(33)}${']'.repeat(33)}`,
  '{',
  '{"a":}',
  "{'a':1}",
  '\u00a0{}',
])('JSON refused: %s', (text) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ kind: 'invalidSyntax' }));
});

test.each([
  '{"a":{"a":1},"b":{"a":1}}',
  '[{"a":1},{"a":2}]',
  '{"a":"\\"a\\":1,","b":"{\\"a\\""}',
  ' {"a" : "b"} ',
  `${'['.repeat(32)}${']'.repeat(32)}`,
])('JSON read: %s', (text) => {
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test('sameJson goes by structure', () => {
  expect(sameJson({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
  expect(sameJson({ a: 1 }, { a: 1, b: null })).toBe(false);
  expect(sameJson({}, [])).toBe(false);
  expect(sameJson({ toString: 1 }, { x: 1 })).toBe(false);
});

test('what is ignored is named once each, and only so many times', () => {
  const phones = Array.from({ length: 1000 }, (_, index) => ({ value: `${index}`, label: 'x', colour: 'y' }));
  expect(readResource(user, { userName: 'a', phoneNumbers: phones }).notes.ignored).toEqual([
    'phoneNumbers.label',
    'phoneNumbers.colour',
  ]);
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1]));
  expect(readResource(user, { userName: 'a', ...many, ['x'.repeat(5000)]: 1 }).notes.ignored).toHaveLength(100);
});
