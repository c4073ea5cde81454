// What an administrator at the other end reads (RFC 7644 section 3.12 `detail`): every refusal of the pure engine, word for
// word, with its kind and the place it names.
import { expect, test } from 'vitest';
import { ScimError } from '../../src/scim/errors.ts';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { parseFilter, parseValuePath } from '../../src/scim/filter/parse.ts';
import type { Json } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import { parsePatch } from '../../src/scim/patch/parse.ts';
import { readResource, requireAttributes } from '../../src/scim/read-resource.ts';
import { attribute, plural } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import type { ResourceType } from '../../src/scim/schema/resource-type.ts';

const user = registeredTypes.byName('User')!;
const group = registeredTypes.byName('Group')!;
const long = 'x'.repeat(300);
const type: ResourceType = {
  ...user,
  name: 'Thing',
  schema: {
    id: 'urn:example:Thing',
    name: 'Thing',
    description: '',
    attributes: [
      attribute('title', ''),
      attribute('serial', '', { mutability: 'immutable' }),
      attribute('needed', '', { required: true }),
      attribute('doors', '', { type: 'integer' }),
      attribute('weight', '', { type: 'decimal' }),
      attribute('on', '', { type: 'boolean' }),
      attribute('at', '', { type: 'dateTime' }),
      attribute('blob', '', { type: 'binary' }),
      attribute('number', '', { uniqueness: 'server' }),
      attribute('spot', '', {
        subAttributes: [attribute('x', ''), attribute('fixed', '', { mutability: 'immutable' })],
      }),
      attribute('tags', '', { multiValued: true, required: true }),
      plural('mails', '', []),
      attribute('marks', '', {
        multiValued: true,
        subAttributes: [attribute('value', '', { mutability: 'immutable' })],
      }),
      attribute('code', '', { returned: 'never' }),
    ],
  },
  extensions: [],
};

function refusal(work: () => unknown): Pick<ScimError, 'kind' | 'message' | 'path'> {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return { kind: error.kind, message: error.message, path: error.path };
    throw error;
  }
  throw new Error('not refused');
}

test.each([
  [`a eq "${'x'.repeat(8192)}"`, 'The filter is longer than 8192 characters.'],
  ['title pr title pr', 'The filter has something after its end, at position 10.'],
  ['title eq "x', 'The string that starts at position 10 of the filter is not closed.'],
  ['title eq "\\ud800"', 'The filter compares with a string that is not valid Unicode text.'],
  [`${'('.repeat(40)}`, 'The filter is nested deeper than 32 levels.'],
  ['', 'The filter ends where it needs an attribute.'],
  ['title pr and )', 'The filter needs an attribute at position 14.'],
  ['"title" pr', 'The filter needs an attribute at position 1.'],
  [`${long} ${long}`, `"${'x'.repeat(100)}" is not a filter operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr.`],
  [`1${long} pr`, `"1${'x'.repeat(99)}" in the filter is not an attribute path.`],
  ['title', 'The filter ends where it needs an operator.'],
  ['title "x"', 'The filter needs an operator at position 7.'],
  ['title like "x"', '"like" is not a filter operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr.'],
  ['title eq', 'The filter ends where it needs a value.'],
  ['title eq (', 'The filter needs a value at position 10.'],
  [`title eq ${long}`, `The value ${'x'.repeat(100)} in the filter must be in double quotes.`],
  ['(title pr', 'The filter ends where it needs ")".'],
  ['(title pr]', 'The filter needs ")" at position 10.'],
  ['mails[value pr', 'The filter ends where it needs "]".'],
  ['mails[mails[value pr]]', 'A value filter in brackets cannot hold another one.'],
  [Array.from({ length: 65 }, () => 'a pr').join(' or '), 'The filter has more than 64 comparisons.'],
])('the filter %s', (text, message) => {
  expect(refusal(() => parseFilter(text))).toEqual({ kind: 'invalidFilter', message, path: undefined });
});

test.each([
  ['nothing pr', '"nothing" is not an attribute of Thing that can be filtered on.'],
  ['code pr', '"code" is not an attribute of Thing that can be filtered on.'],
  ['title[value pr]', '"title" has no values to select in brackets.'],
  ['mails.value[value pr]', '"mails.value" has no values to select in brackets.'],
  ['spot eq "x"', '"spot" must be compared by one of its sub-attributes.'],
  ['mails[color eq "x"]', '"color" is not a sub-attribute of mails.'],
  ['title gt null', '"title" can only be compared with null by eq and ne.'],
  ['title eq 5', '"title" is a string and cannot be compared with 5.'],
  ['title eq true', '"title" is a string and cannot be compared with true.'],
  ['doors eq "5"', '"doors" is a integer and cannot be compared with "5".'],
  ['weight eq false', '"weight" is a decimal and cannot be compared with false.'],
  ['on eq "true"', '"on" is a boolean and cannot be compared with "true".'],
  ['on eq 1', '"on" is a boolean and cannot be compared with 1.'],
  ['doors co 5', '"doors" is a integer and cannot be compared by co.'],
  ['doors sw 5', '"doors" is a integer and cannot be compared by sw.'],
  ['on ew true', '"on" is a boolean and cannot be compared by ew.'],
  ['at co "2026"', '"at" is a dateTime and cannot be compared by co.'],
  ['at sw "2026-01-01"', '"at" is a dateTime and cannot be compared by sw.'],
  ...['gt', 'ge', 'lt', 'le'].flatMap((op) => [
    [`on ${op} true`, '"on" is a boolean and has no order.'],
    [`blob ${op} "YQ=="`, '"blob" is a binary and has no order.'],
    [`title ${op} null`, '"title" can only be compared with null by eq and ne.'],
  ]),
  ['at gt "soon"', '"soon" is not a date such as 2026-11-25T14:02:00Z.'],
  ['mails[value gt null]', '"value" can only be compared with null by eq and ne.'],
  ['mails[primary eq "x"]', '"primary" is a boolean and cannot be compared with "x".'],
] as [string, string][])('the filter %s, bound', (text, message) => {
  expect(refusal(() => bindFilter(type, parseFilter(text)))).toEqual({
    kind: 'invalidFilter',
    message,
    path: undefined,
  });
});

test.each([
  ['mails[value pr', 'invalidPath', 'The path "mails[value pr" is not well formed.', 'mails[value pr'],
  ['mails]value pr[', 'invalidPath', 'The path "mails]value pr[" is not well formed.', 'mails]value pr['],
  ['mails[value pr]x', 'invalidPath', 'The path "mails[value pr]x" is not well formed.', 'mails[value pr]x'],
  [
    `mails[${long}`,
    'invalidPath',
    `The path "mails[${'x'.repeat(194)}" is not well formed.`,
    `mails[${'x'.repeat(194)}`,
  ],
  [`mails[value eq "${'x'.repeat(8192)}"]`, 'invalidFilter', 'The path is longer than 8192 characters.', undefined],
  ['mails[value pr)]', 'invalidFilter', 'The filter inside the path has something after its end.', undefined],
  ['mails[mails[value pr]]', 'invalidFilter', 'A value filter in brackets cannot hold another one.', undefined],
])('the path %s', (text, kind, message, path) => {
  expect(refusal(() => parseValuePath(text))).toEqual({ kind, message, path });
});

test.each<[Json, string, string, string | undefined]>([
  [[], 'invalidSyntax', 'The request body must be a JSON object.', undefined],
  [null, 'invalidSyntax', 'The request body must be a JSON object.', undefined],
  [{ title: 'a', TITLE: 'b' }, 'invalidSyntax', '"title" stands twice in the request.', 'title'],
  [{ spot: { x: 'a', X: 'b' } }, 'invalidSyntax', '"spot.x" stands twice in the request.', 'spot.x'],
  [{ mails: 'x' }, 'invalidValue', '"mails" must be an array, because the attribute is multi-valued.', 'mails'],
  [{ number: 'x'.repeat(513) }, 'invalidValue', '"number" must not be longer than 512 characters.', 'number'],
  [{ spot: 'x' }, 'invalidValue', '"spot" must be an object with sub-attributes.', 'spot'],
  [{ spot: ['x'] }, 'invalidValue', '"spot" must be an object with sub-attributes.', 'spot'],
  [{ on: 'yes' }, 'invalidValue', '"on" must be true or false, not "yes".', 'on'],
  [{ on: [] }, 'invalidValue', '"on" must be true or false, not an array.', 'on'],
  [{ on: { x: 1 } }, 'invalidValue', '"on" must be true or false, not an object.', 'on'],
  [{ on: long }, 'invalidValue', `"on" must be true or false, not "${'x'.repeat(59)}.`, 'on'],
  [{ doors: 1.5 }, 'invalidValue', '"doors" must be an integer.', 'doors'],
  [{ weight: '1.5' }, 'invalidValue', '"weight" must be a number.', 'weight'],
  [{ title: 5 }, 'invalidValue', '"title" must be a string, not 5.', 'title'],
  [{ title: '\0' }, 'invalidValue', '"title" is not valid Unicode text.', 'title'],
  [{ at: 'soon' }, 'invalidValue', '"at" must be a date such as 2026-11-25 or 2026-11-25T14:02:00Z.', 'at'],
  [{ blob: '?' }, 'invalidValue', '"blob" must be base64.', 'blob'],
  [
    {
      mails: [
        { primary: true, value: 'a' },
        { primary: true, value: 'b' },
      ],
    },
    'invalidValue',
    '"mails" has more than one value marked as primary.',
    'mails',
  ],
])('the body %j', (body, kind, message, path) => {
  expect(refusal(() => readResource(type, body))).toEqual({ kind, message, path });
});

test.each<[ResourceType, Json, string, string]>([
  [group, { members: [{ type: 'User' }] }, '"members" needs a "value" in each of its values.', 'members'],
  [group, { members: [{ value: '' }] }, '"members" needs a "value" in each of its values.', 'members'],
  [group, { members: [{ value: 'x'.repeat(513) }] }, '"members" holds a value longer than 512 characters.', 'members'],
  [
    user,
    { [user.extensions[0]!.schema.id]: 'x' },
    `"${user.extensions[0]!.schema.id}" must be an object.`,
    user.extensions[0]!.schema.id,
  ],
])('the body of %# with references or extensions', (of, body, message, path) => {
  expect(refusal(() => readResource(of, body))).toEqual({ kind: 'invalidValue', message, path });
});

test('a required attribute that is missing', () => {
  expect(refusal(() => requireAttributes(type, { tags: ['x'] }))).toEqual({
    kind: 'invalidValue',
    message: '"needed" is required and must not be empty.',
    path: 'needed',
  });
});

const operations = (count: number, value: Json) =>
  Array.from({ length: count }, () => ({ op: 'add', path: 'title', value }));

test.each<[Json, string, string, string | undefined]>([
  [null, 'invalidSyntax', 'A PATCH needs "Operations", an array with at least one operation.', undefined],
  [{ Operations: {} }, 'invalidSyntax', 'A PATCH needs "Operations", an array with at least one operation.', undefined],
  [
    { Operations: operations(1001, 'x') },
    'tooMany',
    'A PATCH may have at most 1000 operations; this one has 1001.',
    undefined,
  ],
  [
    {
      Operations: operations(
        2,
        Array.from({ length: 10_001 }, () => 'x'),
      ),
    },
    'tooMany',
    'A PATCH may carry at most 20000 values; this one has 20002.',
    undefined,
  ],
  [
    { Operations: [{ op: 'add', value: 1 }, 'x'] },
    'invalidSyntax',
    'Operations[1] must be an object.',
    'Operations[1]',
  ],
  [
    { Operations: [{}] },
    'invalidSyntax',
    'Operations[0] has the op null; it must be add, replace or remove.',
    'Operations[0]',
  ],
  [
    { Operations: [{ op: long }] },
    'invalidSyntax',
    `Operations[0] has the op "${'x'.repeat(59)}; it must be add, replace or remove.`,
    'Operations[0]',
  ],
  [
    { Operations: [{ op: 'remove', path: 5 }] },
    'invalidPath',
    'The path of Operations[0] must be a string that is not empty.',
    'Operations[0]',
  ],
  [
    { Operations: [{ op: 'remove', path: ' ' }] },
    'invalidPath',
    'The path of Operations[0] must be a string that is not empty.',
    'Operations[0]',
  ],
  [{ Operations: [{ op: 'add', path: 'x' }] }, 'invalidValue', 'Operations[0] needs a value.', 'Operations[0]'],
])('the PATCH of %#', (body, kind, message, path) => {
  expect(refusal(() => parsePatch(body))).toEqual({ kind, message, path });
});

const there = {
  needed: 'n',
  serial: '7',
  tags: ['a'],
  spot: { x: '1', fixed: 'f' },
  mails: [{ value: 'a' }],
  marks: [{ value: 'm' }],
};

test.each<[string, string | undefined, Json | undefined, string, string, string | undefined]>([
  ['remove', undefined, undefined, 'noTarget', 'A remove operation needs a path.', undefined],
  ['add', undefined, 'x', 'invalidValue', 'An operation without a path needs an object as its value.', undefined],
  ['add', 'nothing', 'x', 'invalidPath', '"nothing" is not an attribute of Thing.', 'nothing'],
  ['add', long, 'x', 'invalidPath', `"${long.slice(0, 200)}" is not an attribute of Thing.`, long.slice(0, 200)],
  ['add', 'title[value eq "x"]', 'x', 'invalidPath', '"title" has no values to select in brackets.', 'title'],
  [
    'add',
    'mails.value[value eq "x"]',
    'x',
    'invalidPath',
    '"mails.value" has no values to select in brackets.',
    'mails.value',
  ],
  [
    'add',
    'mails[value eq "a"].color',
    'x',
    'invalidPath',
    '"mails.color" is not an attribute of Thing.',
    'mails.color',
  ],
  [
    'remove',
    'urn:example:Thing',
    undefined,
    'noTarget',
    'The attributes of the core schema cannot be removed all at once.',
    undefined,
  ],
  ['replace', 'id', 'y', 'mutability', '"id" is read only.', 'id'],
  ['replace', 'meta.created', 'x', 'mutability', '"meta.created" is read only.', 'meta.created'],
  ['remove', 'needed', undefined, 'mutability', '"needed" is required and cannot be removed.', 'needed'],
  ['remove', 'needed', 'x', 'mutability', '"needed" is required and cannot be removed.', 'needed'],
  ['remove', 'tags', undefined, 'mutability', '"tags" is required and cannot be removed.', 'tags'],
  ['remove', 'tags', ['a'], 'mutability', '"tags" is required and cannot be removed.', 'tags'],
  ['replace', 'serial', '8', 'mutability', '"serial" cannot be changed once it has a value.', 'serial'],
  [
    'replace',
    'marks[value eq "m"].value',
    'n',
    'mutability',
    '"value" cannot be changed once it has a value.',
    'value',
  ],
  ['replace', 'spot.fixed', 'g', 'mutability', '"spot.fixed" cannot be changed once it has a value.', 'spot.fixed'],
  ['replace', 'spot[x eq "2"].x', '3', 'noTarget', 'No value of "spot" matches the filter of the path.', 'spot.x'],
  [
    'replace',
    'mails[value eq "b"].type',
    'w',
    'noTarget',
    'No value of "mails" matches the filter of the path.',
    'mails.type',
  ],
])('PATCH %s %s %j', (op, path, value, kind, message, at) => {
  const operation = { op, ...(path === undefined ? {} : { path }), ...(value === undefined ? {} : { value }) };
  const apply = () =>
    applyPatch(type, { id: 'x', attributes: there }, parsePatch({ Operations: [operation] }), {
      absentValuePath: 'refuse',
    });
  expect(refusal(apply)).toEqual({ kind, message, path: at });
});

test.each<[string, string, Json | undefined, string, string]>([
  [
    'replace',
    'members[value eq "a"].type',
    'x',
    'The values of "members" are added and removed, not edited.',
    'members.type',
  ],
  [
    'add',
    'members[value eq "a"]',
    { value: 'b' },
    'The values of "members" are added and removed, not edited.',
    'members',
  ],
  [
    'remove',
    'members[value eq "a"].type',
    undefined,
    'The values of "members" are added and removed, not edited.',
    'members.type',
  ],
  ['replace', 'members.value', 'x', 'The values of "members" are added and removed, not edited.', 'members.value'],
])('PATCH of members: %s %s %j', (op, path, value, message, at) => {
  const operation = { op, path, ...(value === undefined ? {} : { value }) };
  const apply = () =>
    applyPatch(group, { id: 'x', attributes: { displayName: 'g' } }, parsePatch({ Operations: [operation] }), {
      absentValuePath: 'refuse',
    });
  expect(refusal(apply)).toEqual({ kind: 'mutability', message, path: at });
});

test.each<[string, Json, string, string]>([
  ['mails[value eq "b"]', 'x', 'invalidValue', '"mails" must be an object with sub-attributes.'],
  ['mails[not (value eq "a")]', {}, 'noTarget', 'The operation gives "mails" no value.'],
  [
    'mails[value sw "b"].type',
    'w',
    'noTarget',
    'No value of "mails" matches the filter of the path, nor would one that the operation could make.',
  ],
])('a value that PATCH would make: %s %j', (path, value, kind, message) => {
  const apply = () =>
    applyPatch(type, { id: 'x', attributes: there }, parsePatch({ Operations: [{ op: 'add', path, value }] }), {
      absentValuePath: 'create',
    });
  expect(refusal(apply)).toEqual({ kind, message, path: path.replace(/\[.*\]/, '') });
});
