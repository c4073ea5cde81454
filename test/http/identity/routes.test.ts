// Every route of the identity provider's table, as every role, from a foreign organization and from a foreign site (A05,
// A10, N05). The matrix is made from the table: a new route is tested without a line here, unless it names something by an
// id and has a body, which must then be a body that is read as far as the id.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityRoutes } from '../../../src/contract/identity.ts';
import { mayCall, type Role, type Route } from '../../../src/contract/route.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import type { Answer, Browser } from '../browser.ts';
import { appMetadata, createSite, type Organization, type Site } from './site.ts';

let test: TestDatabase;
let site: Site;
let acme: Organization;
let bolt: Organization;
let before: Record<string, unknown>;
let owner: Browser;
let ours: Things;
let theirs: Things;
const browsers = new Map<string, Browser>();

/** One of everything that has an id. */
interface Things {
  user: string;
  group: string;
  role: string;
  app: string;
  task: string;
  job: string;
}

async function make(browser: Browser, user: string): Promise<Things> {
  const post = async (path: string, body: object): Promise<Answer['body']> => {
    const answer = await browser.send('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body;
  };
  const metadata = { xml: appMetadata('https://app.example') };
  const app = (await post('/api/apps', { connector: 'scim2', name: 'App', metadata })).id;
  const group = (await post('/api/groups', { name: 'Group' })).id;
  const role = (await post('/api/roles', { name: 'Role' })).id;
  const task = (await post(`/api/users/${user}/apps/${app}`, {})).assignment;
  const who = { kind: 'everyone' };
  const job = (await post('/api/bulk', { who, role, operation: 'assign-app', app })).id;
  return { user, group, role, app, task, job };
}

beforeAll(async () => {
  test = await createTestDatabase();
  site = createSite(test.open('rollcall_identity'));
  acme = await site.organization('acme');
  bolt = await site.organization('bolt');
  for (const role of ['owner', 'admin', 'member'] as const)
    browsers.set(role, await site.browserOf(acme.tenant, acme.people[role]));
  browsers.set('nobody', site.browser());
  owner = browsers.get('owner') as Browser;
  ours = await make(owner, acme.people.member);
  theirs = await make(await site.browserOf(bolt.tenant, bolt.people.owner), bolt.people.member);
  before = await rowsOf(bolt.tenant);
});
afterAll(async () => {
  await site.end.stop();
  expect(site.failures).toEqual([]);
  await test.drop();
});

const routes = Object.entries(identityRoutes) as [keyof typeof identityRoutes, Route][];
const roles: (Role | 'nobody')[] = ['nobody', 'member', 'admin', 'owner'];
const nothing = createId(new Date(0));
const absent: Things = { user: nothing, group: nothing, role: nothing, app: nothing, task: nothing, job: nothing };

/** What `:id` of a path names, by the collection it stands behind. */
const collections: Record<string, keyof Things> = {
  ...{ users: 'user', groups: 'group', roles: 'role', apps: 'app', tasks: 'task', bulk: 'job', mails: 'user' },
};

function fill(route: Route, things: Things): string {
  const other = { token: 'x'.repeat(64), slug: 'nowhere' };
  return route.path.replace(/([\w-]+)\/:(\w+)/g, (_whole, before: string, name: string) => {
    const kind = collections[before];
    return `${before}/${kind === undefined ? other[name as keyof typeof other] : things[kind]}`;
  });
}

const settings = {
  ...{ enabled: false, approveCreate: true, approveUpdate: true, approveDelete: true },
  ...{ onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend' },
};
/** Bodies that are read as far as the id in the path. */
const bodies: Partial<Record<keyof typeof identityRoutes, object>> = {
  updateUser: { title: 'Countess' },
  activateUser: { invite: false },
  setUserRoles: { roles: [] },
  setUserGroups: { groups: [] },
  setAdminRole: { role: 'member' },
  updateApp: { name: 'Name' },
  saveConfiguration: { baseUrl: 'https://app.example/scim' },
  saveProvisioning: settings,
  setAppRoles: { roles: [] },
  appRolesPreview: { roles: [] },
};

function send(browser: Browser, route: Route, things: Things, headers: Record<string, string> = {}) {
  return browser.send(route.method, fill(route, things), route.body ? {} : undefined, headers);
}

/** All rows of the other organization, to see that nothing of it was written. */
async function rowsOf(tenant: string): Promise<Record<string, unknown>> {
  const { rows } = await test.asOwner("select tablename as name from pg_tables where schemaname = 'identity'");
  const digests: Record<string, unknown> = {};
  for (const { name } of rows) {
    const found = await test.asOwner(
      `select count(*) as n, md5(string_agg(t::text, ' ' order by t::text)) as digest from identity.${name} t where tenant = $1`,
      [tenant],
    );
    digests[name] = found.rows[0];
  }
  return digests;
}

describe('the route table', () => {
  describe.each(roles)('as %s', (role) => {
    it.each(routes.filter(([name]) => name !== 'signOut'))('%s', async (_name, route) => {
      const answer = await send(browsers.get(role) as Browser, route, absent);
      const allowed = mayCall(route.access, role === 'nobody' ? undefined : role);
      if (allowed) expect([401, 403], JSON.stringify(answer.body)).not.toContain(answer.status);
      else expect(answer.status).toBe(role === 'nobody' ? 401 : 403);
      expect(answer.status).toBeLessThan(500);
    });
  });

  it('only what signs somebody in is public, and a member reads no more than their own', () => {
    const of = (access: Route['access']) => routes.filter(([, route]) => route.access === access).map(([name]) => name);
    expect(of('public')).toEqual([...['session', 'signIn', 'link', 'useLink', 'renewLink', 'forgotPassword', 'setup']]);
    expect(of('member')).toEqual(['signOut', 'setPassword', 'myApps', 'article']);
    expect(of('local')).toEqual(['mailbox']);
  });

  it.each(routes.filter(([, route]) => route.method !== 'GET'))(
    'A05: %s is refused from another site',
    async (_name, route) => {
      for (const from of ['cross-site', 'same-site', 'none']) {
        const answer = await send(owner, route, ours, { 'sec-fetch-site': from });
        expect(answer).toMatchObject({ status: 403, body: { type: '/problems/cross-site' } });
      }
    },
  );

  it.each(['https://evil.example', 'null', undefined])(
    'A05: without fetch metadata the origin decides: %s',
    async (from) => {
      const request = new Request('http://identity.localhost:8081/api/sign-out', {
        method: 'POST',
        headers: {
          cookie: `rollcall_identity=${owner.cookies.get('rollcall_identity')}`,
          ...(from === undefined ? {} : { origin: from }),
        },
      });
      const { status } = await site.end.fetch(request, { incoming: { socket: { remoteAddress: '127.0.0.1' } } });
      expect(status).toBe(403);
    },
  );

  it('A06, A07: every answer carries the headers, refusals and the SAML addresses included', async () => {
    const nobody = browsers.get('nobody') as Browser;
    const paths = ['/acme/saml/metadata', '/nowhere/saml/metadata', '/acme/saml/sso', '/api/events', '/api/nothing'];
    const answers = [
      ...(await Promise.all(routes.map(([, route]) => send(nobody, route, absent)))),
      ...(await Promise.all(paths.map((path) => nobody.send('GET', path)))),
      await send(owner, identityRoutes.users, ours),
    ];
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('nobody’s malformed address is our failure', async () => {
    for (const path of ['/%E0%A4.js', '/%.css', '/api/users/%E0', '/%E0/saml/metadata', '/%E0/saml/sso']) {
      const answer = await owner.send('GET', path);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  it('an unknown API path is a problem, not a page', async () => {
    expect(await site.browser().send('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { type: '/problems/not-found' },
    });
  });
});

describe('N05: a foreign id answers as one that nothing has', () => {
  const kindsOf = (route: Route) =>
    [...route.path.matchAll(/([\w-]+)\/:/g)].flatMap(([, before = '']) => collections[before] ?? []);
  const named = routes.flatMap(([name, route]) => kindsOf(route).map((kind) => [name, kind, route] as const));

  it.each(named)('%s, the %s of its path', async (name, kind, route) => {
    const body = route.body ? (bodies[name] ?? {}) : undefined;
    const ask = (things: Things) => owner.send(route.method, fill(route, { ...ours, [kind]: things[kind] }), body);
    const [foreign, nobodys] = [await ask(theirs), await ask(absent)];
    expect(foreign.status, JSON.stringify(foreign.body)).toBe(404);
    expect({ ...foreign, headers: 0, body: { ...foreign.body, instance: 0 } }).toEqual({
      ...{ ...nobodys, headers: 0, body: { ...nobodys.body, instance: 0 } },
    });
  });

  const user = { userName: 'new', displayName: 'N', givenName: 'N', familyName: 'N', email: 'n@acme.example' };
  const bulk = { who: { kind: 'everyone' }, operation: 'activate' };
  const inBodies: [keyof typeof identityRoutes, (things: Things) => object][] = [
    ['createUser', (things) => ({ ...user, manager: things.user })],
    ['updateUser', (things) => ({ manager: things.user })],
    ['setUserRoles', (things) => ({ roles: [things.role] })],
    ['setUserGroups', (things) => ({ groups: [things.group] })],
    ['updateGroup', (things) => ({ members: [things.user] })],
    ['updateRole', (things) => ({ members: [things.user] })],
    ['updateRole', (things) => ({ apps: [things.app] })],
    ['rolePreview', (things) => ({ members: [things.user] })],
    ['rolePreview', (things) => ({ apps: [things.app] })],
    ['setAppRoles', (things) => ({ roles: [things.role] })],
    ['appRolesPreview', (things) => ({ roles: [things.role] })],
    ['approve', (things) => ({ ids: [things.task] })],
    ['skip', (things) => ({ ids: [things.task] })],
    ['retry', (things) => ({ ids: [things.task] })],
    ['bulkPreview', (things) => ({ ...bulk, role: things.role })],
    ['bulkPreview', (things) => ({ ...bulk, operation: 'assign-app', app: things.app })],
    ...(['bulkPreview', 'startBulk'] as const).flatMap((name): [typeof name, (things: Things) => object][] => [
      [name, (things) => ({ ...bulk, who: { kind: 'selected', users: [things.user] } })],
      [name, (things) => ({ ...bulk, who: { kind: 'role', role: things.role } })],
      [name, (things) => ({ ...bulk, who: { kind: 'group', group: things.group } })],
    ]),
  ];
  it.each(inBodies)('%s, in its body', async (name, body) => {
    const route: Route = identityRoutes[name];
    const ask = (things: Things) => owner.send(route.method, fill(route, ours), body(things));
    const [foreign, nobodys] = [await ask(theirs), await ask(absent)];
    expect(foreign.status, JSON.stringify(foreign.body)).toBeLessThan(500);
    expect({ ...foreign, headers: 0, body: { ...foreign.body, instance: 0 } }).toEqual({
      ...{ ...nobodys, headers: 0, body: { ...nobodys.body, instance: 0 } },
    });
  });

  it.each(['/api/users?role=role', '/api/users?group=group', '/api/users?app=app', '/api/tasks?app=app'])(
    '%s, in its query',
    async (path) => {
      const ask = (things: Things) =>
        owner.send(
          'GET',
          path.replace(/=(\w+)/, (_whole, kind: string) => `=${things[kind as keyof Things]}`),
        );
      expect((await ask(theirs)).body).toEqual((await ask(absent)).body);
    },
  );

  it('and nothing of the other organization was changed', async () => {
    expect(await rowsOf(bolt.tenant)).toEqual(before);
  });
});
