// The filter grammar (RFC 7644 section 3.4.2.2): what is read, what is refused, and that limits cost nothing (C19).
import { describe, expect, test } from 'vitest';
import { ScimError } from '../../src/scim/errors.ts';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { parseFilter, parseValuePath } from '../../src/scim/filter/parse.ts';
import { nothing } from '../../src/scim/filter/tree.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';

const user = registeredTypes.byName('User')!;

test.each([
  ['userName eq "bjensen"', { op: 'eq', path: 'userName', value: 'bjensen' }],
  ['USERNAME EQ "b"', { op: 'eq', path: 'USERNAME', value: 'b' }],
  ['title pr', { op: 'pr', path: 'title' }],
  ['active eq true', { op: 'eq', path: 'active', value: true }],
  ['a eq null', { op: 'eq', path: 'a', value: null }],
  ['a gt -1.5e2', { op: 'gt', path: 'a', value: -150 }],
  ['a eq "say \\"hi\\" \\u00e9"', { op: 'eq', path: 'a', value: 'say "hi" é' }],
  ['not eq "a"', { op: 'eq', path: 'not', value: 'a' }],
  [
    'a pr or b pr and c pr',
    {
      op: 'or',
      terms: [
        { op: 'pr', path: 'a' },
        {
          op: 'and',
          terms: [
            { op: 'pr', path: 'b' },
            { op: 'pr', path: 'c' },
          ],
        },
      ],
    },
  ],
  [
    '(a pr or b pr) and not (c pr)',
    {
      op: 'and',
      terms: [
        {
          op: 'or',
          terms: [
            { op: 'pr', path: 'a' },
            { op: 'pr', path: 'b' },
          ],
        },
        { op: 'not', term: { op: 'pr', path: 'c' } },
      ],
    },
  ],
  [
    'emails[type eq "work" and value co "@example.com"]',
    {
      op: 'has',
      path: 'emails',
      filter: {
        op: 'and',
        terms: [
          { op: 'eq', path: 'type', value: 'work' },
          { op: 'co', path: 'value', value: '@example.com' },
        ],
      },
    },
  ],
  [
    'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw "J"',
    { op: 'sw', path: 'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName', value: 'J' },
  ],
])('%s', (text, expected) => {
  expect(parseFilter(text)).toEqual(expected);
});

describe('refused with invalidFilter', () => {
  test.each([
    '',
    'userName',
    'userName eq',
    'userName eq bjensen',
    'userName like "x"',
    'userName eq "x" and',
    'userName eq "x" or or title pr',
    '(userName eq "x"',
    'userName eq "x")',
    'userName eq "x',
    'userName eq "x" "y"',
    'emails[type eq "work"',
    'emails[type eq "work"]]',
    'emails[emails[value pr]]',
    '"userName" eq "x"',
    'not userName eq "x"',
    'a..b pr',
    '1a pr',
    'userName eq "\\ud800"',
    'userName eq "\\u0000"',
    'userName eq 01',
  ])('%j', (text) => {
    expect(() => parseFilter(text)).toThrow(expect.objectContaining({ kind: 'invalidFilter' }));
  });

  test.each([
    ['shoeSize eq "42"', 'shoeSize'],
    ['active eq "true"', 'boolean'],
    ['active gt true', 'no order'],
    ['userName eq 5', 'string'],
    ['userName gt null', 'null'],
    ['meta.created gt "yesterday"', 'date'],
    ['meta.created co "2026"', 'co'],
    ['name eq "x"', 'sub-attributes'],
    ['title[value eq "x"]', 'brackets'],
    ['emails[colour eq "x"]', 'colour'],
    ['password pr', 'password'],
    ['x509Certificates.value gt "a"', 'no order'],
  ])('%s', (text, words) => {
    let thrown: unknown;
    try {
      bindFilter(user, parseFilter(text));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ScimError);
    expect(thrown).toMatchObject({ kind: 'invalidFilter', message: expect.stringContaining(words) });
  });
});

test.each([
  ['longer than 8 KiB', `userName eq "${'x'.repeat(8192)}"`],
  ['20,000 parentheses', `${'('.repeat(20_000)}title pr${')'.repeat(20_000)}`],
  ['33 levels', `${'('.repeat(33)}title pr${')'.repeat(33)}`],
  ['65 comparisons', Array.from({ length: 65 }, () => 'title pr').join(' and ')],
  ['65 comparisons in brackets', `emails[${Array.from({ length: 65 }, () => 'value pr').join(' or ')}]`],
])('C19: %s is refused', (_, text) => {
  expect(() => parseFilter(text)).toThrow(expect.objectContaining({ kind: 'invalidFilter' }));
});

test('C19: at the limits a filter is read, and grows by nothing but its own length', () => {
  const deep = parseFilter(`${'('.repeat(31)}title pr${')'.repeat(31)}`);
  expect(deep).toEqual({ op: 'pr', path: 'title' });
  const product = Array.from({ length: 20 }, (_, index) => `(a${index} pr or b${index} pr)`).join(' and ');
  expect(JSON.stringify(parseFilter(product)).length).toBeLessThan(product.length * 4);
});

test.each([
  ['members', { path: 'members' }],
  ['members[value eq "2"]', { path: 'members', filter: { op: 'eq', path: 'value', value: '2' } }],
  ['emails[type eq "a]b"].value', { path: 'emails', filter: { op: 'eq', path: 'type', value: 'a]b' }, sub: 'value' }],
])('the path %s', (text, expected) => {
  expect(parseValuePath(text)).toEqual(expected);
});

test.each(['emails[value eq "x"', 'emails[value eq "x"]x', 'emails[].value', 'emails[value eq "x"].a.b'])(
  'the path %s is refused',
  (text) => {
    expect(() => parseValuePath(text)).toThrow(ScimError);
  },
);

const resource: JsonObject = {
  id: '1',
  userName: 'Bjensen',
  externalId: 'Ext',
  active: true,
  name: { familyName: 'O’Malley' },
  emails: [
    { value: 'b@example.com', type: 'work', primary: true },
    { value: 'b@home.example', type: 'home' },
  ],
  meta: { lastModified: '2011-05-13T04:42:34Z', created: '2011-05-13T06:42:34+02:00' },
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { employeeNumber: '701984' },
};

test.each([
  ['userName eq "bjensen"', true],
  ['externalId eq "ext"', false],
  ['externalId eq "Ext"', true],
  ['name.familyName co "o’malley"', true],
  ['userName sw "BJ" and userName ew "SEN"', true],
  ['title pr', false],
  ['title eq null', true],
  ['title ne "x"', true],
  ['emails co "HOME.example"', true],
  ['emails.type eq "WORK"', true],
  ['emails[type eq "work" and value co "home"]', false],
  ['emails[not (type eq "work")]', true],
  ['emails[primary eq null]', true],
  ['emails.primary eq false', false],
  ['meta.created eq "2011-05-13T04:42:34.000Z"', true],
  ['meta.lastModified gt "2011-05-13T04:42:33Z"', true],
  ['meta.lastModified ge "2011-05-13T04:42:34Z" and meta.lastModified le "2011-05-13T05:42:34+01:00"', true],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq "701984"', true],
  ['URN:IETF:params:scim:schemas:core:2.0:User:userName eq "bjensen"', true],
  ['not (active eq true)', false],
  ['userName gt "bj" and userName lt "bk"', true],
  ['name pr and emails pr and photos pr', false],
])('%s is %s', (text, expected) => {
  expect(matches(bindFilter(user, parseFilter(text)), resource)).toBe(expected);
});

describe('asked of several types at once, what one of them does not have is without a value there (section 3.4.2.1)', () => {
  const group = registeredTypes.byName('Group')!;
  const ofGroup = (text: string) => bindFilter(group, parseFilter(text), [user, group]);
  const field = { displayName: 'Field' };

  test.each([
    ['userName eq "Field"', false],
    ['userName eq null', true],
    ['userName ne "Field"', true],
    ['userName ne null', false],
    ['userName sw "F"', false],
    ['userName pr', false],
    ['not (userName pr)', true],
    ['emails[value pr]', false],
    ['not (emails[value pr])', true],
    ['userName pr or displayName eq "field"', true],
    ['userName pr or displayName eq "other"', false],
    ['userName ne "x" and displayName eq "field"', true],
    ['displayName eq "field" and userName pr', false],
  ])('%s: %s', (text, expected) => {
    expect(matches(ofGroup(text), field)).toBe(expected);
  });

  test.each([
    'userName pr',
    'userName pr and displayName pr',
    'userName pr or emails pr',
    'emails[value pr] and id pr',
  ])('%s is true of no group whatever', (text) => {
    expect(ofGroup(text)).toBe(nothing);
  });

  test.each([
    ['userName pr or displayName pr', 'displayName pr'],
    ['displayName pr or userName pr or id pr', 'displayName pr or id pr'],
    ['displayName pr and id pr', 'displayName pr and id pr'],
    ['not (userName pr or displayName pr)', 'not (displayName pr)'],
  ])('%s is %s', (text, same) => {
    expect(ofGroup(text)).toEqual(bindFilter(group, parseFilter(same)));
  });

  test.each(['nobodyHas pr', 'password pr', 'displayName pr or userName.nothing pr'])('%s is refused', (text) => {
    expect(() => ofGroup(text)).toThrow('is not an attribute of Group that can be filtered on.');
  });
});
