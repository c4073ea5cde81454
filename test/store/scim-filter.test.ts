// C20: a filter as SQL finds exactly what the in-memory evaluator finds, on generated resources and generated filters of
// the whole grammar, and hostile strings are nothing but strings.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { everything, project, wanted } from '../../src/scim/project.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type Workspace, type World } from '../http/scim/world.ts';

const type = registeredTypes.byName('User')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const extension = 'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User';

const words = [
  '',
  'a',
  'A',
  'ada',
  'Ada Byron',
  'É',
  'é',
  '%',
  '_',
  '\\',
  "'; drop table x; --",
  'ß',
  '𝒜',
  '\uffee',
  'Straße',
  '$1',
  'b"c',
];
const word = fc.constantFrom(...words);
const dates = ['2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T01:00:00+01:00', '2025-12-31T23:59:59.5Z'];

const email = fc.record(
  { value: word, type: fc.constantFrom('work', 'home', 'Work'), primary: fc.constant(false) },
  { requiredKeys: ['value'] },
);
const user = fc.record(
  {
    displayName: word,
    title: word,
    active: fc.boolean(),
    externalId: fc.constantFrom('x', 'X', 'y'),
    name: fc.record({ givenName: word, familyName: word }, { requiredKeys: [] }),
    emails: fc.array(email, { minLength: 1, maxLength: 3 }),
    x509Certificates: fc.constant([{ value: 'YWJj' }]),
    [enterprise]: fc.record({ department: word, manager: fc.constant({ value: '4711' }) }, { requiredKeys: [] }),
    [extension]: fc.record({ startDate: fc.constantFrom(...dates) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

const texts = [
  'userName',
  'displayName',
  'title',
  'externalId',
  'name.givenName',
  'name.familyName',
  'emails',
  'emails.value',
  'emails.type',
  `${enterprise}:department`,
  `${enterprise}:manager`,
  `${enterprise}:manager.value`,
  'USERNAME',
  'id',
  'groups.display',
];
const date = fc.constantFrom(`${extension}:startDate`, 'meta.created', 'meta.lastModified');
const textOp = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'EQ');
const dateOp = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
const literal = word.map((value) => JSON.stringify(value));
const comparison = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...texts),
      textOp,
      fc.oneof({ weight: 9, arbitrary: literal }, { weight: 1, arbitrary: fc.constant('"x"') }),
    )
    .map((parts) => parts.join(' ')),
  fc.tuple(fc.constantFrom(...texts), fc.constantFrom('eq', 'ne')).map(([path, op]) => `${path} ${op} null`),
  fc.tuple(date, dateOp, fc.constantFrom(...dates)).map(([path, op, value]) => `${path} ${op} "${value}"`),
  fc
    .tuple(textOp, fc.constantFrom(type.schema.id, enterprise, extension, enterprise.toLowerCase()))
    .map(([op, urn]) => `schemas ${op} "${urn}"`),
  fc
    .tuple(fc.constantFrom('active', 'emails.primary'), fc.constantFrom('eq', 'ne'), fc.boolean())
    .map((parts) => parts.join(' ')),
  fc
    .constantFrom(...texts, 'emails', 'name', 'meta', 'photos', 'active', 'id', `${extension}:startDate`)
    .map((path) => `${path} pr`),
);
const inElement = fc.oneof(
  fc.tuple(fc.constantFrom('value', 'type'), textOp, literal).map((parts) => parts.join(' ')),
  fc.constantFrom('value pr', 'primary eq true', 'not (type eq "work")', 'primary eq null', 'type ne "home"'),
);
const valuePath = fc
  .tuple(fc.constantFrom('emails', 'ims'), inElement, fc.constantFrom('and', 'or'), inElement)
  .map(([attribute, left, op, right]) => `${attribute}[${left} ${op} ${right}]`);
const filter = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    comparison,
    valuePath,
    fc
      .tuple(tie('any'), fc.constantFrom('and', 'or'), tie('any'))
      .map(([left, op, right]) => `(${left} ${op} ${right})`),
    tie('any').map((inner) => `not (${inner})`),
  ),
})).any;

let database: TestDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
  const users = fc.sample(user, { numRuns: 60, seed: 7643 });
  const seen = new Set<string>();
  for (const [index, body] of users.entries()) {
    const given: JsonObject = { ...(body as JsonObject), userName: `${words[index % words.length] || 'x'}${index}` };
    if (typeof given['externalId'] === 'string' && seen.has(given['externalId'])) delete given['externalId'];
    else if (typeof given['externalId'] === 'string') seen.add(given['externalId']);
    const answer = await acme.send('POST', '/Users', JSON.stringify(given));
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  }
  await acme.send('POST', '/Groups', { displayName: 'Ada', members: [{ value: `${words[1]}1` }, { value: 'x0' }] });
});
afterAll(() => database.drop());

test('C20: SQL and the evaluator agree', async () => {
  const scope = { tenant: acme.tenant, connection: acme.connection };
  const want = wanted(type, everything);
  const all = await world.store.list(scope, { parts: [{ type, want }], count: 1000, from: { startIndex: 1 } });
  expect(all.resources).toHaveLength(60);
  const context = { types: registeredTypes, baseUrl: 'https://acme.example/scim/v2' };
  const documents = all.resources.map((resource) => project(resource, everything, context));
  await fc.assert(
    fc.asyncProperty(filter, async (text) => {
      const bound = bindFilter(type, parseFilter(text));
      const page = await world.store.list(scope, {
        parts: [{ type, filter: bound, want: [] }],
        count: 1000,
        from: { startIndex: 1 },
      });
      const expected = documents.filter((document) => matches(bound, document)).map((document) => document['id']);
      expect(page.resources.map((resource) => resource.id)).toEqual(expected);
      expect(page.total).toBe(expected.length);
    }),
    { numRuns: 400 },
  );
});

test('C20: pages of a filtered list have the exact total', async () => {
  const answer = await acme.send('GET', '/Users?filter=userName%20pr&startIndex=11&count=5');
  expect(answer.body).toMatchObject({ totalResults: 60, startIndex: 11, itemsPerPage: 5 });
  const beyond = await acme.send('GET', '/Users?startIndex=500');
  expect(beyond.body).toMatchObject({ totalResults: 60, itemsPerPage: 0, Resources: [] });
  const none = await acme.send('GET', '/Users?count=0');
  expect(none.body).toMatchObject({ totalResults: 60, itemsPerPage: 0, Resources: [] });
});

test('who uses an extension is found by its schema (the example of RFC 7644 section 3.4.2.2)', async () => {
  const zoo = world.workspace('zoo');
  await zoo.send('POST', '/Users', { userName: 'plain' });
  await zoo.send('POST', '/Users', { userName: 'cook', [enterprise]: { department: 'Kitchen' } });
  await zoo.send('POST', '/Users', { userName: 'led', [enterprise]: { manager: { value: 'nobody yet' } } });
  await zoo.send('POST', '/Users', { userName: 'new', [extension]: { startDate: '2026-03-01' } });
  const found = async (text: string) => {
    const { body } = await zoo.send('GET', `/Users?filter=${encodeURIComponent(text)}`);
    return body.Resources.map((each: { userName: string }) => each.userName);
  };
  expect(await found(`schemas eq "${enterprise}"`)).toEqual(['cook', 'led']);
  expect(await found(`schemas ne "${enterprise}"`)).toEqual(['plain', 'new']);
  expect(await found(`schemas eq "${extension}" or schemas ew ":Group"`)).toEqual(['new']);
  expect(await found(`schemas eq "${type.schema.id}"`)).toEqual(['plain', 'cook', 'led', 'new']);
});
