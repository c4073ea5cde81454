// Which client a request comes from, and what its profile makes of it; every rewrite is said in words.
import { describe, expect, test } from 'vitest';
import { chooseProfile, clientProfiles, recognizeClient } from '../../src/profiles/clients/index.ts';
import { onelogin } from '../../src/profiles/clients/onelogin.ts';
import { rollcall } from '../../src/profiles/clients/rollcall.ts';
import type { Json } from '../../src/scim/json.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

test.each([
  [{ address: '/acme/scim/v2/Users', userAgent: 'Rollcall/0.1.0' }, 'rollcall'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'OneLogin SCIM' }, 'onelogin'],
  [{ address: '/acme/scim/v2/Users?filter=x&' }, 'onelogin'],
  [{ address: '/acme/scim/v2/Users?' }, 'onelogin'],
  [{ address: '/acme/scim/v2/Users', body: { schemas: ['urn:scim:schemas:core:1.0'] } }, 'onelogin'],
  [{ address: '/acme/scim/v2/Users', body: { 'urn:scim:schemas:extension:enterprise:2.0': {} } }, 'onelogin'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'curl/8' }, undefined],
])('%j is recognized as %s', (traffic, id) => {
  expect(recognizeClient(traffic)?.id).toBe(id);
});

test.each([
  [{ client: null, pinned: false }, '/Users', 'generic'],
  [{ client: null, pinned: false }, '/Users?', 'onelogin'],
  [{ client: 'onelogin', pinned: false }, '/Users', 'onelogin'],
  [{ client: 'generic', pinned: true }, '/Users?', 'generic'],
  [{ client: 'gone', pinned: true }, '/Users', 'generic'],
])('known as %j, seen %s: %s', (known, address, id) => {
  expect(chooseProfile(known, { address }).id).toBe(id);
});

test('ids of profiles are kept with connections and so are unique', () => {
  expect(new Set(clientProfiles.map((profile) => profile.id)).size).toBe(clientProfiles.length);
});

function normalize(body: Json, operation: 'create' | 'replace' | 'patch' = 'replace', type = user) {
  return onelogin.normalize({ operation, type, types: registeredTypes, query: new Map(), body });
}

describe('OneLogin, resources', () => {
  test.each<[Json, Json, string[]]>([
    [{ userName: 'ada' }, { userName: 'ada' }, []],
    [{ title: '', nickName: null }, { title: null, nickName: null }, ['read the empty value of "title" as unassigned']],
    [
      { name: { familyName: ' Quill', givenName: '' } },
      { name: { familyName: 'Quill', givenName: null } },
      ['took the spaces around "name.familyName" away', 'read the empty value of "name.givenName" as unassigned'],
    ],
    [{ active: 'True' }, { active: true }, ['read "True" for "active" as true']],
    [{ active: 0 }, { active: false }, ['read 0 for "active" as false']],
    [{ active: 'perhaps' }, { active: 'perhaps' }, []],
    [
      { emails: { value: 'a@x' } },
      { emails: [{ value: 'a@x' }] },
      ['read the single value sent for "emails" as an array of one'],
    ],
    [{ emails: ['a@x'] }, { emails: [{ value: 'a@x' }] }, ['read the bare value sent for "emails" as its "value"']],
    [
      { emails: [{ value: '', type: 'work', primary: true }] },
      { emails: null },
      [
        'read the empty value of "emails.value" as unassigned',
        'left out a value of "emails" that has nothing but a type',
      ],
    ],
    [
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: true },
        ],
      },
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: false },
        ],
      },
      ['kept "primary" only on the first value of "emails" that had it'],
    ],
    [
      { 'urn:scim:schemas:extension:enterprise:2.0': { department: 'Field' } },
      { [enterprise]: { department: 'Field' } },
      [`read "urn:scim:schemas:extension:enterprise:2.0" as "${enterprise}"`],
    ],
    [
      { 'urn:scim:schemas:core:2.0': { title: 'x' } },
      { title: 'x' },
      ['read the attributes under "urn:scim:schemas:core:2.0" as the resource\'s own'],
    ],
    [
      { [enterprise]: { manager: '4711' } },
      { [enterprise]: { manager: { value: '4711' } } },
      [`read the bare value sent for "${enterprise}:manager" as its "value"`],
    ],
    [
      { [enterprise]: { manager: 4711 } },
      { [enterprise]: { manager: { value: '4711' } } },
      [
        `read the bare value sent for "${enterprise}:manager" as its "value"`,
        `read the number sent for "${enterprise}:manager.value" as text`,
      ],
    ],
    [
      { [enterprise]: { manager: [{ value: '1' }] } },
      { [enterprise]: { manager: { value: '1' } } },
      [`read the array sent for "${enterprise}:manager" as its first value`],
    ],
    [
      { [enterprise]: { manager: { value: '' } } },
      { [enterprise]: { manager: null } },
      [`read the empty value of "${enterprise}:manager" as unassigned`],
    ],
    [{ password: ' secret ', id: null, custom: ' x ' }, { password: ' secret ', id: null, custom: ' x ' }, []],
  ])('%j', (body, expected, rewrites) => {
    expect(normalize(body)).toMatchObject({ body: expected, rewrites, keepAbsent: 'all' });
  });
});

describe('PATCH bodies', () => {
  test.each<[Json, Json]>([
    [
      { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] },
      [{ op: 'replace', path: 'active', value: false }],
    ],
    [{ operations: { op: 'add', path: 'title', value: 'x' } }, [{ op: 'add', path: 'title', value: 'x' }]],
    [{ Operations: [{ op: 'replace', path: 'title', value: '' }] }, [{ op: 'replace', path: 'title', value: null }]],
    [
      { Operations: [{ op: 'replace', value: { active: 'False', emails: { value: 'x' } } }] },
      [{ op: 'replace', value: { active: false, emails: [{ value: 'x' }] } }],
    ],
    [
      { Operations: [{ op: 'add', path: `${enterprise}:manager`, value: '1' }] },
      [{ op: 'add', path: `${enterprise}:manager`, value: { value: '1' } }],
    ],
    [
      { Operations: [{ op: 'add', path: 'urn:scim:schemas:extension:enterprise:2.0:department', value: 'x' }] },
      [{ op: 'add', path: `${enterprise}:department`, value: 'x' }],
    ],
    [
      { Operations: [{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'x' } }] },
      [{ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'x' } }],
    ],
    [
      { Operations: [{ op: 'replace', path: 'emails[type eq', value: 'x' }] },
      [{ op: 'replace', path: 'emails[type eq', value: 'x' }],
    ],
  ])('%j', (body, operations) => {
    expect(normalize(body, 'patch').body).toMatchObject({ Operations: operations });
  });

  test.each<[Json, Json]>([
    [
      { Operations: [{ op: 'remove', path: 'members', value: { members: [{ value: 'a' }] } }] },
      [{ op: 'remove', path: 'members', value: [{ value: 'a' }] }],
    ],
    [
      { Operations: [{ op: 'remove', path: 'members', value: 'a' }] },
      [{ op: 'remove', path: 'members', value: [{ value: 'a' }] }],
    ],
    [
      { members: [{ value: 'a', operation: 'add' }, { value: 'b', operation: 'delete' }, { value: 'c' }] },
      [
        { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'c' }] },
        { op: 'remove', path: 'members', value: [{ value: 'b' }] },
      ],
    ],
    [
      { displayName: 'x', meta: { attributes: ['members'] } },
      [
        { op: 'replace', path: 'displayName', value: 'x' },
        { op: 'remove', path: 'members' },
      ],
    ],
  ])('of a group: %j', (body, operations) => {
    expect(normalize(body, 'patch', group).body).toMatchObject({ Operations: operations });
  });
});

test('our own client is taken at its word', () => {
  const body = { title: '', active: 'False' };
  const normalized = rollcall.normalize({
    operation: 'replace',
    type: user,
    types: registeredTypes,
    query: new Map(),
    body,
  });
  expect(normalized).toMatchObject({ body, rewrites: [], keepAbsent: 'none', absentValuePath: 'refuse' });
});

test('a rewrite is noted once, however often it is made', () => {
  const emails = Array.from({ length: 50 }, (_, index) => ({ value: ` a${index}` }));
  expect(normalize({ emails }).rewrites).toEqual(['took the spaces around "emails.value" away']);
});

test('C24: hostile keys stay what they are', () => {
  const body = JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"name":{"__proto__":{"x":1}}}',
  ) as Json;
  for (const operation of ['replace', 'patch'] as const) normalize(body, operation);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
