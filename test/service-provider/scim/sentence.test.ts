// Every kind of request as a sentence, and the words for attributes and values.
import { expect, test } from 'vitest';
import type { Json } from '../../../src/scim/json.ts';
import type { ReferenceChange, RequestFacts } from '../../../src/scim/request-record.ts';
import { registeredTypes } from '../../../src/scim/schema/registered.ts';
import {
  attributeWords,
  outcomeOf,
  plainText,
  sentenceOf,
  shortValue,
} from '../../../src/service-provider/scim/sentence.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function facts(given: Partial<RequestFacts>): RequestFacts {
  return {
    operation: 'patch',
    resourceType: 'User',
    changes: [],
    references: [],
    outcomes: [],
    rewrites: [],
    ignored: [],
    ...given,
  };
}

function references(
  path: string,
  given: { added?: string[]; removed?: string[]; pending?: string[] },
): ReferenceChange[] {
  const { added = [], removed = [], pending = [] } = given;
  return [
    {
      path,
      added,
      removed,
      pending,
      counts: { added: added.length, removed: removed.length, pending: pending.length },
    },
  ];
}

const ada = { label: 'Ada Byron' };
const team = { resourceType: 'Group', label: 'Field' };

test.each<[Partial<RequestFacts>, string, string]>([
  [
    { operation: 'list', filter: 'userName eq "ada@acme.example"', found: 1 },
    'OneLogin looked up ada@acme.example and found 1 person',
    'unchanged',
  ],
  [
    { operation: 'list', filter: 'title pr', found: 3 },
    'OneLogin searched people by title pr and found 3 people',
    'unchanged',
  ],
  [{ operation: 'list', resourceType: 'Group', found: 0 }, 'OneLogin listed the teams and found no teams', 'unchanged'],
  [{ operation: 'read', ...ada }, 'OneLogin read Ada Byron', 'unchanged'],
  [{ operation: 'create', ...ada, changes: [{ path: 'title', after: 'x' }] }, 'OneLogin created Ada Byron', 'applied'],
  [
    { operation: 'create', ...team, references: references('members', { added: ['a'], pending: ['b'] }) },
    'OneLogin created Field with 2 members',
    'pending',
  ],
  [
    { operation: 'create', ...ada, linked: true, matchedBy: 'userName' },
    'OneLogin linked Ada Byron, a person who was here already by user name',
    'applied',
  ],
  [{ operation: 'replace', ...team, linked: true }, 'OneLogin linked Field, a team that was here already', 'applied'],
  [{ operation: 'delete', ...ada }, 'OneLogin deleted Ada Byron', 'applied'],
  [{ ...ada }, 'OneLogin sent Ada Byron again. Nothing differed', 'unchanged'],
  [{ ...ada, changes: [{ path: 'title', before: 'Engineer' }] }, 'OneLogin cleared Ada Byron’s title', 'applied'],
  [
    { ...ada, changes: [{ path: 'name.familyName', after: 'King' }] },
    'OneLogin changed Ada Byron’s family name to King',
    'applied',
  ],
  [
    { ...ada, changes: [{ path: 'emails', after: [{ value: 'a@x' }, { value: 'b@x', primary: true }] }] },
    'OneLogin changed Ada Byron’s email to b@x and 1 more',
    'applied',
  ],
  [
    { ...ada, changes: ['title', 'userType', 'locale'].map((path) => ({ path, after: 'x' })) },
    'OneLogin changed 3 attributes of Ada Byron',
    'applied',
  ],
  [{ ...ada, changes: [{ path: 'active', after: false }] }, 'OneLogin deactivated Ada Byron', 'applied'],
  [
    {
      ...ada,
      changes: [
        { path: 'active', after: true },
        { path: 'title', after: 'x' },
      ],
    },
    'OneLogin reactivated Ada Byron and changed title to x',
    'applied',
  ],
  [
    { ...ada, references: references(`${enterprise}:manager`, { added: ['Dana Ruiz'] }) },
    'OneLogin changed Ada Byron’s manager to Dana Ruiz',
    'applied',
  ],
  [
    { ...ada, references: references(`${enterprise}:manager`, { removed: ['Dana Ruiz'] }) },
    'OneLogin cleared Ada Byron’s manager',
    'applied',
  ],
  [
    { ...team, references: references('members', { added: ['Ada', 'Ben'] }) },
    'OneLogin added Ada and Ben to Field',
    'applied',
  ],
  [
    { ...team, references: references('members', { added: ['a', 'b', 'c'], removed: ['d'] }) },
    'OneLogin added 3 members to Field and removed d from the team',
    'applied',
  ],
  [
    { ...team, references: references('members', { pending: ['x'] }) },
    'OneLogin added 1 member to Field (1 not here yet)',
    'pending',
  ],
  [
    { operation: 'unknown', error: { kind: 'notFound', detail: 'There is nothing.' } },
    'OneLogin was refused: There is nothing.',
    'refused',
  ],
  [
    { operation: 'patch', error: { kind: 'unavailable', detail: 'Dana paused SCIM for this workspace.' } },
    'OneLogin was asked to wait: Dana paused SCIM for this workspace.',
    'refused',
  ],
  [
    { operation: 'unknown', error: { kind: 'tooManyRequests', detail: 'x' } },
    'OneLogin sent more requests a second than are taken and was asked to wait',
    'refused',
  ],
  [
    { operation: 'search', filter: 'title pr', found: 3 },
    'OneLogin searched people by title pr and found 3 people',
    'unchanged',
  ],
  [
    { operation: 'search', resourceType: 'Agent', found: 1 },
    'OneLogin listed the agents and found 1 agent',
    'unchanged',
  ],
])('%j', (given, sentence, outcome) => {
  const all = facts(given);
  expect(plainText(sentenceOf({ client: 'OneLogin', remoteAddress: '203.0.113.9', facts: all }, registeredTypes))).toBe(
    sentence,
  );
  expect(outcomeOf(all)).toBe(outcome);
});

test.each<[Partial<RequestFacts>, string]>([
  [{ operation: 'list', found: 7 }, 'listed everything and found 7'],
  [
    { operation: 'search', filter: 'displayName sw "A"', found: 0 },
    'searched everything by displayName sw "A" and found nothing',
  ],
  [{ operation: 'search', filter: 'displayName pr' }, 'searched everything by displayName pr'],
  [{ operation: 'bulk' }, 'sent several operations in one request'],
  [{ operation: 'bulk', operations: { asked: 1, done: 1, refused: 0 } }, 'sent 1 operation in one request'],
  [{ operation: 'bulk', operations: { asked: 9, done: 9, refused: 0 } }, 'sent 9 operations in one request'],
  [{ operation: 'bulk', operations: { asked: 9, done: 7, refused: 2 } }, 'sent 9 operations in one request, 2 refused'],
  [
    { operation: 'bulk', operations: { asked: 9, done: 2, refused: 1 } },
    'sent 9 operations in one request, 1 refused and 6 not come to',
  ],
])('of no one type: %j', (given, sentence) => {
  const { resourceType: _, ...none } = facts(given);
  const told = sentenceOf({ client: 'Okta', remoteAddress: 'x', facts: none }, registeredTypes);
  expect(plainText(told)).toBe(`Okta ${sentence}`);
});

test('discovery is no resource', () => {
  const { resourceType: _, ...none } = facts({ operation: 'discover' });
  const told = sentenceOf({ client: 'Rollcall', remoteAddress: 'x', facts: none }, registeredTypes);
  expect(plainText(told)).toBe('Rollcall asked what this workspace offers');
});

test.each<[RequestFacts['notLetIn'], string | undefined, string]>([
  ['no token', undefined, 'Someone at 203.0.113.9 sent no token'],
  ['unknown token', '71aB', 'Someone at 203.0.113.9 used an unknown token ending 71aB'],
  ['no token of ours', undefined, 'Someone at 203.0.113.9 used something that is no token'],
  ['disabled', '71aB', 'Someone at 203.0.113.9 used a token ending 71aB while SCIM is disabled'],
])('not let in: %s', (notLetIn, hint, sentence) => {
  const told = { client: 'Unknown', remoteAddress: '203.0.113.9', ...(hint ? { tokenHint: hint } : {}) };
  const given = facts({
    operation: 'unknown',
    ...(notLetIn ? { notLetIn } : {}),
    error: { kind: 'unauthenticated', detail: 'x' },
  });
  expect(plainText(sentenceOf({ ...told, facts: given }, registeredTypes))).toBe(sentence);
});

test('whom and which value are parts of their own', () => {
  const given = facts({ ...ada, changes: [{ path: 'title', after: 'CTO' }] });
  expect(
    sentenceOf({ client: 'OneLogin', remoteAddress: 'x', facts: given }, registeredTypes).filter(
      (part) => part.kind !== 'text',
    ),
  ).toEqual([
    { kind: 'name', text: 'OneLogin' },
    { kind: 'name', text: 'Ada Byron' },
    { kind: 'value', text: 'CTO' },
  ]);
});

test.each([
  ['title', 'title'],
  ['displayName', 'display name'],
  ['name.givenName', 'given name'],
  [`${enterprise}:costCenter`, 'cost center'],
  ['userType', 'employee type'],
])('%s is called %s', (path, words) => {
  expect(attributeWords(path)).toBe(words);
});

test.each<[Json, string]>([
  ['x'.repeat(90), `${'x'.repeat(79)}…`],
  [true, 'true'],
  [[], ''],
  [[{ formatted: '1 Road' }], '1 Road'],
  [{ locality: 'Oslo', country: 'NO' }, 'Oslo NO'],
])('%j is shown as %s', (value, words) => {
  expect(shortValue(value)).toBe(words);
});
