// PATCH, rule by rule (RFC 7644 section 3.5.2), and against a model of multi-valued attributes (C03, C04, C22, C24).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { applyPatch, PatchRefusal } from '../../src/scim/patch/apply.ts';
import { parsePatch } from '../../src/scim/patch/parse.ts';
import { attribute, plural } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createResourceTypes, placedAttributes, type ResourceType } from '../../src/scim/schema/resource-type.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const work = { value: 'w@x', type: 'work', primary: true };
const home = { value: 'h@x', type: 'home' };

const ada: JsonObject = {
  userName: 'ada',
  title: 'Engineer',
  active: true,
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [work, home],
  [enterprise]: { department: 'Field', costCenter: '7' },
};

function run(
  operations: Json,
  type: ResourceType = user,
  attributes: JsonObject = ada,
  absentValuePath: 'refuse' | 'create' = 'refuse',
) {
  const frozen = structuredClone(attributes);
  const result = applyPatch(type, { id: 'id-1', attributes }, parsePatch({ Operations: operations }), {
    absentValuePath,
  });
  expect(attributes).toEqual(frozen);
  return result;
}

function one(op: string, path: string | undefined, value?: Json) {
  return run([{ op, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value }) }]);
}

function refused(operations: Json, type = user): PatchRefusal {
  try {
    run(operations, type);
  } catch (error) {
    expect(error).toBeInstanceOf(PatchRefusal);
    return error as PatchRefusal;
  }
  throw new Error('not refused');
}

test.each<[string, string | undefined, Json | undefined, Partial<Record<string, Json | undefined>>]>([
  ['replace', 'title', 'CTO', { title: 'CTO' }],
  ['replace', 'TITLE', 'CTO', { title: 'CTO' }],
  ['add', 'nickName', 'A', { nickName: 'A' }],
  ['remove', 'title', undefined, { title: undefined }],
  ['replace', 'title', null, { title: undefined }],
  ['replace', 'name.givenName', 'Augusta', { name: { givenName: 'Augusta', familyName: 'Byron' } }],
  ['replace', 'name', { middleName: 'K' }, { name: { givenName: 'Ada', familyName: 'Byron', middleName: 'K' } }],
  ['remove', 'name.givenName', undefined, { name: { familyName: 'Byron' } }],
  ['remove', 'name', undefined, { name: undefined }],
  ['add', undefined, { title: 'CTO', nickName: 'A' }, { title: 'CTO', nickName: 'A' }],
  ['replace', `${enterprise}:department`, 'Core', { [enterprise]: { department: 'Core', costCenter: '7' } }],
  ['replace', enterprise, { department: 'Core' }, { [enterprise]: { department: 'Core', costCenter: '7' } }],
  [
    'replace',
    undefined,
    { [enterprise]: { department: 'Core' } },
    { [enterprise]: { department: 'Core', costCenter: '7' } },
  ],
  ['remove', `${enterprise}:department`, undefined, { [enterprise]: { costCenter: '7' } }],
  ['remove', enterprise, undefined, { [enterprise]: undefined }],
  ['add', 'emails', [{ value: 'o@x', type: 'other' }], { emails: [work, home, { value: 'o@x', type: 'other' }] }],
  ['add', 'emails', { value: 'o@x' }, { emails: [work, home, { value: 'o@x' }] }],
  [
    'add',
    'emails',
    [{ value: 'H@X', type: 'home', display: 'd' }],
    { emails: [work, { value: 'H@X', type: 'home', display: 'd' }] },
  ],
  ['replace', 'emails', [home], { emails: [home] }],
  ['remove', 'emails', undefined, { emails: undefined }],
  ['remove', 'emails', [{ value: 'w@x' }], { emails: [home] }],
  ['remove', 'emails[type eq "work"]', undefined, { emails: [home] }],
  ['remove', 'emails[type eq "work"].type', undefined, { emails: [{ value: 'w@x', primary: true }, home] }],
  ['replace', 'emails[type eq "home"].value', 'n@x', { emails: [work, { value: 'n@x', type: 'home' }] }],
  ['replace', 'emails[type eq "home"]', { value: 'n@x' }, { emails: [work, { value: 'n@x' }] }],
  ['add', 'emails[type eq "home"]', { display: 'd' }, { emails: [work, { ...home, display: 'd' }] }],
  [
    'replace',
    'emails[type eq "home"].primary',
    true,
    {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
  [
    'add',
    'emails',
    [{ value: 'o@x', primary: true }],
    { emails: [{ ...work, primary: false }, home, { value: 'o@x', primary: true }] },
  ],
  [
    'replace',
    'emails.display',
    'd',
    {
      emails: [
        { ...work, display: 'd' },
        { ...home, display: 'd' },
      ],
    },
  ],
  ['replace', 'active', false, { active: false }],
])('%s %s %j', (op, path, value, changed) => {
  const { attributes, outcomes } = one(op, path, value);
  const expected = Object.fromEntries(Object.entries({ ...ada, ...changed }).filter(([, each]) => each !== undefined));
  expect(attributes).toEqual(expected);
  expect(outcomes).toEqual([{ op, path: path ?? '', outcome: 'applied' }]);
});

test.each<[string, string | undefined, Json | undefined]>([
  ['replace', 'title', 'Engineer'],
  ['add', 'emails', [{ value: 'w@x', type: 'work' }]],
  ['remove', 'nickName', undefined],
  ['remove', 'emails[type eq "other"]', undefined],
  ['remove', 'emails', [{ value: 'nobody@x' }]],
  ['replace', undefined, { id: 'id-1', schemas: ['x'], unknown: 1 }],
  ['replace', 'password', 'secret'],
])('unchanged: %s %s %j', (op, path, value) => {
  const { attributes, outcomes } = one(op, path, value);
  expect(attributes).toEqual(ada);
  expect(outcomes).toEqual([{ op, path: path ?? '', outcome: 'unchanged' }]);
});

test.each<[string, string | undefined, Json | undefined, string]>([
  ['remove', undefined, undefined, 'noTarget'],
  ['remove', 'userName', undefined, 'mutability'],
  ['replace', 'userName', null, 'mutability'],
  ['replace', 'userName', '', 'invalidValue'],
  ['replace', 'nothing', 'x', 'invalidPath'],
  ['replace', 'name.nothing', 'x', 'invalidPath'],
  ['replace', 'urn:nobody:x:title', 'x', 'invalidPath'],
  ['replace', 'emails[nothing eq "x"].value', 'x', 'invalidFilter'],
  ['replace', 'emails[type eq "other"].value', 'x', 'noTarget'],
  ['replace', 'title[value eq "x"]', 'x', 'invalidPath'],
  ['replace', 'title', 5, 'invalidValue'],
  ['replace', 'active', 'yes', 'invalidValue'],
  [
    'replace',
    'emails',
    [
      { value: 'a', primary: true },
      { value: 'b', primary: true },
    ],
    'invalidValue',
  ],
  ['add', undefined, 'x', 'invalidValue'],
  ['replace', 'meta.created', '2026-01-01T00:00:00Z', 'mutability'],
  ['replace', 'groups', [], 'mutability'],
  ['add', 'groups[value eq "x"]', {}, 'mutability'],
  ['replace', undefined, { id: 'other' }, 'mutability'],
  ['remove', 'urn:ietf:params:scim:schemas:core:2.0:User', undefined, 'noTarget'],
  ['replace', `${enterprise}:manager.displayName`, 'x', 'mutability'],
])('refused: %s %s %j is %s', (op, path, value, kind) => {
  const error = refused([{ op, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value }) }]);
  expect(error.kind).toBe(kind);
});

test('atomic: the refusal of one operation says what became of those before it', () => {
  const error = refused([
    { op: 'replace', path: 'title', value: 'CTO' },
    { op: 'replace', path: 'title', value: 'CTO' },
    { op: 'replace', path: 'nothing', value: 1 },
    { op: 'remove', path: 'nickName' },
  ]);
  expect(error.outcomes.map((each) => each.outcome)).toEqual(['applied', 'unchanged', 'refused']);
  expect(error.outcomes[2]).toMatchObject({ path: 'nothing', detail: expect.stringContaining('nothing') });
});

test('a value path that matches nothing makes a value of its facts where the client counts on that', () => {
  const { attributes } = run(
    [{ op: 'add', path: 'phoneNumbers[type eq "mobile" and primary eq true].value', value: '+1' }],
    user,
    ada,
    'create',
  );
  expect(attributes['phoneNumbers']).toEqual([{ type: 'mobile', primary: true, value: '+1' }]);
});

test.each<[Json, object]>([
  [
    [{ op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'b', type: 'User' }] }],
    { change: 'add', values: [{ value: 'a' }, { value: 'b', type: 'User' }] },
  ],
  [[{ op: 'add', path: 'members', value: { value: 'a' } }], { change: 'add', values: [{ value: 'a' }] }],
  [[{ op: 'replace', path: 'members', value: [] }], { change: 'replace', values: [] }],
  [[{ op: 'remove', path: 'members' }], { change: 'replace', values: [] }],
  [[{ op: 'remove', path: 'members', value: [{ value: 'a' }] }], { change: 'remove', values: [{ value: 'a' }] }],
  [
    [{ op: 'remove', path: 'members[value eq "a" or value eq "b"]' }],
    { change: 'remove', values: [{ value: 'a' }, { value: 'b' }] },
  ],
  [[{ op: 'remove', path: 'members[type eq "User"]' }], { change: 'removeWhere' }],
  [[{ op: 'add', value: { members: [{ value: 'a' }] } }], { change: 'add', values: [{ value: 'a' }] }],
])('members are changed as rows: %j', (operations, delta) => {
  const { deltas, attributes } = run(operations, group, { displayName: 'g' });
  expect(deltas).toMatchObject([delta]);
  expect(attributes).toEqual({ displayName: 'g' });
});

describe('C03: no readOnly attribute is written by any form of PATCH', () => {
  const readOnly = placedAttributes(user).flatMap(({ attribute, key }) => [
    ...(attribute.mutability === 'readOnly' ? [key] : []),
    ...(attribute.subAttributes ?? [])
      .filter((sub) => sub.mutability === 'readOnly')
      .map((sub) => `${key}.${sub.name}`),
  ]);
  test.each(readOnly.flatMap((path) => ['add', 'replace', 'remove'].map((op) => [op, path] as const)))(
    '%s %s',
    (op, path) => {
      expect(refused([{ op, path, value: 'x' }]).kind).toBe('mutability');
    },
  );
});

test('C04: an immutable attribute is set once', () => {
  const schema = {
    id: 'urn:x:Badge',
    name: 'Badge',
    description: '',
    attributes: [
      attribute('number', '', { mutability: 'immutable' }),
      plural('tags', '', [], { mutability: 'immutable' }),
    ],
  };
  const [badge] = createResourceTypes([
    {
      name: 'Badge',
      endpoint: 'Badges',
      description: '',
      schema,
      extensions: [],
      noun: { one: 'badge', many: 'badges' },
      labels: [['number']],
      matchAttribute: 'number',
      keptOnFirstWrite: [],
    },
  ]).all as [ResourceType];
  expect(run([{ op: 'add', path: 'number', value: '7' }], badge, {}).attributes).toEqual({ number: '7' });
  const again = () => run([{ op: 'replace', path: 'number', value: '8' }], badge, { number: '7' });
  expect(again).toThrow(expect.objectContaining({ kind: 'mutability' }));
  expect(run([{ op: 'replace', path: 'number', value: '7' }], badge, { number: '7' }).outcomes).toMatchObject([
    { outcome: 'unchanged' },
  ]);
  const sub = () =>
    run([{ op: 'replace', path: 'tags[value eq "a"].value', value: 'b' }], badge, { tags: [{ value: 'a' }] });
  expect(sub).toThrow(expect.objectContaining({ kind: 'mutability' }));
});

test.each<[string, Json, string]>([
  ['no operations', {}, 'invalidSyntax'],
  ['an empty list', { Operations: [] }, 'invalidSyntax'],
  ['an unknown op', { Operations: [{ op: 'move', path: 'title', value: 'x' }] }, 'invalidSyntax'],
  ['no value', { Operations: [{ op: 'add', path: 'title' }] }, 'invalidValue'],
  ['an empty path', { Operations: [{ op: 'add', path: ' ', value: 'x' }] }, 'invalidPath'],
  [
    '1,001 operations',
    { Operations: Array.from({ length: 1001 }, () => ({ op: 'remove', path: 'title' })) },
    'tooMany',
  ],
  [
    '20,001 values',
    { Operations: [{ op: 'add', path: 'members', value: Array.from({ length: 20_001 }, () => ({ value: 'x' })) }] },
    'tooMany',
  ],
])('C22: %s', (_, body, kind) => {
  expect(() => parsePatch(body)).toThrow(expect.objectContaining({ kind }));
});

test('C22: at the limits', () => {
  expect(
    parsePatch({ Operations: Array.from({ length: 1000 }, () => ({ op: 'remove', path: 'title' })) }),
  ).toHaveLength(1000);
  const values = Array.from({ length: 20_000 }, (_, index) => ({ value: String(index) }));
  expect(run([{ op: 'add', path: 'members', value: values }], group, { displayName: 'g' }).deltas).toHaveLength(1);
});

test('C26: add, remove and replace of values agree with a model', () => {
  const value = fc.constantFrom<string>('a', 'b', 'c', 'd');
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace'),
    values: fc.uniqueArray(value, { minLength: 1 }),
    form: fc.constantFrom('list', 'filter', 'all'),
  });
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (operations) => {
      let model: string[] = [];
      const sent: Json[] = [];
      for (const { op, values, form } of operations) {
        const list = values.map((each) => ({ value: each }));
        if (op === 'remove' && form === 'all') {
          model = [];
          sent.push({ op, path: 'entitlements' });
        } else if (op === 'remove' && form === 'filter') {
          model = model.filter((each) => !values.includes(each));
          sent.push({ op, path: `entitlements[${values.map((each) => `value eq "${each}"`).join(' or ')}]` });
        } else {
          if (op === 'remove') model = model.filter((each) => !values.includes(each));
          if (op === 'add') model = [...new Set([...model, ...values])];
          if (op === 'replace') model = values;
          sent.push({ op, path: 'entitlements', value: list });
        }
      }
      const { attributes } = run(sent, user, { userName: 'x' });
      expect(attributes['entitlements'] ?? []).toEqual(model.map((each) => ({ value: each })));
    }),
  );
});

test('C24: no name that every object inherits is an attribute, and no prototype changes', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
  const json = fc.letrec<{ any: Json }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>('x', true, null, 1),
      fc.array(tie('any'), { maxLength: 2 }),
      fc
        .array(fc.tuple(fc.constantFrom(...names, 'name', 'givenName', 'emails', 'value', enterprise), tie('any')), {
          maxLength: 3,
        })
        .map(
          (entries) =>
            JSON.parse(
              `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`,
            ) as Json,
        ),
    ),
  })).any;
  const path = fc.constantFrom(
    ...names,
    'name.__proto__',
    'emails[__proto__ eq "x"].constructor',
    `${enterprise}:__proto__`,
    '__proto__.polluted',
    'name',
    undefined,
  );
  fc.assert(
    fc.property(fc.constantFrom('add', 'replace', 'remove'), path, json, (op, at, value) => {
      try {
        const { attributes } = run([{ op, ...(at === undefined ? {} : { path: at }), value }], user, { userName: 'x' });
        expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
        for (const name of names) expect(Object.hasOwn(attributes, name)).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(PatchRefusal);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    }),
  );
});
