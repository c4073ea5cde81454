// Two processes on one database, each spoken to directly: what one does, the other knows. Fifty looks, 20 ms apart, are
// the second within which access must have ended.

import http from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { workspaceRoutes } from '../../../src/contract/workspace.ts';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair, createClient, type WorkspaceClient } from '../api.ts';
import { createScimClient, type ScimClient } from './load.ts';

const withinASecond = 50;
let first: Server;
let second: Server;
let pair: ConnectedPair;
/** The admin's browser, as it arrives at the second process. */
let beside: WorkspaceClient;
const clients: ScimClient[] = [];
const scim = (server: Server, token: string): ScimClient => {
  const client = createScimClient(() => server.port, token);
  clients.push(client);
  return client;
};

beforeAll(async () => {
  first = await startServer({ environment: { METRICS_PORT: '0' } });
  // Before the second one prints links of its own, which take the place of these.
  pair = await connectedPair({ workspace: first, identity: first });
  second = await startServer({ beside: first });
  // One public address, two processes: the same cookies, another port.
  const throughSecond = {
    ...pair.browser,
    request: (method: string, url: string, sent = {}) => {
      const cookies = Object.entries(pair.browser.cookiesOf(first.workspace)).map(
        ([name, value]) => `${name}=${value}`,
      );
      const { headers = {}, ...rest } = sent as { headers?: Record<string, string> };
      const { host } = new URL(first.workspace);
      return ask(second.port, method, new URL(url), {
        ...rest,
        headers: { ...headers, host, cookie: cookies.join('; ') },
      });
    },
  };
  beside = createClient(throughSecond, first.workspace, workspaceRoutes);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await second.remove();
  await first.remove();
});

interface Asked {
  headers: Record<string, string>;
  body?: string;
}

function ask(port: number, method: string, { pathname, search, href }: URL, { headers, body }: Asked) {
  return new Promise<{ url: string; status: number; headers: http.IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const all = { 'sec-fetch-site': 'same-origin', ...headers };
      const at = { host: '127.0.0.1', port, method, path: pathname + search, headers: all, agent: false };
      const request = http.request(at, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ url: href, status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

it('a session opened at one is a session at the other', async () => {
  expect(await beside('session')).toMatchObject({ tenant: { slug: 'acme' }, person: { role: expect.any(String) } });
});

it('a token made at one is let in at the other at once, and refused within a second of being revoked', async () => {
  const { token, id } = await pair.workspace('createToken');
  const client = scim(second, token);
  expect((await client.send('GET', '/Users?count=1')).status).toBe(200);
  await pair.workspace('revokeToken', { parameters: { id } });
  await until(
    () => client.send('GET', '/Users?count=1'),
    ({ status }) => status === 401,
    withinASecond,
  );
  expect((await scim(first, token).send('GET', '/Users?count=1')).status).toBe(401);
});

it('what one writes the other reads at once', async () => {
  const [here, there] = [scim(first, pair.token), scim(second, pair.token)];
  const { body } = await here.send('POST', '/Users', { userName: 'etag@acme.example' });
  const change = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
  expect((await there.send('PATCH', `/Users/${body.id}`, change)).status).toBeLessThan(300);
  const read = await here.send('GET', `/Users/${body.id}`);
  expect(read.body.title).toBe('x');
});

it('a page at one hears of a change made at the other', async () => {
  const { host } = new URL(first.workspace);
  const cookies = Object.entries(pair.browser.cookiesOf(first.workspace)).map(([name, value]) => `${name}=${value}`);
  let heard = '';
  const stream = http.get({
    ...{ host: '127.0.0.1', port: second.port, path: '/api/events', agent: false },
    headers: { host, cookie: cookies.join('; '), 'sec-fetch-site': 'same-origin' },
  });
  stream.on('response', (response) => response.on('data', (chunk) => (heard += chunk)));
  stream.on('error', () => {});
  await until(() => heard.includes('still here'));
  await scim(first, pair.token).send('POST', '/Users', { userName: 'heard@acme.example' });
  await until(() => /event: people/.test(heard) && /event: requests/.test(heard));
  stream.destroy();
});

it('whoever is deactivated at one has no session at the other, and their open page ends within a second', async () => {
  const { people } = await pair.workspace('people', { query: { search: 'etag' } });
  const id = people[0]?.id ?? '';
  const { link } = JSON.parse(
    await first.command('admin', 'invite', 'acme', '--name', 'Eve Adam', '--email', 'eve@acme.example', '--json'),
  );
  const { pathname } = new URL(link);
  const { host, origin } = new URL(first.workspace);
  const entered = await ask(first.port, 'POST', new URL(`${origin}/api${pathname}`), {
    headers: { host, 'content-type': 'application/json' },
    body: JSON.stringify({ password: 'the goat ate my hat again' }),
  });
  expect(entered.status, entered.body).toBe(200);
  const cookie = (entered.headers['set-cookie'] ?? []).map((set) => set.split(';')[0]).join('; ');
  const session = () => ask(second.port, 'GET', new URL(`${origin}/api/session`), { headers: { host, cookie } });
  expect(JSON.parse((await session()).body).person).not.toBeNull();
  let isEnded = false;
  const stream = http.get({
    ...{ host: '127.0.0.1', port: second.port, path: '/api/events', agent: false },
    headers: { host, cookie, 'sec-fetch-site': 'same-origin' },
  });
  let isOpen = false;
  stream.on('response', (response) => {
    isOpen = response.statusCode === 200;
    response.resume().on('end', () => {
      isEnded = true;
    });
  });
  stream.on('error', () => {});
  await until(() => isOpen);
  const { people: eves } = await pair.workspace('people', { query: { search: 'eve@acme' } });
  await pair.workspace('deactivatePerson', { parameters: { id: eves[0]?.id ?? id } });
  expect(JSON.parse((await session()).body).person).toBeNull();
  await until(() => isEnded, Boolean, 100);
});

it('what one did is in its metrics, on a port of their own; what is in the tables is in everybody’s', async () => {
  const address = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(first.output())?.[0] ?? '';
  const text = await (await fetch(address)).text();
  expect(text).toMatch(
    /^scim_requests_total\{resource="User",operation="create",outcome="accepted",idp="[^"]+"\} [1-9]/m,
  );
  expect(text).toMatch(/^sso_logins_total\{site="workspace",outcome="tested"\} 1$/m);
  expect(text).toMatch(/^sso_logins_total\{site="identity",outcome="answered"\} 1$/m);
  expect(text).toMatch(/^jobs_queue_depth\{queue="deliver"\} \d+$/m);
  expect(text).toMatch(/^provisioning_tasks\{state="\w+"\} \d+$/m);
  expect(text).not.toContain('acme');
  expect((await ask(first.port, 'GET', new URL(`${first.workspace}/metrics`), { headers: {} })).body).not.toContain(
    'scim_',
  );
});

it('the log of both is one, from the command line too', async () => {
  await scim(second, pair.token).send('GET', '/Users?filter=userName%20eq%20%22nobody%22');
  const said = await until(
    () => first.command('logs', 'tail', '--workspace', 'acme', '--no-follow', '--lines', '50'),
    (lines) => lines.includes('looked up nobody'),
    10,
  );
  expect(said).toMatch(/201 {2}.* created etag@acme\.example/);
});
