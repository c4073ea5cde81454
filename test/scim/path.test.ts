// Attribute paths (RFC 7644 section 3.10, figures 1 and 7): what resolves to what, and how it is spelled back.
import { describe, expect, test } from 'vitest';
import { parseValuePath } from '../../src/scim/filter/parse.ts';
import { formatPath, placed, resolvePath, unknownPath } from '../../src/scim/path.ts';
import { attribute } from '../../src/scim/schema/attribute.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import type { ResourceType } from '../../src/scim/schema/resource-type.ts';

const user = registeredTypes.byName('User')!;
const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

test.each([
  ['userName', 'userName'],
  ['USERNAME', 'userName'],
  ['name.GIVENNAME', 'name.givenName'],
  [`${core}:userName`, 'userName'],
  [`${core.toUpperCase()}:name.familyName`, 'name.familyName'],
  [`${enterprise}:manager.value`, `${enterprise}:manager.value`],
  [`${enterprise.toUpperCase()}:DEPARTMENT`, `${enterprise}:department`],
  [enterprise, enterprise],
  [`${enterprise}:`, enterprise],
  [core, core],
  ['meta.lastModified', 'meta.lastModified'],
  ['emails.value', 'emails.value'],
])('%s is %s', (text, spelled) => {
  expect(formatPath(resolvePath(user, text)!)).toBe(spelled);
});

test.each([
  '',
  '.',
  '.userName',
  'userName.',
  'name.',
  'name.givenName.x',
  'name.nothing',
  'userName.value',
  'nothing',
  ' userName',
  'department',
  `${enterprise}:userName`,
  `${enterprise}department`,
  `${enterprise}x:department`,
  'urn:nobody:User:userName',
  'urn:',
  `x${enterprise}:department`,
  `userName urn:${core}`,
  'Stryker was here!',
])('%j is nothing', (text) => {
  expect(resolvePath(user, text)).toBeUndefined();
});

describe('one URN in front of another', () => {
  const schema = (id: string) => ({
    id,
    name: id,
    description: '',
    attributes: [attribute('a', ''), attribute('b', '')],
  });
  const [short, long] = ['urn:x:Y', 'urn:x:Y:a'];
  const types = [
    [short, long],
    [long, short],
  ].map((ids): ResourceType => ({ ...user, extensions: ids.map((id) => ({ schema: schema(id), required: false })) }));

  test.each(types)('the longest one is meant, whatever the order', (type) => {
    expect(formatPath(resolvePath(type, 'urn:x:Y:a:b')!)).toBe('urn:x:Y:a:b');
    expect(resolvePath(type, 'urn:x:Y:a:b')!.container.key).toBe(long);
    expect(resolvePath(type, 'urn:x:Y:b')!.container.key).toBe(short);
    expect(resolvePath(type, 'urn:x:Y:a')).toMatchObject({ container: { key: long } });
    expect(resolvePath(type, 'urn:x:Y:a')!.attribute).toBeUndefined();
  });
});

test('a resolved path as a place', () => {
  const at = (text: string) => {
    const path = resolvePath(user, text)!;
    const { container, attribute: found, key } = placed({ ...path, attribute: path.attribute! });
    return [container, found.name, key];
  };
  expect(at('title')).toEqual(['', 'title', 'title']);
  expect(at(`${enterprise}:manager`)).toEqual([enterprise, 'manager', `${enterprise}:manager`]);
});

test('an unknown path is told, as much of it as one reads', () => {
  expect(unknownPath(user, 'x'.repeat(300))).toMatchObject({
    kind: 'invalidPath',
    message: `"${'x'.repeat(200)}" is not an attribute of User.`,
    path: 'x'.repeat(200),
  });
});

test.each([
  [' title ', { path: 'title' }],
  ['[value pr]', { path: '', filter: { op: 'pr', path: 'value' } }],
  [' emails [value pr] ', { path: 'emails', filter: { op: 'pr', path: 'value' } }],
  ['emails[value pr] .value', { path: 'emails', filter: { op: 'pr', path: 'value' }, sub: 'value' }],
  ['emails[value pr].$ref', { path: 'emails', filter: { op: 'pr', path: 'value' }, sub: '$ref' }],
  ['emails[value eq "]"].a-b_c', { path: 'emails', filter: { op: 'eq', path: 'value', value: ']' }, sub: 'a-b_c' }],
])('the parts of %j', (text, parts) => {
  expect(parseValuePath(text)).toEqual(parts);
});

test.each([
  'emails[value pr].1',
  'emails[value pr]..a',
  'emails[value pr].a b',
  'emails[value pr].a.b',
  'emails[value pr]x.a',
  'emails[].a',
  'a][b',
])('no path: %j', (text) => {
  expect(() => parseValuePath(text)).toThrow();
});

test('a path of 8,192 characters is read, one more is not', () => {
  const path = (length: number) => `emails[value eq "${'x'.repeat(length - 19)}"]`;
  expect(path(8192)).toHaveLength(8192);
  expect(parseValuePath(path(8192)).path).toBe('emails');
  expect(() => parseValuePath(path(8193))).toThrow();
});
