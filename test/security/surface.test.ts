// The SCIM surface under a hostile client: what is read, what is written, what is told (C03, C16 to C18, C21, C25, C33,
// C37), against the real store.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/scim/json.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { placedAttributes } from '../../src/scim/schema/resource-type.ts';
import { createId } from '../../src/secrets/identifier.ts';
import type { TenantDatabase } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, publicUrl, type Workspace, type World } from '../http/scim/world.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
let world: World;
let statements = 0;
let values: unknown[] = [];
let count = 0;

/** The same database, with what is sent to it counted. */
function counting(inner: TenantDatabase): TenantDatabase {
  return {
    ...inner,
    batch(tenant, sent) {
      // A limit travels along and is none of them.
      statements += sent.filter(({ text }) => !text.startsWith('SET LOCAL')).length;
      values.push(...sent.flatMap((each) => each.values ?? []));
      return inner.batch(tenant, sent);
    },
    withTenant: (tenant, work) =>
      inner.withTenant(tenant, (transaction) =>
        work({
          ...transaction,
          query(statement, values) {
            statements += 1;
            return transaction.query(statement, values);
          },
        }),
      ),
  };
}

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(counting(database.open('rollcall_workspace')));
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await database.drop();
});

function fresh(): Workspace {
  count += 1;
  return world.workspace(`s${count}`);
}

const ops = (...Operations: object[]) => ({ Operations });
const filterOf = (text: string) => `filter=${encodeURIComponent(text)}`;

/** Without what changes with every write. */
function settled(body: JsonObject): JsonObject {
  const { meta, ...rest } = body;
  return { ...rest, meta: { ...(meta as JsonObject), lastModified: '' } };
}

describe('C03: nothing that is readOnly or unknown is written', () => {
  const user = registeredTypes.byName('User')!;
  const readOnly = placedAttributes(user).flatMap(({ attribute, container }) => {
    const value = attribute.multiValued
      ? [{ value: 'x' }]
      : attribute.subAttributes
        ? { value: 'x', created: 'x' }
        : 'x';
    return attribute.mutability === 'readOnly'
      ? [
          [
            attribute.name,
            container ? { [container]: { [attribute.name]: value } } : { [attribute.name]: value },
          ] as const,
        ]
      : [];
  });
  const roleLike = [
    'role',
    'isAdmin',
    'admin',
    'owner',
    'tenant',
    'connection',
    'version',
    'managedBy',
    'permissions',
  ].map((name) => [name, { [name]: 'owner' }] as const);

  test.each([...readOnly, ...roleLike])('C03: %s, by POST and PUT', async (_name, extra) => {
    const acme = fresh();
    const plain = await acme.send('POST', '/Users', { userName: 'plain' });
    const created = await acme.send('POST', '/Users', { ...extra, userName: 'ada' });
    expect(created.status).toBe(201);
    expect(Object.keys(created.body).sort()).toEqual(Object.keys(plain.body).sort());
    const put = await acme.send('PUT', `/Users/${created.body.id}`, { ...extra, userName: 'ada' });
    expect(settled(put.body)).toEqual(settled(created.body));
  });
});

test('C16: who is gone is gone from lists, filters, members, groups and by id', async () => {
  const acme = fresh();
  const ids: string[] = [];
  for (const name of ['ada', 'ben', 'cy'])
    ids.push((await acme.send('POST', '/Users', { userName: name, externalId: name })).body.id);
  const members = ids.map((value) => ({ value }));
  const { body: team } = await acme.send('POST', '/Groups', { displayName: 'Team', members });
  await acme.send(
    'PATCH',
    `/Users/${ids[0]}`,
    ops({ op: 'add', path: `${enterprise}:manager`, value: { value: ids[1] } }),
  );
  expect((await acme.send('DELETE', `/Users/${ids[1]}`)).status).toBe(204);
  const listed = async (query: string) =>
    ((await acme.send('GET', `/Users?${query}`)).body.Resources as { id: string }[]).map(({ id }) => id);
  const here = [ids[0], ids[2]].sort();
  expect((await listed('')).sort()).toEqual(here);
  expect((await listed(filterOf(`groups eq "${team.id}"`))).sort()).toEqual(here);
  for (const gone of [
    'userName eq "ben"',
    'externalId eq "ben"',
    `id eq "${ids[1]}"`,
    `${enterprise}:manager eq "${ids[1]}"`,
  ]) {
    expect(await listed(filterOf(gone)), gone).toEqual([]);
  }
  const { body: group } = await acme.send('GET', `/Groups/${team.id}`);
  expect(group.members.map(({ value }: { value: string }) => value).sort()).toEqual(here);
  expect((await acme.send('GET', `/Groups?${filterOf(`members eq "${ids[1]}"`)}`)).body.totalResults).toBe(0);
  expect((await acme.send('GET', `/Users/${ids[0]}`)).body[enterprise]).toBeUndefined();
});

test('C15, C23: an owner keeps access through Bulk too, and the operations beside are done', async () => {
  const acme = fresh();
  const { body: owner } = await acme.send('POST', '/Users', { userName: 'owner' });
  world.protectedIds.add(owner.id);
  const { body } = await acme.send('POST', '/Bulk', {
    Operations: [
      { method: 'DELETE', path: `/Users/${owner.id}` },
      { method: 'PATCH', path: `/Users/${owner.id}`, data: ops({ op: 'replace', path: 'active', value: false }) },
      { method: 'PUT', path: `/Users/${owner.id}`, data: { userName: 'owner', active: false } },
      { method: 'POST', path: '/Users', bulkId: 'x', data: { userName: 'ada' } },
    ],
  });
  expect(body.Operations.map(({ status }: { status: string }) => status)).toEqual(['403', '403', '403', '201']);
  expect((await acme.send('GET', `/Users/${owner.id}`)).body.active).toBe(true);
  expect(world.deactivated).not.toContain(owner.id);
});

describe('C17: a value that is never returned cannot be guessed bit by bit', () => {
  const hidden = registeredTypes.all.flatMap((type) =>
    placedAttributes(type)
      .filter(({ attribute }) => attribute.returned === 'never')
      .map(({ key }) => [type.endpoint, key] as const),
  );
  test('there is such an attribute', () => expect(hidden).toContainEqual(['Users', 'password']));

  test.each(hidden)('C17: %s by %s', async (endpoint, key) => {
    const acme = fresh();
    for (const text of [
      ...['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'].map((op) => `${key} ${op} "a"`),
      `${key} pr`,
      `not (${key} pr)`,
      `userName pr or ${key.toUpperCase()} pr`,
      `${key}.value pr`,
      `${key}[value sw "a"]`,
    ]) {
      const answer = await acme.send('GET', `/${endpoint}?${filterOf(text)}`);
      expect(answer, text).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
      expect(answer.body.Resources).toBeUndefined();
    }
    const sorted = await acme.send('GET', `/${endpoint}?sortBy=${key}`);
    expect(sorted.status).toBe(400);
    const searched = await acme.send('POST', `/${endpoint}/.search`, { filter: `${key} pr` });
    expect(searched).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });
});

test('C18: 500 foreign ids and 500 absent ones are answered alike, header by header', async () => {
  const [acme, bolt] = [fresh(), fresh()];
  const theirs: string[] = [];
  for (let index = 0; index < 20; index += 1) {
    theirs.push((await bolt.send('POST', '/Users', { userName: `u${index}`, externalId: `e${index}` })).body.id);
  }
  const told = async (id: string) => {
    const { status, headers, body } = await acme.send('GET', `/Users/${id}`);
    const kept = [...headers].filter(([name]) => name !== 'x-request-id');
    return JSON.stringify({ status, kept, body }).replaceAll(id, 'ID');
  };
  const answers = new Set<string>();
  for (let index = 0; index < 500; index += 1) {
    answers.add(await told(theirs[index % 20]!));
    answers.add(await told(createId(world.now())));
  }
  expect([...answers]).toHaveLength(1);
  expect(JSON.parse([...answers][0]!).status).toBe(404);
});

test('C21: a page of 1 and a page of 100 take the same few statements', async () => {
  const acme = fresh();
  for (let index = 0; index < 110; index += 1) await acme.send('POST', '/Users', { userName: `u${index}` });
  const { body: team } = await acme.send('POST', '/Groups', { displayName: 'Team' });
  await acme.send(
    'PATCH',
    `/Groups/${team.id}`,
    ops({ op: 'add', path: 'members', value: [{ value: 'u1' }, { value: 'u2' }] }),
  );
  await world.store.readJournal.flush();
  const cost = async (path: string) => {
    statements = 0;
    expect((await acme.send('GET', path)).status).toBe(200);
    return statements;
  };
  for (const search of ['', filterOf('userName pr'), filterOf('emails.value eq "x" or title pr'), 'startIndex=5']) {
    const costs = [await cost(`/Users?count=1&${search}`), await cost(`/Users?count=100&${search}`)];
    expect(Math.max(...costs), search).toBeLessThanOrEqual(3);
  }
  expect(await cost('/Groups')).toBeLessThanOrEqual(3);
});

test.each([
  '/Users?count=5000',
  '/Groups?count=1001',
  '/Users?count=9007199254740991&startIndex=3',
  '/Users?count=5000&cursor',
  '/?count=5000',
  '/Users?count=5000&sortBy=userName',
  `/Users?count=5000&${filterOf('title pr')}`,
])('C21: %s asks the database for no more than is advertised', async (path) => {
  const acme = fresh();
  const { maxResults } = (await acme.send('GET', '/ServiceProviderConfig')).body.filter;
  values = [];
  expect((await acme.send('GET', path)).status).toBe(200);
  const numbers = values.filter((value) => typeof value === 'number');
  // Behind a cursor one more is asked for, to know whether there is a next page.
  expect([maxResults, maxResults + 1]).toContain(Math.max(...numbers));
});

test('C25: in a group of 100,000 one is added and one removed as one row, and the others are left alone', async () => {
  const acme = fresh();
  const { body: everyone } = await acme.send('POST', '/Groups', {
    displayName: 'Everyone',
    members: [{ value: 'first' }],
  });
  await database.asOwner(
    `insert into workspace.resource_reference (tenant, resource, attribute, value, name, connection, journal, created)
     select f.tenant, f.resource, f.attribute, 'm' || n, 'm' || n, f.connection, f.journal, f.created
       from workspace.resource_reference f, generate_series(1, 99999) n where f.tenant = $1`,
    [acme.tenant],
  );
  const rows = async () =>
    (
      await database.asOwner(
        `select count(*)::int as count, md5(string_agg(value || created || journal, ' ' order by value)) as sum
           from workspace.resource_reference where tenant = $1 and value like 'm%'`,
        [acme.tenant],
      )
    ).rows[0];
  const before = await rows();
  expect(before.count).toBe(99_999);
  const change = async (operation: object) => {
    statements = 0;
    const answer = await acme.send('PATCH', `/Groups/${everyone.id}`, ops(operation));
    expect(answer.status).toBe(204);
    return statements;
  };
  const { body: small } = await acme.send('POST', '/Groups', { displayName: 'Small', members: [{ value: 'first' }] });
  statements = 0;
  await acme.send('PATCH', `/Groups/${small.id}`, ops({ op: 'add', path: 'members', value: [{ value: 'last' }] }));
  const costOfSmall = statements;
  expect(await change({ op: 'add', path: 'members', value: [{ value: 'last' }] })).toBe(costOfSmall);
  expect(await rows()).toEqual(before);
  await change({ op: 'remove', path: 'members[value eq "last"]' });
  await change({ op: 'remove', path: 'members', value: [{ value: 'first' }] });
  expect(await rows()).toEqual(before);
  const { rows: left } = await database.asOwner(
    `select value from workspace.resource_reference where tenant = $1 and resource = $2 and value not like 'm%'`,
    [acme.tenant, everyone.id],
  );
  expect(left).toEqual([]);
  const without = await acme.send('GET', `/Groups/${everyone.id}?excludedAttributes=members`);
  expect(without.body).toMatchObject({ displayName: 'Everyone' });
  expect(without.body.members).toBeUndefined();
});

describe('C33: no spelling of a media type leads past validation', () => {
  const types = [
    'application/scim+json',
    'application/json',
    'text/plain',
    'text/json',
    'application/xml',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
    '',
  ];
  const spellings: ((type: string) => string)[] = [
    (type) => type,
    (type) => type.toUpperCase(),
    (type) => `${type};`,
    (type) => `;${type}`,
    (type) => `${type} ;charset=utf-8`,
    (type) => `${type}\t; charset=utf-8`,
    (type) => `\t${type}`,
    (type) => `${type}; charset="utf-16"`,
    (type) => `${type}, ${type}`,
    (type) => `${type};charset=utf-8;charset=utf-7`,
  ];
  const variants = types.flatMap((type) => spellings.map((spell) => spell(type)));

  test(`C33: ${variants.length} spellings, one invalid body`, async () => {
    const acme = fresh();
    for (const type of variants) {
      const headers = { authorization: `Bearer ${acme.token}`, 'content-type': type };
      const body = new TextEncoder().encode('{"userName":7,"active":"perhaps"}');
      const request = new Request(`${publicUrl}/${acme.slug}/scim/v2/Users`, { method: 'POST', headers, body });
      const response = await world.site(request, { remoteAddress: '203.0.113.7' });
      expect([400, 415], JSON.stringify(type)).toContain(response.status);
    }
    expect((await acme.send('GET', '/Users')).body.totalResults).toBe(0);
  });
});

describe('C37: what was changed and that it was changed are one transaction', () => {
  test('C37: every change has one row that says who, what, before and after', async () => {
    const acme = fresh();
    const { body: ada } = await acme.send('POST', '/Users', { userName: 'ada', title: 'Engineer' });
    await acme.send('PUT', `/Users/${ada.id}`, { userName: 'ada', title: 'CTO' });
    await acme.send('PATCH', `/Users/${ada.id}`, ops({ op: 'replace', path: 'title', value: 'CEO' }));
    const last = await acme.send('DELETE', `/Users/${ada.id}`);
    const { rows } = await database.asOwner(
      `select id, operation, token, token_hint as hint, connection, facts -> 'changes' as changes, facts -> 'before' as before
         from workspace.request_journal where tenant = $1 and changed order by id`,
      [acme.tenant],
    );
    const by = { token: acme.owner.token, connection: acme.connection, hint: acme.token.split('_')[2]!.slice(-4) };
    expect(rows).toMatchObject([
      { operation: 'create', ...by },
      { operation: 'replace', ...by, changes: [{ path: 'title', before: 'Engineer', after: 'CTO' }] },
      { operation: 'patch', ...by, changes: [{ path: 'title', before: 'CTO', after: 'CEO' }] },
      { operation: 'delete', ...by, before: { userName: 'ada' } },
    ]);
    expect(rows.at(-1).id).toBe(last.headers.get('x-request-id'));
  });

  test('C37: a change that cannot be recorded does not happen', async () => {
    const silent = await createTestDatabase();
    try {
      const mute = createWorld(silent.open('rollcall_workspace'));
      const bolt = mute.workspace('bolt');
      const { body: ben } = await bolt.send('POST', '/Users', { userName: 'ben', title: 'Engineer' });
      await silent.asOwner('revoke insert on workspace.request_journal from rollcall_workspace');
      for (const [method, path, body] of [
        ['POST', '/Users', { userName: 'cy' }],
        ['PATCH', `/Users/${ben.id}`, ops({ op: 'replace', path: 'title', value: 'CTO' })],
        ['PUT', `/Users/${ben.id}`, { userName: 'ben' }],
        ['DELETE', `/Users/${ben.id}`, undefined],
      ] as const) {
        expect((await bolt.send(method, path, body)).status, method).toBe(500);
      }
      const { rows } = await silent.asOwner(
        `select attributes ->> 'userName' as name, attributes ->> 'title' as title, version, deleted_at from workspace.resource`,
      );
      expect(rows).toEqual([{ name: 'ben', title: 'Engineer', version: 1, deleted_at: null }]);
    } finally {
      await silent.drop();
    }
  });
});
