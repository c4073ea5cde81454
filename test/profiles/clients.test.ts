// Which client a request comes from, and what its profile makes of it; every rewrite is said in words.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entra } from '../../src/profiles/clients/entra.ts';
import { chooseProfile, clientProfiles, recognizeClient } from '../../src/profiles/clients/index.ts';
import { interop } from '../../src/profiles/clients/interop.ts';
import { keycloak } from '../../src/profiles/clients/keycloak.ts';
import { okta } from '../../src/profiles/clients/okta.ts';
import { onelogin } from '../../src/profiles/clients/onelogin.ts';
import { ping } from '../../src/profiles/clients/ping.ts';
import { rollcall } from '../../src/profiles/clients/rollcall.ts';
import { ScimError } from '../../src/scim/errors.ts';
import type { ClientProfile } from '../../src/scim/handler/profile.ts';
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
  [{ address: '/acme/scim/v2/Users', userAgent: 'Okta SCIM Client 1.0.0' }, 'okta'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'Google-Auto-Provisioning' }, 'google'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'JumpCloud' }, 'jumpcloud'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'PingFederate/12' }, 'ping'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'Shopping/1.0' }, undefined],
  [{ address: '/acme/scim/v2/Users', userAgent: 'rippling-scim' }, 'rippling'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'Idaptive' }, 'cyberark'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'keycloak-scim' }, 'keycloak'],
  [{ address: '/acme/scim/v2/Users', userAgent: 'authentik@2026.8.1' }, 'authentik'],
  [{ address: '/acme/scim/v2/Users?aadOptscim062020&filter=x' }, 'entra'],
  [{ address: '/acme/scim/v2/Users?filter=x&aadOptscim062020' }, 'entra'],
  [{ address: '/acme/scim/v2/Groups', body: { schemas: ['http://schemas.microsoft.com/2006/11/x'] } }, 'entra'],
  [{ address: '/acme/scim/v2/Users?filter=username%20Eq%20%22x%22' }, 'ping'],
  [{ address: '/acme/scim/v2/Users?filter=userName%20eq%20%22x%22' }, undefined],
  [{ address: '/acme/scim/v2/Users', body: { schemas: ['urn:scim:schemas:core:1.0', user.schema.id] } }, undefined],
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
  [{ client: 'interop', pinned: true }, '/Users?', 'interop'],
  [{ client: 'interop', pinned: false }, '/Users', 'generic'],
  [{ client: null, pinned: false }, '/Users?filter=userName+eq+%22AzureAD_Test-1%22', 'entra'],
  [{ client: 'okta', pinned: false }, '/Users?filter=userName+eq+%22AzureAD_Test-1%22', 'okta'],
  [{ client: null, pinned: false }, '/Users?filter=%E0', 'generic'],
])('known as %j, seen %s: %s', (known, address, id) => {
  expect(chooseProfile(known, { address }).id).toBe(id);
});

test.each<[Json, string]>([
  [{ Operations: [{ op: 'Add', path: 'title', value: 'x' }] }, 'entra'],
  [{ Operations: [{ op: 'ADD', path: 'title', value: 'x' }] }, 'generic'],
  [{ roles: [{ type: 'WindowsAzureActiveDirectoryRole', value: 'x' }] }, 'entra'],
  [{ Operations: [{ op: 'add', path: 'members', value: [{ value: 'x', $ref: 'Users/x' }] }] }, 'keycloak'],
  [{ Operations: [null, { op: 'add', value: null }, { value: [null, 7] }], roles: 'x' }, 'generic'],
])('a hint counts while nothing else is known: %j', (body, id) => {
  const address = '/Users/1';
  expect(chooseProfile({ client: null, pinned: false }, { address, body }).id).toBe(id);
  expect(chooseProfile({ client: 'onelogin', pinned: false }, { address, body }).id).toBe('onelogin');
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

describe('what a client does beyond the common', () => {
  const by = (profile: ClientProfile, body: Json, type = user) =>
    profile.normalize({ operation: 'patch', type, types: registeredTypes, query: new Map(), body });
  const ops = (profile: ClientProfile, ...operations: Json[]) =>
    (by(profile, { Operations: operations }).body as { Operations: Json[] }).Operations;

  test.each<[Json, Json[]]>([
    // Entra ID: the removal of a value is that of its entry.
    [
      { op: 'Remove', path: 'emails[type eq "work"].value', value: 'x' },
      [{ op: 'remove', path: 'emails[type eq "work"]' }],
    ],
    [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: '' },
      [{ op: 'remove', path: 'emails[type eq "work"]' }],
    ],
    [
      { op: 'Remove', path: 'addresses[type eq "work"].formatted' },
      [{ op: 'remove', path: 'addresses[type eq "work"].formatted' }],
    ],
    // A manager in every shape.
    [
      { op: 'Add', path: 'manager', value: [{ $ref: 'http://x/Users/7' }] },
      [{ op: 'add', path: `${enterprise}:manager`, value: { $ref: 'http://x/Users/7', value: '7' } }],
    ],
    [{ op: 'Add', path: `${enterprise}:manager`, value: null }, [{ op: 'remove', path: `${enterprise}:manager` }]],
    [
      { op: 'add', value: { [`${enterprise}:manager`]: '7' } },
      [{ op: 'add', value: { [`${enterprise}:manager`]: { value: '7' } } }],
    ],
    [
      { op: 'add', path: enterprise, value: { manager: '7' } },
      [{ op: 'add', path: enterprise, value: { manager: { value: '7' } } }],
    ],
    [
      { op: 'add', path: 'manager', value: { value: '7', $ref: 'http://x/Users/8' } },
      [{ op: 'add', path: `${enterprise}:manager`, value: { value: '7', $ref: 'http://x/Users/8' } }],
    ],
    // Nothing to add or to remove is no change, and nothing to replace by is none left.
    [{ op: 'add', path: 'emails', value: [] }, [{ op: 'add', path: 'emails', value: [] }]],
    [{ op: 'add', path: 'emails', value: [{ type: 'work', value: '' }] }, [{ op: 'add', path: 'emails', value: [] }]],
    [{ op: 'remove', path: 'emails', value: [] }, [{ op: 'add', path: 'emails', value: [] }]],
    [{ op: 'replace', path: 'emails', value: [] }, [{ op: 'replace', path: 'emails', value: null }]],
    // Without a path.
    [
      { op: 'add', value: { title: 'x', [`${enterprise}:manager`]: '' } },
      [
        { op: 'add', value: { title: 'x' } },
        { op: 'remove', path: `${enterprise}:manager` },
      ],
    ],
    [
      { op: 'replace', value: { title: 'x', meta: { a: 1 }, groups: [], 'emails[type eq work].value': 'y' } },
      [
        { op: 'replace', value: { title: 'x' } },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'y' },
      ],
    ],
    [{ op: 'remove', value: { title: 'x' } }, [{ op: 'remove', path: 'title', value: 'x' }]],
    [{ op: 'replace', path: null, value: { id: '7' } }, [{ op: 'replace', value: { id: '7' } }]],
    [{ op: 'replace', value: 'text' }, [{ op: 'replace', value: 'text' }]],
    [7, [7]],
  ])('%j', (operation, expected) => {
    expect(ops(entra, operation)).toEqual(expected);
  });

  test.each<[Json, Json]>([
    [
      { 'name.givenName': 'Ada', title: 'x' },
      { name: { givenName: 'Ada' }, title: 'x' },
    ],
    [{ 'name.givenName': 'Ada', name: { familyName: 'Quill' } }, { name: { familyName: 'Quill', givenName: 'Ada' } }],
    [{ 'name.givenName': 'Ada', NAME: { givenName: 'Eve' } }, { NAME: { givenName: 'Eve' } }],
    [{ 'name.givenName': 'Ada', name: 'text' }, { name: 'text' }],
    [{ [`${enterprise}:department`]: 'Field' }, { [enterprise]: { department: 'Field' } }],
    [{ [`${enterprise}:manager.value`]: '7' }, { [enterprise]: { manager: { value: '7' } } }],
    [
      { 'emails.value': 'a', 'nothing.here': 1, 'urn:example:x': 2 },
      { 'emails.value': 'a', 'nothing.here': 1, 'urn:example:x': 2 },
    ],
  ])('keys that are paths: %j', (body, expected) => {
    const read = entra.normalize({ operation: 'create', type: user, types: registeredTypes, query: new Map(), body });
    expect(read.body).toEqual(expected);
  });

  test('only who writes roles as JSON text is read so, and what is no role stays text', () => {
    const add = (value: string) => ({ op: 'add', path: 'roles', value: [{ value }] });
    const value = (display: object, text: string) => [
      { op: 'add', path: 'roles', value: [{ value: text, ...display }] },
    ];
    expect(ops(entra, add('{"value":"a","displayName":"A"}'))).toEqual(value({ display: 'A' }, 'a'));
    expect(ops(okta, add('{"value":"a"}'))).toEqual(value({}, '{"value":"a"}'));
    for (const text of ['{"value":7}', '{"value"', '{}', 'a{'])
      expect(ops(entra, add(text)), text).toEqual(value({}, text));
  });

  test('only Keycloak and Ping have a type where there is none', () => {
    const body = { emails: [{ value: 'a' }], roles: [{ value: 'r' }] };
    const read = (profile: ClientProfile) =>
      profile.normalize({ operation: 'replace', type: user, types: registeredTypes, query: new Map(), body }).body;
    expect(read(keycloak)).toEqual({ emails: [{ value: 'a', type: 'work' }], roles: [{ value: 'r' }] });
    expect(read(ping)).toEqual(read(keycloak));
    expect(read(entra)).toEqual(body);
  });

  test('interop takes nothing for anything else', () => {
    const body = { Operations: [{ op: 'Replace', path: 'active', value: 'False' }] };
    expect(by(interop, body)).toMatchObject({ body, rewrites: [] });
  });
});

test('whatever a body is, a profile reads it or refuses it', () => {
  const body = fc.anything({
    withNullPrototype: false,
    maxDepth: 4,
    key: fc.constantFrom(
      'op',
      'path',
      'value',
      'Operations',
      'emails',
      'members',
      'manager',
      enterprise,
      '__proto__',
      'name.givenName',
      '$ref',
    ),
  });
  fc.assert(
    fc.property(
      body,
      fc.constantFrom(...clientProfiles),
      fc.constantFrom('create' as const, 'replace' as const, 'patch' as const),
      (given, profile, operation) => {
        const text = JSON.stringify(given);
        if (text === undefined) return;
        for (const type of [user, group]) {
          try {
            profile.normalize({
              operation,
              type,
              types: registeredTypes,
              query: new Map(),
              body: JSON.parse(text) as Json,
            });
          } catch (error) {
            expect(error).toBeInstanceOf(ScimError);
          }
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    { numRuns: 1500 },
  );
});

test('a body of very many keys is read', () => {
  const many = Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`k${index}`, 1]));
  for (const body of [
    { [user.schema.id]: many },
    { op: 'remove', value: { '': many } },
    { op: 'add', value: many },
    many,
  ]) {
    for (const operation of ['create', 'patch'] as const)
      expect(() => normalize(body, operation), Object.keys(body)[0]!).not.toThrow();
  }
});

test('interop: every type that a value can have names its canonical values', () => {
  const types = registeredTypes.schemas.flatMap(({ attributes }) =>
    attributes.flatMap(({ subAttributes = [] }) => subAttributes.filter(({ name }) => name === 'type')),
  );
  expect(types.length).toBeGreaterThan(8);
  for (const each of types) expect(Array.isArray(each.canonicalValues)).toBe(true);
});

test('docs/clients.md has a row for each profile', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/clients.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z]+)` \| ([^|]+?) \|/gm)].map(([, id, name]) => [id, name]);
  expect(rows.sort()).toEqual(clientProfiles.map(({ id, name }) => [id, name]).sort());
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
