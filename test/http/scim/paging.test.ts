// Sorting, cursors, searches by POST and queries of the root (RFC 7644 sections 3.4.2 and 3.4.3, RFC 9865), through the
// whole line; and deep pages, whose places a process remembers.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { createWorld, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = world.workspace('acme');
  for (const name of ['Dora', 'ada', 'Cleo', 'ben']) {
    await acme.send('POST', '/Users', { userName: `${name}@acme.example`, displayName: name, active: name !== 'ben' });
  }
  await acme.send('POST', '/Groups', { displayName: 'Bakers' });
});
afterAll(() => database.drop());

const names = (body: { Resources: { displayName: string }[] }) => body.Resources.map((each) => each.displayName);

test('sorted by an attribute, both ways, by case as the schema says', async () => {
  const up = await acme.send('GET', '/Users?sortBy=displayName');
  expect(names(up.body)).toEqual(['ada', 'ben', 'Cleo', 'Dora']);
  const down = await acme.send('GET', '/Users?sortBy=DISPLAYNAME&sortOrder=Descending&startIndex=2&count=2');
  expect(names(down.body)).toEqual(['Cleo', 'ben']);
  expect(down.body).toMatchObject({ totalResults: 4, startIndex: 2, itemsPerPage: 2 });
});

test('cursors lead through all pages; the last one has none', async () => {
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 9; pages += 1) {
    const { status, body } = await acme.send('GET', `/Users?sortBy=displayName&count=3&cursor=${cursor}`);
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('startIndex');
    seen.push(...names(body));
    if (body.nextCursor === undefined) break;
    // RFC 9865 section 2: only unreserved characters.
    expect(body.nextCursor).toMatch(/^[A-Za-z0-9._~-]+$/);
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(['ada', 'ben', 'Cleo', 'Dora']);
});

test('a cursor of another query is refused, as is none of ours', async () => {
  const { body } = await acme.send('GET', '/Users?count=1&cursor');
  expect((await acme.send('GET', `/Users?count=1&cursor=${body.nextCursor}`)).status).toBe(200);
  for (const query of [
    `filter=active eq true&cursor=${body.nextCursor}`,
    `sortBy=userName&cursor=${body.nextCursor}`,
    'cursor=x',
  ]) {
    const refused = await acme.send('GET', `/Users?${query}`);
    expect(refused.body).toMatchObject({ status: '400', scimType: 'invalidCursor' });
  }
  const count = await acme.send('GET', '/Users?cursor=&count=-x');
  expect(count.body).toMatchObject({ status: '400', scimType: 'invalidCount' });
});

test.each<[string, unknown[]]>([
  ['', ['x', null]],
  ['', ['01a211ee-ea9e-7bb0-bf0d', null]],
  ['sortBy=userName&', ['x', 'ada']],
  ['sortBy=userName&', [undefined, 'ada\0']],
  ['sortBy=active&', [undefined, 'maybe']],
  ['sortBy=active&', [undefined, 'true ']],
])('a cursor that nobody gave out is refused, and is no fault of ours: %s %j', async (sorting, [id, sortValue]) => {
  const { body } = await acme.send('GET', `/Users?${sorting}count=1&cursor`);
  const [digest, given] = JSON.parse(decodeURIComponent(body.nextCursor.replaceAll('~', '%')));
  const made = encodeURIComponent(JSON.stringify([digest, id ?? given, sortValue]));
  const refused = await acme.send('GET', `/Users?${sorting}count=1&cursor=${made.replaceAll('%', '~')}`);
  expect(refused.body).toMatchObject({ status: '400', scimType: 'invalidCursor' });
});

test('cursors through a filter count nothing and miss nobody', async () => {
  const filter = encodeURIComponent('active eq true');
  const first = await acme.send('GET', `/Users?filter=${filter}&count=2&cursor`);
  expect(first.body).not.toHaveProperty('totalResults');
  const second = await acme.send('GET', `/Users?filter=${filter}&count=2&cursor=${first.body.nextCursor}`);
  expect([...names(first.body), ...names(second.body)]).toEqual(['Dora', 'ada', 'Cleo']);
  expect(second.body).not.toHaveProperty('nextCursor');
});

const search = (parameters: object) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
  ...parameters,
});

test('a search by POST is the same query', async () => {
  const body = search({ filter: 'displayName sw "b"', attributes: ['displayName'], sortBy: 'displayName', count: 10 });
  const people = await acme.send('POST', '/Users/.search', body);
  expect(people.status).toBe(200);
  expect(people.body.Resources).toEqual([expect.objectContaining({ displayName: 'ben' })]);
  expect(people.body.Resources[0]).not.toHaveProperty('userName');
  const all = await acme.send('POST', '/.search', body);
  expect(names(all.body)).toEqual(['Bakers', 'ben']);
  expect(all.body.totalResults).toBe(2);
  const cursor = await acme.send('POST', '/.search', search({ cursor: '', count: 2 }));
  expect(cursor.body.nextCursor).toBeDefined();
});

test.each(['startIndex', 'count'])('%s that is no number is named as the RFC spells it', async (name) => {
  const refused = await acme.send('GET', `/Users?${name}=x`);
  expect(refused.body).toMatchObject({ status: '400', detail: `"${name}" must be an integer, not "x".` });
});

test.each<[object, string]>([
  [{ filter: 'shoeSize eq 1' }, 'invalidFilter'],
  [{ filter: 7, Filter: 'x' }, 'invalidSyntax'],
  [{ filter: { a: 1 } }, 'invalidValue'],
  [{ count: 'x' }, 'invalidValue'],
  [{ sortBy: 'shoeSize' }, 'invalidPath'],
])('a search by %j is refused', async (body, scimType) => {
  const refused = await acme.send('POST', '/.search', search(body));
  expect(refused.body).toMatchObject({ status: '400', scimType });
});

test('the root is asked for all types', async () => {
  const all = await acme.send('GET', '/');
  expect(all.body.totalResults).toBe(5);
  const types = await acme.send('GET', `/?filter=${encodeURIComponent('meta.resourceType eq "Group"')}`);
  expect(names(types.body)).toEqual(['Bakers']);
  const people = await acme.send('GET', `/?filter=${encodeURIComponent('userName pr')}&count=2&startIndex=3`);
  expect([people.body.totalResults, names(people.body).length]).toEqual([4, 2]);
});

test.each<[string, string[]]>([
  ['userName sw "ben" or displayName eq "bakers"', ['Bakers', 'ben']],
  ['displayName eq "bakers" and userName pr', []],
  ['displayName eq "bakers" and not (userName pr)', ['Bakers']],
  ['displayName eq "bakers" and userName ne "ben"', ['Bakers']],
  ['displayName eq "bakers" and userName eq null', ['Bakers']],
  ['displayName eq "bakers" and userName ne null', []],
  ['displayName eq "bakers" and not (emails[type eq "work"])', ['Bakers']],
  ['displayName eq "bakers" and userName co "b"', []],
  ['userName pr and members pr', []],
])('at the root an attribute that a type does not have has no value there: %s', async (filter, expected) => {
  for (const sort of ['', '&sortBy=userName']) {
    const { status, body } = await acme.send('GET', `/?filter=${encodeURIComponent(filter)}${sort}`);
    expect([status, body.totalResults, names(body).sort()]).toEqual([200, expected.length, expected]);
  }
});

test.each(['shoeSize pr', 'userName sw "ben" or shoeSize pr', 'active gt true', 'emails[shoeSize eq "7"]'])(
  'at the root %s is refused',
  async (filter) => {
    const refused = await acme.send('GET', `/?filter=${encodeURIComponent(filter)}`);
    expect(refused.body).toMatchObject({ status: '400', scimType: 'invalidFilter' });
  },
);

test('deep pages are those that counting from the first would give, whatever came and went meanwhile', async () => {
  const deep = world.workspace('deep');
  const ids: string[] = [];
  const add = async (count: number) => {
    for (let from = 0; from < count; from += 200) {
      const operations = Array.from({ length: Math.min(200, count - from) }, (_, n) => ({
        ...{ method: 'POST', path: '/Users', bulkId: `n${n}`, data: { userName: `p${ids.length}-${from + n}` } },
      }));
      const { body } = await deep.send('POST', '/Bulk', { Operations: operations });
      ids.push(...body.Operations.map((each: { location: string }) => each.location.split('/').at(-1)));
    }
    // Ids of one millisecond are in no order of their own.
    ids.sort();
  };
  const page = async (startIndex: number) => {
    const { body } = await deep.send('GET', `/Users?startIndex=${startIndex}&count=5&attributes=id`);
    return [body.totalResults, ...body.Resources.map((each: { id: string }) => each.id)];
  };
  const expected = (startIndex: number) => [ids.length, ...ids.slice(startIndex - 1, startIndex + 4)];
  await add(1_600);
  for (const at of [1, 999, 1_001, 1_500, 1_599, 1_601, 9_999])
    expect(await page(at), String(at)).toEqual(expected(at));
  await add(10);
  for (const at of [1_001, 1_606]) expect(await page(at), String(at)).toEqual(expected(at));
  for (const at of [700, 3]) {
    await deep.send('DELETE', `/Users/${ids[at]}`);
    ids.splice(at, 1);
  }
  for (const at of [1_001, 1_606]) expect(await page(at), String(at)).toEqual(expected(at));
});
