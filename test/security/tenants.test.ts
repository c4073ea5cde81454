// Another workspace's ids, wherever a route takes one (N05), its data wherever one could look (N07), equal ids in two
// workspaces and what is kept in memory (N06), and ids themselves (N08). The matrices are made from the route tables: a
// route that has no case fails.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { pathOf, type Route } from '../../src/contract/route.ts';
import { workspaceRoutes } from '../../src/contract/workspace.ts';
import { findRoute } from '../../src/scim/handler/routes.ts';
import type { ScimOperation } from '../../src/scim/request-record.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createId } from '../../src/secrets/identifier.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { Answer } from '../http/browser.ts';
import { type ConnectedWorkspace, createConnected } from './connected.ts';
import { longLived } from './in-memory.ts';

const canary = 'canary-bolt-7c1e';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let database: TestDatabase;
let acme: ConnectedWorkspace;
let bolt: ConnectedWorkspace;
/** Ids of one thing of each kind, by kind. */
let ours: Record<string, string>;
let theirs: Record<string, string>;

async function furnish({ scim, tokenId, people, world, tenant }: ConnectedWorkspace, name: string) {
  const user = await scim('POST', '/Users', {
    userName: `${name}@x.example`,
    displayName: name,
    title: name,
    externalId: name,
  });
  const members = [{ value: user.body.id }, { value: `${name}-later` }];
  const group = await scim('POST', '/Groups', { displayName: name, members });
  const refused = await scim('PATCH', `/Users/${user.body.id}`, {
    Operations: [{ op: 'add', path: name, value: name }],
  });
  expect([user.status, group.status, refused.status]).toEqual([201, 201, 400]);
  await world.end.stop();
  const request = user.headers.get('x-request-id')!;
  const { rows } = await database.asOwner('select id from workspace.saml_connection where tenant = $1', [tenant]);
  return { User: user.body.id, Group: group.body.id, request, token: tokenId, person: people.member, saml: rows[0].id };
}

beforeAll(async () => {
  database = await createTestDatabase();
  const connected = createConnected(database.open('rollcall_workspace'));
  acme = await connected.workspace('acme');
  bolt = await connected.workspace('bolt');
  ours = await furnish(acme, 'acme-own');
  theirs = await furnish(bolt, canary);
});
afterAll(async () => {
  expect(acme.world.failures).toEqual([]);
  await database.drop();
});

const comparable = ({ status, body }: Answer, id: string) =>
  JSON.stringify({ status, body: { ...body, instance: 0 } }).replaceAll(id, 'ID');
const rowsOfBolt = async () =>
  (
    await database.asOwner(
      `select 'resource' as what, t::text as row from workspace.resource t where tenant = $1
       union all select 'reference', t::text from workspace.resource_reference t where tenant = $1
       union all select 'token', t::text from workspace.scim_token t where tenant = $1
       union all select 'account', t::text from workspace.account t where tenant = $1 order by 1, 2`,
      [bolt.tenant],
    )
  ).rows;

describe('N05: every SCIM route', () => {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const endpoints = registeredTypes.all.map((type) => type.endpoint);
  const shapes: (readonly string[])[] = [
    ...endpoints.flatMap((endpoint) => [[endpoint], [endpoint, 'ID'], [endpoint, '.search']]),
    [],
    ...['Bulk', 'Me', '.search', 'Schemas', 'ResourceTypes', 'ServiceProviderConfig'].map((name) => [name]),
  ];
  const routes = shapes.flatMap((segments) =>
    methods.flatMap((method) => {
      try {
        const { operation, type } = findRoute(method, segments, registeredTypes);
        return [{ method, path: `/${segments.join('/')}`, operation, kind: type?.name ?? '' }];
      } catch {
        return [];
      }
    }),
  );
  /** How a route can name somebody: in its path, or else as here. */
  const cases: Partial<Record<ScimOperation, (id: string, kind: string) => { query?: string; body?: object }[]>> = {
    read: () => [{}, { query: 'attributes=id,groups,members' }],
    delete: () => [{}],
    replace: (id, kind) => [
      {
        body:
          kind === 'User'
            ? { userName: 'x', [enterprise]: { manager: { value: id } } }
            : { displayName: 'x', members: [{ value: id }] },
      },
    ],
    patch: () => [{ body: { Operations: [{ op: 'replace', path: 'displayName', value: 'taken' }] } }],
    list: (id, kind) => [
      { query: `filter=${encodeURIComponent(`id eq "${id}"`)}` },
      {
        query: `filter=${encodeURIComponent(kind === '' ? `id eq "${id}" or id eq "${id}"` : kind === 'User' ? `groups eq "${id}" or ${enterprise}:manager eq "${id}"` : `members eq "${id}"`)}`,
      },
    ],
    create: (id, kind) => [
      {
        body:
          kind === 'User'
            ? { userName: `of-${id}`, [enterprise]: { manager: { value: id } } }
            : { displayName: `of-${id}`, members: [{ value: id }] },
      },
    ],
    search: (id) => [{ body: { filter: `id eq "${id}"` } }],
    bulk: (id) => [
      {
        body: {
          Operations: [
            { method: 'PATCH', path: `/Users/${id}`, data: { Operations: [{ op: 'remove', path: 'title' }] } },
          ],
        },
      },
      { body: { Operations: [{ method: 'DELETE', path: `/Groups/${id}` }] } },
    ],
    discover: () => [],
  };

  test('the router has routes, and each of them a case', () => {
    expect(routes.length).toBeGreaterThanOrEqual(endpoints.length * 7);
    expect(routes.filter(({ operation }) => !(operation in cases))).toEqual([]);
  });

  test.each(routes.filter(({ operation }) => operation !== 'discover'))(
    'N05: $method $path',
    async ({ method, path, operation, kind }) => {
      const before = await rowsOfBolt();
      const ask = async (id: string) => {
        const told: string[] = [];
        for (const { query, body } of cases[operation]!(id, kind)) {
          const answer = await acme.scim(method, `${path.replace('ID', id)}${query ? `?${query}` : ''}`, body);
          const made = (answer.body as { id?: string; meta?: object } | undefined)?.id ?? '-';
          told.push(comparable({ ...answer, body: { ...answer.body, meta: 0 } }, id).replaceAll(made, 'NEW'));
        }
        return told;
      };
      for (const id of [theirs['User']!, theirs['Group']!])
        expect(await ask(id)).toEqual(await ask(createId(new Date(0))));
      expect(await rowsOfBolt()).toEqual(before);
    },
  );

  test('N05: by name too nobody of another workspace is found', async () => {
    const { body } = await acme.scim('POST', '/Groups', {
      displayName: 'Guess',
      members: [{ value: canary }, { value: `${canary}@x.example` }],
    });
    const read = await acme.scim('GET', `/Groups/${body.id}`);
    expect(read.body.members).toEqual([{ value: canary }, { value: `${canary}@x.example` }]);
    await acme.scim('DELETE', `/Groups/${body.id}`);
  });
});

describe('N05: every route of the admin API that takes an id', () => {
  const routes = Object.entries(workspaceRoutes as Record<string, Route>).filter(([, { path }]) =>
    path.includes('/:id'),
  );

  test.each(routes)('N05: %s', async (_name, route) => {
    const owner = await acme.world.browserOf(acme.tenant, acme.people.owner);
    const before = await rowsOfBolt();
    const bodies = route.body ? [{}, { role: 'admin' }] : [undefined];
    const query = route.query ? `?slug=${acme.slug}` : '';
    for (const id of [...Object.values(theirs), bolt.people.owner, bolt.connection, bolt.tenant]) {
      for (const body of bodies) {
        const nobody = createId(new Date(0));
        const foreign = await owner.send(route.method, pathOf(route, { id }) + query, body);
        const absent = await owner.send(route.method, pathOf(route, { id: nobody }) + query, body);
        expect(comparable(foreign, id)).toBe(comparable(absent, nobody));
      }
    }
    expect(await rowsOfBolt()).toEqual(before);
  });

  test.each(routes.filter(([name, { method }]) => method === 'GET' && name !== 'signInRefusal'))(
    '%s does find what is its own',
    async (_name, route) => {
      const owner = await acme.world.browserOf(acme.tenant, acme.people.owner);
      const statuses = await Promise.all(
        Object.values(ours).map(async (id) => (await owner.send('GET', pathOf(route, { id }))).status),
      );
      expect(statuses).toContain(200);
    },
  );
});

describe('N07: nothing of one workspace is told in another', () => {
  test('N07: by no route that reads, whatever is searched for', async () => {
    const owner = await acme.world.browserOf(acme.tenant, acme.people.owner);
    let asked = 0;
    for (const [name, route] of Object.entries(workspaceRoutes as Record<string, Route>)) {
      if (route.method !== 'GET' || ['local', 'public'].includes(route.access)) continue;
      for (const query of [
        '',
        '?search=canary',
        '?search=bolt&result=refused',
        `?before=${createId(new Date(9e12))}`,
      ]) {
        const { body } = await owner.send('GET', pathOf(route, { id: theirs['request']! }) + query);
        expect(JSON.stringify(body), name).not.toContain(canary);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(40);
    const own = await bolt.world.browserOf(bolt.tenant, bolt.people.owner);
    expect(JSON.stringify((await own.send('GET', '/api/people')).body)).toContain(canary);
  });

  test('N07: by no list or error of SCIM', async () => {
    for (const path of [
      '/Users',
      '/Groups',
      '/Users?filter=title%20pr',
      '/Groups?filter=members%20pr',
      `/Users?filter=displayName%20co%20%22canary%22`,
    ]) {
      const { body } = await acme.scim('GET', path);
      expect(JSON.stringify(body), path).not.toContain(canary);
    }
    const taken = await acme.scim('POST', '/Users', { userName: `${canary}@x.example`, externalId: canary });
    expect(taken.status).toBe(201);
  });

  test('N07: a change is told to the pages of its own workspace', async () => {
    const told: string[] = [];
    const stop = [acme, bolt].map(({ world, tenant, slug }) =>
      world.end.announcer.listen(tenant, () => told.push(slug)),
    );
    await bolt.scim('PATCH', `/Users/${theirs['User']}`, {
      Operations: [{ op: 'replace', path: 'nickName', value: 'b' }],
    });
    for (const each of stop) each();
    expect(new Set(told)).toEqual(new Set(['bolt']));
  });
});

describe('N06: what is kept in memory, and equal ids', () => {
  test('N06: every long-lived map is known, and keyed by tenant where it holds anything of one', () => {
    const files = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const found = files.flatMap((file) =>
      mapsOf(readFileSync(join(projectFolder, 'src', file), 'utf8')).map(
        (name) => `${file.replaceAll('\\', '/')} ${name}`,
      ),
    );
    expect(found.sort()).toEqual(Object.keys(longLived).sort());
    for (const [place, key] of Object.entries(longLived)) {
      if (key.startsWith('no tenant')) continue;
      const [file = ''] = place.split(' ');
      expect(readFileSync(join(projectFolder, 'src', file), 'utf8'), place).toContain(key);
    }
  });

  test('N06: the same id in two workspaces is two people', async () => {
    const { body: ada } = await acme.scim('POST', '/Users', { userName: 'twin', title: 'of acme' });
    await database.asOwner(
      `insert into workspace.resource (tenant, id, resource_type, connection, attributes, search, label, label_search, active, version, created, last_modified)
       select $2, id, resource_type, (select id from workspace.scim_connection where tenant = $2), attributes || '{"title":"of bolt"}', search, label, label_search, active, version, created, last_modified
         from workspace.resource where tenant = $1 and id = $3`,
      [acme.tenant, bolt.tenant, ada.id],
    );
    const both = async () =>
      Promise.all([acme, bolt].map(async ({ scim }) => (await scim('GET', `/Users/${ada.id}`)).body?.title));
    expect(await both()).toEqual(['of acme', 'of bolt']);
    await acme.scim('PATCH', `/Users/${ada.id}`, { Operations: [{ op: 'replace', path: 'title', value: 'changed' }] });
    expect(await both()).toEqual(['changed', 'of bolt']);
    const owners = await Promise.all(
      [acme, bolt].map(({ world, tenant, people }) => world.browserOf(tenant, people.owner)),
    );
    const seen = await Promise.all(
      owners.map(async (each) => (await each.send('GET', `/api/people/${ada.id}`)).body.person.title),
    );
    expect(seen).toEqual(['changed', 'of bolt']);
    await acme.scim('DELETE', `/Users/${ada.id}`);
    expect(await both()).toEqual([undefined, 'of bolt']);
  });
});

test('N08: of two ids of one millisecond nothing but the time is the same', () => {
  const at = new Date('2026-11-25T09:00:00Z');
  const ids = Array.from({ length: 10_000 }, () => createId(at).replaceAll('-', ''));
  expect(new Set(ids).size).toBe(ids.length);
  const ones = new Array<number>(128).fill(0);
  for (const id of ids) {
    for (const [place, bit] of [...BigInt(`0x${id}`).toString(2).padStart(128, '0')].entries())
      if (bit === '1') ones[place]! += 1;
  }
  // 12 and 62 random bits (RFC 9562 section 5.7); each is one in half the ids, give or take ten standard deviations.
  const random = [...ones.slice(52, 64), ...ones.slice(66)];
  expect(random).toHaveLength(74);
  expect(random.filter((count) => Math.abs(count - 5_000) > 500)).toEqual([]);
});

/** Names of the maps and sets that outlive a call: those of a module, and those of a function that makes something. */
function mapsOf(source: string): string[] {
  const names: string[] = [];
  let within = '';
  for (const line of source.split('\n')) {
    const [, name] = /^(?:export )?(?:async )?function (\w+)/.exec(line) ?? [];
    if (name) within = name;
    else if (/^}/.test(line)) within = '';
    const [, indent = '', variable] =
      /^( *)(?:const|let|readonly) (\w+)(?:: [^=]+)? = new (?:Weak)?(?:Map|Set)(?:<.+>)?\(\)/.exec(line) ?? [];
    const isLong = indent === '' || (/^(create|remember)/.test(within) && indent === '  ');
    if (variable && isLong) names.push(variable);
  }
  return names;
}
