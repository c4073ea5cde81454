// Every route of the workspace's table, as every role, from a foreign workspace and from a foreign site (A05, A10, N05).
// The matrix is made from the table: a new route is tested without a line here.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayCall, pathOf, type Role, type Route } from '../../../src/contract/route.ts';
import { workspaceRoutes } from '../../../src/contract/workspace.ts';
import { createId } from '../../../src/secrets/identifier.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { type Browser, createWorld, type World } from './world.ts';

let test: TestDatabase;
let world: World;
let acme: Awaited<ReturnType<World['workspace']>>;
let bolt: Awaited<ReturnType<World['workspace']>>;
const browsers = new Map<string, Browser>();

beforeAll(async () => {
  test = await createTestDatabase();
  world = createWorld(test.open('rollcall_workspace'));
  acme = await world.workspace('acme');
  bolt = await world.workspace('bolt');
  for (const role of ['owner', 'admin', 'member'] as const)
    browsers.set(role, await world.browserOf(acme.tenant, acme.people[role]));
  browsers.set('nobody', world.browser());
});
afterAll(() => test.drop());

const routes = Object.entries(workspaceRoutes) as [string, Route][];
const roles: (Role | 'nobody')[] = ['nobody', 'member', 'admin', 'owner'];
/** An id that nothing has: what is allowed then answers 404 or a complaint about the body, never 401 or 403. */
const parameters = { id: createId(new Date(0)), token: 'x'.repeat(64), slug: 'nowhere' };

function send(browser: Browser, route: Route, ids: Record<string, string>) {
  const body = route.body ? {} : undefined;
  return browser.send(route.method, pathOf(route, ids), body);
}

describe('the route table', () => {
  describe.each(roles)('as %s', (role) => {
    it.each(routes.filter(([name]) => name !== 'signOut'))('%s', async (_name, route) => {
      const answer = await send(browsers.get(role) as Browser, route, parameters);
      const allowed = mayCall(route.access, role === 'nobody' ? undefined : role);
      if (allowed) expect([401, 403], JSON.stringify(answer.body)).not.toContain(answer.status);
      else expect(answer.status).toBe(role === 'nobody' ? 401 : 403);
      expect(answer.status).toBeLessThan(500);
    });
  });

  it('nothing failed here while they were tried', () => {
    expect(world.failures).toEqual([]);
  });

  it.each(routes.filter(([, route]) => route.method !== 'GET'))(
    'A05: %s is refused from another site',
    async (_name, route) => {
      const owner = browsers.get('owner') as Browser;
      for (const headers of [
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
      ]) {
        const answer = await owner.send(route.method, pathOf(route, parameters), route.body ? {} : undefined, headers);
        expect(answer).toMatchObject({ status: 403, body: { type: '/problems/cross-site' } });
      }
    },
  );

  it('A05: without fetch metadata the origin decides', async () => {
    const request = (headers: Record<string, string>) =>
      world.end.fetch(
        new Request('http://workspace.localhost:8080/api/sign-out', {
          method: 'POST',
          headers: {
            cookie: `rollcall_workspace=${browsers.get('owner')?.cookies.get('rollcall_workspace')}`,
            ...headers,
          },
        }),
        { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
      );
    expect((await request({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await request({ origin: 'null' })).status).toBe(403);
    expect((await request({})).status).toBe(403);
  });

  it.each(routes.filter(([, route]) => route.path.includes(':id')))(
    'N05: %s answers for another workspace as for nobody',
    async (_name, route) => {
      const admin = browsers.get('owner') as Browser;
      const foreign = await send(admin, route, { ...parameters, id: bolt.people.member });
      const absent = await send(admin, route, parameters);
      expect(foreign.status).toBe(absent.status);
      expect(foreign.body?.detail).toBe(absent.body?.detail);
    },
  );

  it('A06, A07: every answer carries the headers, refusals included', async () => {
    for (const [, route] of routes) {
      const { headers } = await send(browsers.get('nobody') as Browser, route, parameters);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('nobody’s malformed address is our failure', async () => {
    for (const path of ['/%E0%A4.js', '/%.css', '/api/people/%E0', '/%E0/saml/metadata', '/%E0/saml/start']) {
      const answer = await (browsers.get('owner') as Browser).send('GET', path);
      expect(answer.status, path).toBeLessThan(500);
      expect(answer.headers.get('x-content-type-options'), path).toBe('nosniff');
    }
  });

  it('an unknown API path is a problem, not a page', async () => {
    expect(await world.browser().send('GET', '/api/nothing')).toMatchObject({
      status: 404,
      body: { type: '/problems/not-found' },
    });
  });
});
