// The corners of PATCH (RFC 7644 section 3.5.2) that a model of one type does not reach: extensions as a whole, references,
// outcomes that only the store can settle, values that are given to a remove, primary handed over.
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { applyPatch, PatchRefusal, settleOutcomes } from '../../src/scim/patch/apply.ts';
import { parsePatch, patchUrn } from '../../src/scim/patch/parse.ts';
import type { ReferenceReport } from '../../src/scim/references.ts';
import { attribute, plural } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import type { ResourceType } from '../../src/scim/schema/resource-type.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const ada: JsonObject = {
  userName: 'ada',
  title: 'Engineer',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [
    { value: 'w@x', type: 'work' },
    { value: 'h@x', type: 'home' },
  ],
  [enterprise]: { department: 'Field', costCenter: '7' },
};

function run(
  operations: Json,
  type: ResourceType = user,
  attributes: JsonObject = ada,
  absentValuePath: 'refuse' | 'create' = 'refuse',
) {
  return applyPatch(type, { id: 'id-1', attributes }, parsePatch({ Operations: operations }), { absentValuePath });
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(ada).filter(([name]) => !names.includes(name)));

describe('a value that is given to a remove', () => {
  test.each<[string, Json, JsonObject]>([
    ['title', 'something else', without('title')],
    ['name.givenName', 'something else', { ...ada, name: { familyName: 'Byron' } }],
    ['name', { givenName: 'x' }, without('name')],
    [enterprise, { department: 'x' }, without(enterprise)],
    [`${enterprise}:department`, 'x', { ...ada, [enterprise]: { costCenter: '7' } }],
    ['emails[type eq "work"]', { value: 'x' }, { ...ada, emails: [{ value: 'h@x', type: 'home' }] }],
    ['emails', [], ada],
    ['emails', [null, {}], ada],
    ['emails', ['H@X'].map((value) => ({ value })), { ...ada, emails: [{ value: 'w@x', type: 'work' }] }],
    ['emails', [{ type: 'HOME' }], { ...ada, emails: [{ value: 'w@x', type: 'work' }] }],
    ['emails', [{ value: 'w@x', type: 'home' }], ada],
  ])('%s, %j', (path, value, expected) => {
    expect(run([{ op: 'remove', path, value }]).attributes).toEqual(expected);
  });
});

describe('null', () => {
  test.each<[string, string | undefined, Json, JsonObject]>([
    ['replace', 'title', null, without('title')],
    ['add', 'title', null, without('title')],
    ['replace', 'emails', null, without('emails')],
    ['add', 'emails', null, ada],
    ['add', 'emails', [], ada],
    ['replace', enterprise, null, without(enterprise)],
    ['replace', undefined, { [enterprise]: null }, without(enterprise)],
    ['replace', undefined, { title: null, nickName: 'A' }, { ...without('title'), nickName: 'A' }],
    ['add', 'name', {}, ada],
    ['replace', 'name', {}, without('name')],
    ['replace', 'emails[type eq "work"]', null, { ...ada, emails: [{ value: 'h@x', type: 'home' }] }],
    ['replace', 'emails[type eq "work"]', {}, { ...ada, emails: [{ value: 'h@x', type: 'home' }] }],
    ['add', 'emails[type eq "work"]', {}, { ...ada, emails: [{ value: 'h@x', type: 'home' }] }],
    [
      'replace',
      'emails[type eq "work"].value',
      null,
      { ...ada, emails: [{ type: 'work' }, { value: 'h@x', type: 'home' }] },
    ],
  ])('%s %s %j', (op, path, value, expected) => {
    const { attributes, outcomes } = run([{ op, ...(path === undefined ? {} : { path }), value }]);
    expect(attributes).toEqual(expected);
    expect(outcomes[0]!.outcome).toBe(expected === ada ? 'unchanged' : 'applied');
  });
});

test('an extension that is not there is not changed by its removal', () => {
  const { outcomes } = run([{ op: 'remove', path: enterprise }], user, { userName: 'ada' });
  // `manager` is among its attributes, and whether it has one is the store's to know.
  expect(outcomes).toMatchObject([{ op: 'remove', path: enterprise, outcome: 'unchanged' }]);
});

test('what is passed over is said', () => {
  const { ignored, attributes } = run([
    { op: 'replace', path: 'password', value: 'x' },
    { op: 'add', value: { nothing: 1, schemas: ['x'], [enterprise]: { nobody: 1 }, title: 'CTO' } },
  ]);
  expect(ignored).toEqual(['password', 'nothing', 'schemas', `${enterprise}:nobody`]);
  expect(attributes).toEqual({ ...ada, title: 'CTO' });
});

test('the own id may be sent along, another may not, and neither may any other readOnly attribute', () => {
  expect(run([{ op: 'replace', path: 'id', value: 'id-1' }]).outcomes[0]!.outcome).toBe('unchanged');
  for (const path of ['id', 'meta', 'groups', 'groups.value']) {
    expect(() => run([{ op: 'replace', path, value: 'x' }]), path).toThrow(PatchRefusal);
  }
});

test('a fault that is ours is not taken for a refusal', () => {
  const broken = {
    ...user,
    schema: {
      ...user.schema,
      get attributes(): never {
        throw new TypeError('broken');
      },
    },
  };
  expect(() => run([{ op: 'add', path: 'title', value: 'x' }], broken)).toThrow(TypeError);
});

test('a readOnly part of a value is not written, nor is any part of a reference but who is meant', () => {
  const spot = attribute('spot', '', {
    subAttributes: [attribute('x', ''), attribute('seen', '', { mutability: 'readOnly' })],
  });
  const type = { ...user, schema: { ...user.schema, attributes: [spot] }, extensions: [] };
  for (const op of ['add', 'replace', 'remove']) {
    const seen = () => run([{ op, path: 'spot.seen', value: 'x' }], type, { spot: { x: '1' } });
    expect(seen).toThrow(expect.objectContaining({ kind: 'mutability', path: 'spot.seen' }));
    const ref = () => run([{ op, path: `${enterprise}:manager.$ref`, value: 'x' }]);
    expect(ref).toThrow(expect.objectContaining({ kind: 'mutability', path: `${enterprise}:manager.$ref` }));
  }
});

describe('references', () => {
  const key = `${enterprise}:manager`;
  test.each<[ResourceType, Json, object[]]>([
    [user, { op: 'replace', path: key, value: { value: 'a' } }, [{ change: 'replace', values: [{ value: 'a' }] }]],
    [user, { op: 'add', path: key, value: { value: 'a' } }, [{ change: 'replace', values: [{ value: 'a' }] }]],
    [user, { op: 'add', path: `${key}.value`, value: 'a' }, [{ change: 'replace', values: [{ value: 'a' }] }]],
    [user, { op: 'replace', path: `${key}.value`, value: null }, [{ change: 'replace', values: [] }]],
    [user, { op: 'add', path: key, value: null }, [{ change: 'replace', values: [] }]],
    [user, { op: 'replace', path: key, value: { value: '' } }, [{ change: 'replace', values: [] }]],
    [user, { op: 'remove', path: key }, [{ change: 'replace', values: [] }]],
    [user, { op: 'remove', path: key, value: { value: 'a' } }, [{ change: 'remove', values: [{ value: 'a' }] }]],
    [user, { op: 'remove', path: `${key}[value eq "a"]` }, [{ change: 'remove', values: [{ value: 'a' }] }]],
    [
      user,
      { op: 'replace', value: { [enterprise]: { manager: { value: 'a' } } } },
      [{ change: 'replace', values: [{ value: 'a' }] }],
    ],
    [group, { op: 'add', path: 'members', value: null }, [{ change: 'add', values: [] }]],
    [group, { op: 'replace', path: 'members', value: null }, [{ change: 'replace', values: [] }]],
    [group, { op: 'add', path: 'members', value: [] }, [{ change: 'add', values: [] }]],
    [group, { op: 'remove', path: 'members', value: [] }, [{ change: 'remove', values: [] }]],
    [
      group,
      { op: 'add', path: 'members', value: [{ value: 'a' }, { value: 'a', type: 'User' }] },
      [{ change: 'add', values: [{ value: 'a', type: 'User' }] }],
    ],
    [
      group,
      { op: 'remove', path: 'members[value eq "a" and type eq "User"]' },
      [{ change: 'removeWhere', where: { op: 'and' } }],
    ],
    [
      group,
      { op: 'remove', path: 'members[type eq "User" or value eq "b"]' },
      [{ change: 'removeWhere', where: { op: 'or' } }],
    ],
    [group, { op: 'remove', path: 'members[value eq null]' }, [{ change: 'removeWhere', where: { op: 'eq' } }]],
    [group, { op: 'remove', path: 'members[value ne "a"]' }, [{ change: 'removeWhere', where: { op: 'ne' } }]],
    [
      group,
      { op: 'remove', path: 'members[value eq "a" or (value eq "b" or value eq "c")]' },
      [{ change: 'remove', values: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] }],
    ],
  ])('%#: %j', (type, operation, deltas) => {
    const result = run(
      [{ op: 'replace', path: 'displayName', value: 'x' }, operation],
      type,
      type === user ? ada : { displayName: 'g' },
    );
    expect(result.deltas).toMatchObject(
      deltas.map((delta) => ({ operation: 1, attribute: { key: type === user ? key : 'members' }, ...delta })),
    );
    expect(result.deltas).toHaveLength(1);
    expect(result.outcomes[1]!.outcome).toBe('unchanged');
  });
});

describe('outcomes, once the store has said what its rows did', () => {
  const report = (given: Partial<ReferenceReport>): ReferenceReport => ({
    changed: false,
    added: [],
    removed: [],
    pending: [],
    ...given,
  });
  const result = run(
    [
      { op: 'add', path: 'members', value: [{ value: 'a' }] },
      { op: 'replace', path: 'displayName', value: 'h' },
      { op: 'add', path: 'members', value: [{ value: 'b' }] },
      { op: 'remove', path: 'members', value: [{ value: 'c' }] },
    ],
    group,
    { displayName: 'g' },
  );
  const settled = (...reports: Partial<ReferenceReport>[]) =>
    settleOutcomes(result, reports.map(report)).map(({ outcome }) => outcome);

  test.each<[Partial<ReferenceReport>[], string[]]>([
    [
      [{}, {}, {}],
      ['unchanged', 'applied', 'unchanged', 'unchanged'],
    ],
    [
      [{ changed: true }, {}, {}],
      ['applied', 'applied', 'unchanged', 'unchanged'],
    ],
    [
      [{}, { changed: true }, { changed: true }],
      ['unchanged', 'applied', 'applied', 'applied'],
    ],
    [
      [{ changed: true }, { changed: true, pending: ['b'] }, {}],
      ['applied', 'applied', 'pending', 'unchanged'],
    ],
    [[], ['unchanged', 'applied', 'unchanged', 'unchanged']],
  ])('%j', (reports, outcomes) => expect(settled(...reports)).toEqual(outcomes));

  test('several rows of one operation count together', () => {
    const both = run(
      [
        { op: 'add', value: { [enterprise]: { manager: { value: 'a' } }, title: 'Engineer' } },
        { op: 'remove', path: enterprise },
      ],
      user,
      { userName: 'a', title: 'Engineer' },
    );
    expect(settleOutcomes(both, [report({}), report({ changed: true })]).map(({ outcome }) => outcome)).toEqual([
      'unchanged',
      'applied',
    ]);
    expect(
      settleOutcomes({ ...both, deltas: both.deltas.map((delta) => ({ ...delta, operation: 0 })) }, [
        report({}),
        report({ changed: true }),
      ])[0]!.outcome,
    ).toBe('applied');
  });

  test.each([
    [1, '"v0" not here yet; stored, and joined on arrival.'],
    [5, '"v0", "v1", "v2", "v3", "v4" not here yet; stored, and joined on arrival.'],
    [7, '"v0", "v1", "v2", "v3", "v4" and 2 more not here yet; stored, and joined on arrival.'],
  ])('%i who wait are named', (count, detail) => {
    const pending = Array.from({ length: count }, (_, index) => `v${index}`);
    expect(settleOutcomes(result, [report({ pending })])[0]).toEqual({
      op: 'add',
      path: 'members',
      outcome: 'pending',
      detail,
    });
  });
});

describe('values of their own kind', () => {
  const type: ResourceType = {
    ...user,
    schema: {
      ...user.schema,
      attributes: [
        attribute('names', '', { multiValued: true }),
        attribute('exact', '', { multiValued: true, caseExact: true }),
        attribute('pairs', '', { multiValued: true, subAttributes: [attribute('left', ''), attribute('right', '')] }),
        attribute('needed', '', { multiValued: true, required: true }),
        attribute('spot', '', { subAttributes: [attribute('x', ''), attribute('list', '', { multiValued: true })] }),
        plural('mails', '', []),
        attribute('marks', '', { multiValued: true, subAttributes: [attribute('value', ''), attribute('note', '')] }),
      ],
    },
    extensions: [],
  };
  const there: JsonObject = {
    needed: ['n'],
    names: ['A', 'b'],
    exact: ['A'],
    pairs: [{ left: 'l' }],
    spot: { x: '1' },
    mails: [{ value: 'a', primary: true }, { value: 'b' }],
  };

  test.each<[Json, Record<string, Json | undefined>]>([
    [{ op: 'add', path: 'names', value: ['a', 'c'] }, { names: ['A', 'b', 'c'] }],
    [{ op: 'add', path: 'exact', value: 'a' }, { exact: ['A', 'a'] }],
    [{ op: 'remove', path: 'names', value: ['B'] }, { names: ['A'] }],
    [{ op: 'remove', path: 'exact', value: ['a'] }, {}],
    [{ op: 'remove', path: 'needed', value: ['x'] }, {}],
    [{ op: 'replace', path: 'needed', value: ['x'] }, { needed: ['x'] }],
    [{ op: 'add', path: 'pairs', value: [{ left: 'l' }] }, {}],
    [
      { op: 'add', path: 'pairs', value: [{ left: 'l', right: 'r' }] },
      { pairs: [{ left: 'l' }, { left: 'l', right: 'r' }] },
    ],
    [{ op: 'remove', path: 'pairs', value: [{ left: 'L' }] }, { pairs: undefined }],
    [{ op: 'replace', path: 'pairs[left eq "l"].right', value: 'r' }, { pairs: [{ left: 'l', right: 'r' }] }],
    [{ op: 'replace', path: 'spot.list', value: ['a'] }, { spot: { x: '1', list: ['a'] } }],
    [{ op: 'replace', path: 'spot[x eq "1"].x', value: '2' }, { spot: { x: '2' } }],
    [{ op: 'replace', path: 'spot[x eq "1"]', value: { x: '2' } }, { spot: { x: '2' } }],
    [{ op: 'remove', path: 'spot[x eq "1"]' }, { spot: undefined }],
    [{ op: 'remove', path: 'spot[x eq "2"]' }, {}],
    [{ op: 'remove', path: 'pairs[left eq "l"].left' }, { pairs: undefined }],
    [{ op: 'add', path: 'marks', value: [{ value: 'A', note: 'n' }] }, { marks: [{ value: 'A', note: 'n' }] }],
    [
      { op: 'replace', path: 'mails[value eq "b"].primary', value: true },
      {
        mails: [
          { value: 'a', primary: false },
          { value: 'b', primary: true },
        ],
      },
    ],
    [
      { op: 'add', path: 'mails', value: [{ value: 'a', primary: true, type: 't' }] },
      { mails: [{ value: 'a', primary: false }, { value: 'b' }, { value: 'a', primary: true, type: 't' }] },
    ],
    [
      { op: 'replace', path: 'mails[value eq "a"].display', value: 'd' },
      { mails: [{ value: 'a', primary: true, display: 'd' }, { value: 'b' }] },
    ],
    [
      { op: 'replace', path: 'mails', value: [{ value: 'z', primary: true }] },
      { mails: [{ value: 'z', primary: true }] },
    ],
    [
      { op: 'add', path: 'mails', value: [{ display: 'd' }] },
      { mails: [{ value: 'a', primary: true }, { value: 'b' }, { display: 'd' }] },
    ],
  ])('%#: %j', (operation, changed) => {
    const expected = Object.fromEntries(
      Object.entries({ ...there, ...changed }).filter(([, each]) => each !== undefined),
    );
    const { attributes, outcomes } = run([operation], type, there);
    expect(attributes).toEqual(expected);
    expect(outcomes[0]!.outcome).toBe(Object.keys(changed).length === 0 ? 'unchanged' : 'applied');
  });

  test('values of a kind without a type are the same by their value', () => {
    const marks = [{ value: 'a' }, { value: 'b' }];
    const { attributes } = run([{ op: 'add', path: 'marks', value: [{ value: 'A', note: 'n' }] }], type, {
      ...there,
      marks,
    });
    expect(attributes['marks']).toEqual([{ value: 'A', note: 'n' }, { value: 'b' }]);
  });

  test.each(['spot[x eq null].x', 'spot[x ne "1"].x', 'spot[not (x pr)]'])(
    '%s selects nothing where there is nothing',
    (path) => {
      const value = path.endsWith('.x') ? 'y' : { x: 'y' };
      const replace = () => run([{ op: 'replace', path, value }], type, { needed: ['n'] });
      expect(replace).toThrow(expect.objectContaining({ kind: 'noTarget' }));
      expect(run([{ op: 'remove', path }], type, { needed: ['n'] }).outcomes[0]!.outcome).toBe('unchanged');
    },
  );

  test('no second value becomes primary beside one that stays so', () => {
    const two = { op: 'replace', path: 'mails.primary', value: true };
    expect(() => run([two], type, { ...there, mails: [{ value: 'a' }, { value: 'b' }] })).toThrow(
      expect.objectContaining({ kind: 'invalidValue' }),
    );
  });

  test.each<[string, Json, JsonObject]>([
    ['mails[value eq "c"].display', 'd', { value: 'c', display: 'd' }],
    ['mails[value eq "c" and type eq "t"].display', 'd', { value: 'c', type: 't', display: 'd' }],
    ['mails[not (value pr)].display', 'd', { display: 'd' }],
    ['mails[value eq "c" and (type eq "t" and display pr)].display', 'd', { value: 'c', type: 't', display: 'd' }],
    ['mails[value sw "c"]', { value: 'd' }, { value: 'd' }],
    ['mails[value eq "c"]', { value: 'd' }, { value: 'd' }],
  ])('a value made of the facts of %s', (path, value, made) => {
    expect(run([{ op: 'add', path, value }], type, there, 'create').attributes['mails']).toEqual([
      ...(there['mails'] as Json[]),
      made,
    ]);
  });

  test.each([
    'mails[value eq "c" or type eq "t"].display',
    'mails[value sw "c"].display',
    'mails[value ne "a"].value',
    'mails[value eq "c" and display eq "e"].display',
  ])('no value is made that %s would not match', (path) => {
    const add = () => run([{ op: 'add', path, value: 'a' }], type, { ...there, mails: [{ value: 'a' }] }, 'create');
    expect(add).toThrow(expect.objectContaining({ kind: 'noTarget' }));
  });

  test('a sub-attribute of values that are not there makes one, without a filter to miss', () => {
    expect(
      run([{ op: 'replace', path: 'mails.display', value: 'd' }], type, { needed: ['n'] }).attributes['mails'],
    ).toEqual([{ display: 'd' }]);
  });
});

describe('the body of a PATCH', () => {
  test.each<[Json, object]>([
    [
      { op: 'add', path: ' title ', value: 'x' },
      { op: 'add', path: 'title', value: 'x' },
    ],
    [
      { op: 'add', path: null, value: { title: 'x' } },
      { op: 'add', value: { title: 'x' } },
    ],
    [
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'title' },
    ],
    [
      { op: 'remove', path: 'title', value: null },
      { op: 'remove', path: 'title', value: null },
    ],
  ])('%j', (given, expected) => {
    const [operation] = parsePatch({ Operations: [given] });
    expect(operation).toEqual(expected);
    expect(Object.keys(operation!)).toEqual(Object.keys(expected));
  });

  test.each<[Json[], boolean]>([
    [[{ value: Array.from({ length: 20_000 }, () => 1) }], true],
    [[{ value: Array.from({ length: 19_999 }, () => 1) }, { value: 'x' }], true],
    [[{ value: Array.from({ length: 20_000 }, () => 1) }, { value: 'x' }], false],
    [[{ value: { a: Array.from({ length: 19_998 }, () => 1), b: 1, c: 2 } }], true],
    [[{ value: { a: Array.from({ length: 19_999 }, () => 1), b: 1, c: 2 } }], false],
    [[{ value: { a: Array.from({ length: 10_000 }, () => 1), b: Array.from({ length: 10_001 }, () => 1) } }], false],
  ])('C22: values are counted wherever they stand (%#)', (values, isTaken) => {
    const body = { Operations: values.map((each) => ({ op: 'add', path: 'x', ...(each as JsonObject) })) };
    const parse = () => parsePatch(body);
    if (isTaken) expect(parse()).toHaveLength(values.length);
    else expect(parse).toThrow(expect.objectContaining({ kind: 'tooMany' }));
  });

  test('its URN', () => expect(patchUrn).toBe('urn:ietf:params:scim:api:messages:2.0:PatchOp'));
});
