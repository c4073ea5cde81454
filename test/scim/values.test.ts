// One value at a time (RFC 7643 sections 2.2 to 2.5): what each type takes, what a resource keeps of it, and what a PUT
// makes of values that are there.
import { describe, expect, test } from 'vitest';
import { comparable, compareText, instantOf } from '../../src/scim/comparable.ts';
import { bindElementFilter, bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import {
  readResource,
  refuseImmutable,
  replaceAttributes,
  requireAttributes,
  setValue,
  valueAt,
} from '../../src/scim/read-resource.ts';
import { newNotes, readElement, readValue } from '../../src/scim/read-value.ts';
import { namedValues, readReferences } from '../../src/scim/references.ts';
import { type AttributeEntry, attribute, plural } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import type { ResourceType } from '../../src/scim/schema/resource-type.ts';

const user = registeredTypes.byName('User')!;
const extraUrn = 'urn:example:Extra';
const locked = { mutability: 'immutable' } as const;
const type: ResourceType = {
  ...user,
  schema: {
    id: 'urn:example:Thing',
    name: 'Thing',
    description: '',
    attributes: [
      attribute('title', ''),
      attribute('serial', '', locked),
      attribute('active', '', { type: 'boolean' }),
      attribute('doors', '', { type: 'integer' }),
      attribute('weight', '', { type: 'decimal' }),
      attribute('blob', '', { type: 'binary' }),
      attribute('at', '', { type: 'dateTime' }),
      attribute('spot', '', {
        subAttributes: [
          attribute('x', ''),
          attribute('y', ''),
          attribute('tags', '', { multiValued: true }),
          attribute('seen', '', { mutability: 'readOnly' }),
          attribute('code', '', { returned: 'never' }),
        ],
      }),
      attribute('words', '', { multiValued: true }),
      plural('mails', '', []),
      attribute('boss', '', { storedAs: 'references', subAttributes: [attribute('value', ''), attribute('type', '')] }),
      attribute('derived', '', { inverseOf: 'boss', multiValued: true, subAttributes: [attribute('value', '')] }),
    ],
  },
  extensions: [
    {
      schema: {
        id: extraUrn,
        name: 'Extra',
        description: '',
        attributes: [attribute('level', ''), attribute('fixed', '', locked)],
      },
      required: false,
    },
  ],
  activeAttribute: 'active',
};

const read = (entry: AttributeEntry, value: Json) => readValue(attribute('a', '', entry), value, 'a', newNotes());
const refused = expect.objectContaining({ kind: 'invalidValue', path: 'a' });

test.each<[AttributeEntry, Json[]]>([
  [{ type: 'integer' }, [0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 1e3]],
  [{ type: 'decimal' }, [0, -1.5, 1e300, 5e-324, 2 ** 53]],
  [{ type: 'boolean' }, [true, false]],
  [{ type: 'string' }, ['', ' ', '𝒜', 'x'.repeat(5000)]],
  [{ type: 'reference' }, ['', 'https://x', '../x']],
  [{ type: 'dateTime' }, ['2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.123+14:00']],
  [{ type: 'binary' }, ['', 'YQ==', 'YQ', 'YWI=', 'YWI', 'YWJj', 'YWJjYWJj', '-_+/', 'YWJjYQ==', 'YWJjYWI=']],
  [{ uniqueness: 'server' }, ['x'.repeat(512)]],
  [{ uniqueness: 'none' }, ['x'.repeat(513)]],
])('%j takes %j', (entry, values) => {
  for (const value of values) expect(read(entry, value)).toBe(value);
});

test.each<[AttributeEntry, Json[]]>([
  [{ type: 'integer' }, [1.5, 2 ** 53, -(2 ** 53), Number.POSITIVE_INFINITY, '1', true, [], {}]],
  [{ type: 'decimal' }, [Number.POSITIVE_INFINITY, Number.NaN, '1.5', true, [], {}]],
  [{ type: 'boolean' }, ['true', 0, 1, [], {}, '']],
  [{ type: 'string' }, [0, true, [], {}, '\0', 'a\0b', '\ud800', 'a\udc00']],
  [{ type: 'reference' }, [0, '\0']],
  [{ type: 'dateTime' }, ['', 'x', '2026-02-30', '2026-3-1', '2026-03-01T00:00Z', 5]],
  [
    { type: 'binary' },
    [
      'Y',
      'YWJjY',
      'YQ=',
      'Y===',
      '====',
      'YWJj=',
      'YQ==YQ==',
      'Y Q==',
      'YQ==\n',
      '*',
      'YWI==',
      '?YWJj',
      'YWJj?',
      'Y=',
      'YWJjY*==',
      5,
    ],
  ],
  [{ type: 'complex', subAttributes: [] }, ['x', 1, [], true]],
  [{ uniqueness: 'server' }, ['x'.repeat(513)]],
  [{ uniqueness: 'global' }, ['x'.repeat(513)]],
  [{ multiValued: true }, ['x', {}, 1, true]],
])('%j does not take %j', (entry, values) => {
  for (const value of values) expect(() => read(entry, value), String(value)).toThrow(refused);
});

describe('canonical values that are all there are', () => {
  const size = (entry: AttributeEntry) =>
    ({ closed: true, canonicalValues: ['Small', 'Large'], ...entry }) as AttributeEntry;
  test.each<[AttributeEntry, string, boolean]>([
    [size({}), 'Small', true],
    [size({}), 'LARGE', true],
    [size({}), 'medium', false],
    [size({}), '', false],
    [size({ caseExact: true }), 'Large', true],
    [size({ caseExact: true }), 'large', false],
    [{ closed: true } as AttributeEntry, 'x', false],
    [{ canonicalValues: ['Small'] }, 'x', true],
  ])('%j takes %j: %s', (entry, value, isTaken) => {
    if (isTaken) expect(read(entry, value)).toBe(value);
    else expect(() => read(entry, value)).toThrow(refused);
  });

  test('are named', () => {
    expect(() => read(size({}), 'x')).toThrow('"a" must be one of Small, Large.');
    expect(() => read({ closed: true } as AttributeEntry, 'x')).toThrow('"a" must be one of .');
  });
});

test('what is passed over in each of many values is said once', () => {
  const many = attribute('many', '', { multiValued: true, subAttributes: [attribute('x', '')] });
  const notes = newNotes();
  readValue(
    many,
    Array.from({ length: 50 }, () => ({ x: 'x', a: 1, b: 2 })),
    'many',
    notes,
  );
  expect(notes.ignored).toEqual(['many.a', 'many.b']);
});

test('a number with a unique name is no key', () => {
  expect(read({ type: 'integer', uniqueness: 'server' }, 123456)).toBe(123456);
});

test('externalId is a key wherever it is', () => {
  const externalId = attribute('externalId', '');
  expect(readElement(externalId, 'x'.repeat(512), 'a', newNotes())).toHaveLength(512);
  expect(() => readElement(externalId, 'x'.repeat(513), 'a', newNotes())).toThrow(refused);
});

test.each<[AttributeEntry, Json, Json | undefined]>([
  [{}, null, undefined],
  [{ multiValued: true }, [], undefined],
  [{ multiValued: true }, [null], undefined],
  [{ multiValued: true }, [null, 'a', null], ['a']],
  [{ subAttributes: [attribute('x', '')] }, {}, undefined],
  [{ subAttributes: [attribute('x', '')] }, { x: null, y: 1 }, undefined],
  [{ subAttributes: [attribute('x', '')], multiValued: true }, [{}, { X: 'a' }], [{ x: 'a' }]],
])('%j reads %j as %j', (entry, value, expected) => {
  const got = read(entry, value);
  expect(got).toEqual(expected);
  if (got !== undefined && typeof got === 'object' && !Array.isArray(got))
    expect(Object.keys(got as object)).toEqual(Object.keys(expected as object));
});

test('what was carried, and what was passed over, is noted by its path in the schema’s spelling', () => {
  const { notes, attributes } = readResource(type, {
    TITLE: null,
    spot: { X: 'a', SEEN: 'x', nothing: 1, y: null },
    derived: [],
    password: 'x',
    [extraUrn.toUpperCase()]: { LEVEL: 'l', nothing: 1 },
    'urn:nobody': { x: 1 },
  });
  expect([...notes.carried].sort()).toEqual(
    ['title', 'spot', 'spot.x', 'spot.y', 'derived', `${extraUrn}:level`].sort(),
  );
  expect(notes.ignored.sort()).toEqual(
    ['spot.seen', 'spot.nothing', 'password', `${extraUrn}:nothing`, 'urn:nobody'].sort(),
  );
  expect(Object.keys(attributes)).toEqual(['spot', extraUrn]);
});

test('a URN stands for an extension only at the top', () => {
  const { attributes, notes } = readResource(type, {
    [extraUrn]: { [extraUrn]: { level: 'x' }, 'urn:example:Thing': { title: 'x' } },
  });
  expect(attributes).toEqual({});
  expect(notes.ignored).toEqual([`${extraUrn}:${extraUrn}`, `${extraUrn}:urn:example:Thing`]);
});

test('the URN of the type itself is no extension', () => {
  const { attributes, notes } = readResource(type, { 'urn:example:Thing': { title: 'x' } });
  expect(attributes).toEqual({});
  expect(notes.ignored).toEqual(['urn:example:Thing']);
});

test('an unknown key twice in two cases is no fault', () => {
  expect(readResource(type, { nothing: 1, NOTHING: 2, title: 'x' }).attributes).toEqual({ title: 'x' });
  expect(readResource(type, { nothing: 1, title: 'x', Title2: 2 }).attributes).toEqual({ title: 'x' });
});

test('an extension twice in two cases is one', () => {
  expect(() => readResource(type, { [extraUrn]: {}, [extraUrn.toUpperCase()]: {} })).toThrow(
    expect.objectContaining({ kind: 'invalidSyntax' }),
  );
});

test.each<[JsonObject, boolean]>([
  [{}, false],
  [{ needed: '' }, false],
  [{ needed: '  ' }, false],
  [{ needed: 'x' }, true],
  [{ needed: 0 }, true],
  [{ needed: false }, true],
  [{ needed: [''] }, true],
])('required: %j', (attributes, isEnough) => {
  const needing = { ...type, schema: { ...type.schema, attributes: [attribute('needed', '', { required: true })] } };
  const check = () => requireAttributes(needing, attributes);
  if (isEnough) check();
  else expect(check).toThrow(expect.objectContaining({ path: 'needed' }));
});

describe('a PUT', () => {
  const current: JsonObject = {
    title: 't',
    serial: '7',
    active: false,
    words: ['a'],
    spot: { x: '1', y: '2' },
    mails: [{ value: 'a', type: 'w' }],
    [extraUrn]: { level: 'l', fixed: 'f' },
  };

  test.each<[string, 'none' | 'all', JsonObject, JsonObject]>([
    [
      'immutable values and what ends access stay, the rest is cleared',
      'none',
      {},
      { serial: '7', active: false, [extraUrn]: { fixed: 'f' } },
    ],
    [
      'an immutable value may be sent again',
      'none',
      { serial: '7', active: true },
      { serial: '7', active: true, [extraUrn]: { fixed: 'f' } },
    ],
    [
      'a complex value is replaced as a whole',
      'none',
      { spot: { y: '3' } },
      { serial: '7', active: false, spot: { y: '3' }, [extraUrn]: { fixed: 'f' } },
    ],
    ['all is kept', 'all', {}, current],
    [
      'values in a list are replaced as a whole',
      'all',
      { mails: [{ value: 'b' }] },
      { ...current, mails: [{ value: 'b' }] },
    ],
    ['a part that is not carried stays', 'all', { spot: { x: '9' } }, { ...current, spot: { x: '9', y: '2' } }],
    ['a part carried as null goes', 'all', { spot: { x: null } }, { ...current, spot: { y: '2' } }],
    [
      'all parts carried as null are no value',
      'all',
      { spot: { x: null, y: null } },
      Object.fromEntries(Object.entries(current).filter(([name]) => name !== 'spot')),
    ],
    [
      'a complex value carried as null goes',
      'all',
      { spot: null },
      Object.fromEntries(Object.entries(current).filter(([name]) => name !== 'spot')),
    ],
    [
      'an extension that is not there yet',
      'all',
      { [extraUrn]: { level: 'm' } },
      { ...current, [extraUrn]: { level: 'm', fixed: 'f' } },
    ],
  ])('%s (keep absent: %s)', (_, keep, body, expected) => {
    const before = structuredClone(current);
    const after = replaceAttributes(type, current, readResource(type, body), keep);
    expect(after).toEqual(expected);
    expect(Object.keys(after).sort()).toEqual(Object.keys(expected).sort());
    expect(current).toEqual(before);
  });

  test.each<[JsonObject, string]>([
    [{ serial: '8' }, 'serial'],
    [{ [extraUrn]: { fixed: 'g' } }, `${extraUrn}:fixed`],
    [{ serial: null }, 'serial'],
  ])('C04: %j is refused', (body, path) => {
    for (const keep of ['none', 'all'] as const) {
      expect(() => replaceAttributes(type, current, readResource(type, body), keep)).toThrow(
        expect.objectContaining({ kind: 'mutability', path }),
      );
    }
  });

  test('C04: what was not set may be', () => {
    expect(replaceAttributes(type, { title: 't' }, readResource(type, { serial: '8' }), 'none')).toEqual({
      serial: '8',
    });
  });

  test('rows are not attributes, even where somebody put them there', () => {
    const odd = { boss: { value: 'x' }, derived: [{ value: 'y' }], title: 't' };
    expect(replaceAttributes(type, odd, readResource(type, {}), 'all')).toEqual({ title: 't' });
  });
});

test('places of values', () => {
  const attributes: JsonObject = { title: 't', [extraUrn]: { level: 'l' }, odd: 'text' };
  expect(valueAt(attributes, '', 'title')).toBe('t');
  expect(valueAt(attributes, extraUrn, 'level')).toBe('l');
  for (const [container, name] of [
    ['', 'toString'],
    ['', 'nothing'],
    [extraUrn, 'toString'],
    [extraUrn, 'title'],
    ['urn:nobody', 'level'],
    ['odd', 'length'],
    ['toString', 'name'],
    ['__proto__', 'toString'],
  ]) {
    expect(valueAt(attributes, container!, name!), `${container} ${name}`).toBeUndefined();
  }
  setValue(attributes, extraUrn, 'fixed', 'f');
  expect(attributes[extraUrn]).toEqual({ level: 'l', fixed: 'f' });
  setValue(attributes, extraUrn, 'level', undefined);
  setValue(attributes, extraUrn, 'fixed', undefined);
  expect(Object.hasOwn(attributes, extraUrn)).toBe(false);
  setValue(attributes, extraUrn, 'fixed', undefined);
  expect(Object.hasOwn(attributes, extraUrn)).toBe(false);
  setValue(attributes, '', 'title', undefined);
  expect(attributes).toEqual({ odd: 'text' });
});

test('C04: only a change of an immutable value that is there is refused', () => {
  const [free, fixed] = [attribute('a', ''), attribute('a', '', locked)];
  refuseImmutable(free, 'x', 'y', 'a');
  refuseImmutable(fixed, undefined, 'y', 'a');
  refuseImmutable(fixed, ['x'], ['x'], 'a');
  expect(() => refuseImmutable(fixed, 'x', undefined, 'a')).toThrow(expect.objectContaining({ kind: 'mutability' }));
});

describe('references', () => {
  const one = attribute('boss', '', { subAttributes: [attribute('value', ''), attribute('type', '')] });
  const many = { ...one, multiValued: true };
  test.each<[typeof one, Json, Json]>([
    [one, null, []],
    [one, { type: 'User' }, []],
    [one, { value: '' }, []],
    [one, { value: 'a' }, [{ value: 'a' }]],
    [one, { value: 'a', type: 'User' }, [{ value: 'a', type: 'User' }]],
    [one, { value: 'x'.repeat(512) }, [{ value: 'x'.repeat(512) }]],
    [many, [], []],
    [many, [{ value: 'a' }, { value: 'b', type: 'Group' }], [{ value: 'a' }, { value: 'b', type: 'Group' }]],
    [many, [{ value: 'a', type: 'User' }, { value: 'a' }], [{ value: 'a' }]],
  ])('%#', (given, value, expected) => {
    const values = readReferences(given, value, 'boss');
    expect(values).toEqual(expected);
    expect(values.map((each) => Object.keys(each))).toEqual(
      (expected as JsonObject[]).map((each) => Object.keys(each)),
    );
  });

  test.each<Json>([[{ type: 'User' }], [{ value: '' }], [{ value: 'a' }, { value: '' }], [{ value: 'x'.repeat(513) }]])(
    'of several each must name somebody: %#',
    (value) => {
      expect(() => readReferences(many, value, 'boss')).toThrow(expect.objectContaining({ kind: 'invalidValue' }));
    },
  );

  test.each<[string, string[] | undefined]>([
    ['value eq "a"', ['a']],
    ['value eq "a" or value eq "b"', ['a', 'b']],
    ['value eq "a" or (value eq "b" or value eq "c")', ['a', 'b', 'c']],
    ['type eq "a"', undefined],
    ['value ne "a"', undefined],
    ['value eq null', undefined],
    ['value eq "a" and value eq "b"', undefined],
    ['value eq "a" or type eq "b"', undefined],
    ['type eq "a" or value eq "b"', undefined],
    ['not (value eq "a")', undefined],
    ['value pr', undefined],
  ])('%s names %j', (text, values) => {
    expect(namedValues(bindElementFilter(many, parseFilter(text)))).toEqual(values);
  });
});

describe('filters on corners of a resource', () => {
  const resource: JsonObject = {
    title: '',
    doors: 5,
    weight: 1.5,
    active: false,
    blob: 'YWJj',
    at: '2026-03-01',
    spot: { x: '', tags: ['', 'b'] },
    words: ['a', ''],
    mails: [{ value: '' }, { value: 'b', primary: false }],
  };
  test.each<[string, boolean]>([
    ['title pr', false],
    ['title eq ""', true],
    ['title eq null', true],
    ['title ne null', false],
    ['serial pr', false],
    ['serial ne "x"', true],
    ['spot pr', true],
    ['spot.x pr', false],
    ['spot.tags pr', true],
    ['spot.y pr', false],
    ['spot[tags eq "b"]', true],
    ['spot[tags pr]', true],
    ['spot[x pr or y pr]', false],
    ['words pr', true],
    ['words eq "A"', true],
    ['words eq null', false],
    ['mails.value eq null', false],
    ['mails[value eq null]', true],
    ['mails[value ne null]', true],
    ['mails[not (value pr)]', true],
    ['mails[primary pr]', true],
    ['mails[type pr]', false],
    ['mails.primary pr', true],
    ['active pr', true],
    ['active eq false', true],
    ['active ne true', true],
    ['doors pr', true],
    ['doors gt 4 and doors lt 6', true],
    ['doors gt 5', false],
    ['doors ge 5', true],
    ['doors lt 5', false],
    ['doors le 5', true],
    ['doors ge 6', false],
    ['doors le 4', false],
    ['doors eq 5', true],
    ['doors ne 5', false],
    ['weight gt 1.4', true],
    ['weight lt 1.6 and weight gt -2', true],
    ['blob eq "ywjj"', false],
    ['blob sw "YW" and blob ew "Jj" and blob co "WJ"', true],
    ['at ge "2026-03-01T00:00:00Z" and at le "2026-03-01T00:00:00Z"', true],
    ['at gt "2026-03-01T00:00:00Z"', false],
    ['at lt "2026-03-01T00:00:00.001Z"', true],
    [`${extraUrn}:level pr`, false],
    ['title pr or doors pr', true],
    ['title pr or serial pr', false],
  ])('%s is %s', (text, expected) => {
    expect(matches(bindFilter(type, parseFilter(text)), resource)).toBe(expected);
  });

  test.each([
    'spot.code pr',
    'spot.code eq "x"',
    'spot[code eq "x"]',
    'spot[code pr or x pr]',
    'words[value eq "x"]',
    'boss.value[value eq "x"]',
  ])('C17: %s is refused', (text) => {
    expect(() => bindFilter(type, parseFilter(text))).toThrow(expect.objectContaining({ kind: 'invalidFilter' }));
  });

  test('a bound filter says what it looks at', () => {
    const bound = bindFilter(
      type,
      parseFilter('mails pr and not (mails.type pr) or mails[value pr and (type eq "x" or not (primary eq true))]'),
    );
    expect(bound).toMatchObject({
      op: 'or',
      terms: [
        {
          op: 'and',
          terms: [
            { op: 'pr', path: { leaf: { name: 'mails' } } },
            { op: 'not', term: { op: 'pr', path: { leaf: { name: 'type' } } } },
          ],
        },
        {
          op: 'has',
          path: { attribute: { name: 'mails' } },
          filter: {
            op: 'and',
            terms: [
              { op: 'pr', leaf: { name: 'value' } },
              {
                op: 'or',
                terms: [
                  { op: 'eq', leaf: { name: 'type' }, value: 'x' },
                  { op: 'not', term: { op: 'eq', leaf: { name: 'primary' } } },
                ],
              },
            ],
          },
        },
      ],
    });
  });

  test('a value filter inside a bound value filter is refused too', () => {
    const inner = { op: 'has', path: 'x', filter: { op: 'pr', path: 'y' } } as const;
    expect(() => bindElementFilter(type.schema.attributes[7]!, inner)).toThrow(
      'A value filter in brackets cannot hold another one.',
    );
  });
});

describe('the form in which values are compared', () => {
  const of = (entry: AttributeEntry, value: Json) => comparable(attribute('a', '', entry), value);
  test.each<[AttributeEntry, Json, Json]>([
    [{}, ' Ab ', ' ab '],
    [{ caseExact: true }, ' Ab ', ' Ab '],
    [{ type: 'binary' }, 'Ab', 'Ab'],
    [{ type: 'reference' }, 'Ab', 'ab'],
    [{ uniqueness: 'server' }, ' Ab ', 'ab'],
    [{ uniqueness: 'global', caseExact: true }, ' Ab ', 'Ab'],
    [{ type: 'dateTime' }, '2026-03-01', '2026-03-01T00:00:00.000Z'],
    [{ type: 'dateTime' }, '2026-03-01T02:00:00+02:00', '2026-03-01T00:00:00.000Z'],
    [{ type: 'dateTime' }, 'Soon', 'Soon'],
    [{ type: 'boolean' }, true, true],
    [{ type: 'integer' }, 5, 5],
    [{}, null, null],
    [{}, { X: 'Y' }, { X: 'Y' }],
  ])('%j %j', (entry, value, expected) => expect(of(entry, value)).toEqual(expected));

  test.each<[string, number | undefined]>([
    ['2026-03-01T00:00:00', Date.UTC(2026, 2, 1)],
    ['2026-03-01T12:34:56.7Z', Date.UTC(2026, 2, 1, 12, 34, 56, 700)],
    ['2026-03-01T12:34:56.78Z', Date.UTC(2026, 2, 1, 12, 34, 56, 780)],
    ['2026-03-01T12:34:56.7899999Z', Date.UTC(2026, 2, 1, 12, 34, 56, 789)],
    ['2026-03-01T12:34:56-11:30', Date.UTC(2026, 2, 2, 0, 4, 56)],
    ['x2026-03-01', undefined],
    ['2026-03-01x', undefined],
    ['2026-03-01Z', undefined],
    ['2026-03-01T12:34:56z', undefined],
    ['2026-03-01T12:34:56.Z', undefined],
    ['2026-03-01T12:34:56+2:00', undefined],
    ['2026-00-01', undefined],
    ['2026-04-31', undefined],
    ['2026-04-31T00:00:00Z', undefined],
    ['2026-03-01T12:60:00Z', undefined],
  ])('%s is %s', (text, instant) => expect(instantOf(text)).toBe(instant));

  test.each([
    ['a', 'a', 0],
    ['', '', 0],
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'ab', -1],
    ['ab', 'a', 1],
    ['', 'a', -1],
    ['\ud7ff', '\ud800\udc00', -1],
    ['\ud800\udc00', '\ud7ff', 1],
    ['\ue000', '\ud800\udc00', -1],
    ['\ud800\udc00', '\ue000', 1],
    ['\udbff\udfff', '\uffff', 1],
    ['\uffff', '\udbff\udfff', -1],
    ['\ud800\udc00', '\ud800\udc01', -1],
    ['\ud800\udfff', '\ud801\udc00', -1],
  ])('%j and %j', (left, right, sign) => {
    expect(Math.sign(compareText(left, right))).toBe(sign);
    expect(Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)))).toBe(sign);
  });
});
