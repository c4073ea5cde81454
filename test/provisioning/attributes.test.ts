// Attributes to resources, to PATCH operations and back.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Attributes,
  differences,
  enterpriseUser,
  mergeForPut,
  patchOperations,
  readAttributes,
  sentAttributes,
  toResource,
  workspaceUser,
} from '../../src/provisioning/attributes.ts';
import { desiredUser, type SourceUser } from '../../src/provisioning/desired.ts';
import { equalsFilter } from '../../src/provisioning/target/look-up.ts';

const attributes: fc.Arbitrary<Attributes> = fc
  .record(
    Object.fromEntries(
      sentAttributes.filter(({ key }) => key !== 'active').map(({ key }) => [key, fc.string({ minLength: 1 })]),
    ),
    { requiredKeys: [] },
  )
  .chain((some) => fc.boolean().map((active) => ({ ...some, active })));

describe('a resource', () => {
  it('reads back as what was written', () => {
    fc.assert(
      fc.property(attributes, (each) => {
        expect(readAttributes(toResource(each))).toEqual(each);
      }),
    );
  });

  it('merged for PUT is the new state, and others’ attributes stay', () => {
    fc.assert(
      fc.property(attributes, attributes, (before, after) => {
        const current = { ...toResource(before), nickName: 'Countess', meta: { version: '1' } };
        const merged = mergeForPut(current, before, after);
        expect(readAttributes(merged)).toEqual(after);
        expect(merged).toMatchObject({ nickName: 'Countess' });
        expect(merged).not.toHaveProperty('meta');
      }),
    );
  });

  it.each([
    [{ active: 'False' }, { active: false }],
    [{ active: 'true' }, { active: true }],
    [{}, { active: true }],
    [{ userName: '' }, { active: true }],
    [{ userName: 7 }, { active: true, userName: '7' }],
    [{ emails: { value: 'a@b.example' } }, { active: true, email: 'a@b.example' }],
    [
      { emails: [{ value: 'x@b.example' }, { value: 'a@b.example', primary: true }] },
      { active: true, email: 'a@b.example' },
    ],
    [
      {
        emails: [
          { value: 'x@b.example', primary: true },
          { value: 'a@b.example', type: 'Work' },
        ],
      },
      { active: true, email: 'a@b.example' },
    ],
    [{ [enterpriseUser]: null, name: 'Ada' }, { active: true }],
  ])('%j says %j', (resource, expected) => {
    expect(readAttributes(resource as never)).toEqual(expected);
  });
});

describe('PATCH', () => {
  it('has one operation an attribute, explicit paths, real booleans, active first', () => {
    const before = { userName: 'ada', title: 'x', department: 'Sea', email: 'old@acme.example', active: true };
    const after = { userName: 'ada', email: 'ada@acme.example', active: false, manager: 'r2', startDate: '2020-02-01' };
    expect(patchOperations(differences(before, after), after)).toEqual([
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'emails', value: [{ value: 'ada@acme.example', type: 'work', primary: true }] },
      { op: 'remove', path: 'title' },
      { op: 'remove', path: `${enterpriseUser}:department` },
      { op: 'replace', path: `${enterpriseUser}:manager`, value: { value: 'r2' } },
      { op: 'replace', path: `${workspaceUser}:startDate`, value: '2020-02-01' },
    ]);
  });
});

describe('what an app is to have', () => {
  const user: SourceUser = {
    ...{
      id: 'u1',
      userName: 'ada',
      displayName: 'Ada Byron',
      givenName: 'Ada',
      familyName: 'Byron',
      email: 'ada@acme.example',
    },
    ...{ title: 'Engineer', department: 'Sea', employeeType: 'Permanent', location: 'London', startDate: '2020-02-01' },
    ...{
      isSuspended: false,
      manager: { displayName: 'Ivo Novak', email: 'ivo@acme.example', remoteId: null },
      overrides: {},
    },
  };
  it.each<[string, string[] | undefined, string[], string[]]>([
    [
      'ours',
      [enterpriseUser, workspaceUser],
      ['location', 'startDate', 'managerEmail', 'department'],
      ['locality', 'manager'],
    ],
    ['a stranger', [enterpriseUser], ['locality', 'department'], ['location', 'startDate', 'managerEmail']],
    ['a plain one', [], ['locality'], ['department', 'location']],
    ['one that says nothing', undefined, ['locality', 'department'], ['location']],
  ])('%s', (_name, schemas, has, lacks) => {
    const keys = Object.keys(desiredUser(user, { schemas }));
    expect(keys).toEqual(expect.arrayContaining(has));
    expect(keys.filter((key) => lacks.includes(key))).toEqual([]);
  });

  it('takes what was typed for the app', () => {
    expect(desiredUser({ ...user, overrides: { userName: 'countess' } }, {})).toMatchObject({
      userName: 'countess',
      email: 'ada@acme.example',
    });
  });
});

it.each([
  ['ada', 'userName eq "ada"'],
  ['a"b', 'userName eq "a\\"b"'],
  ['a\\" or "" eq "', 'userName eq "a\\\\\\" or \\"\\" eq \\""'],
])('a filter holds %j as text', (value, expected) => {
  expect(equalsFilter('userName', value)).toBe(expected);
});
