// The reverse proxy of docs/operations.md, as it stands there: nginx is started with that configuration, its ports and
// certificate put in, before a real server. Needs nginx (Debian's), and openssl for a certificate.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../../src/config.ts';
import { freePort } from '../../free-port.ts';
import { unprivileged } from '../../oldest-server.ts';
import { printedLink, type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';

const nginx = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find((file) => existsSync(file));
const names = { workspace: 'people.example', identity: 'id.example' };
let server: Server;
let folder: string;
let proxy: ChildProcess;
let port: number;
let certificate: string;

/** The example of the documentation, with what is this machine's put in. */
function configuration(): string {
  const text = readFileSync(join(projectFolder, 'docs', 'operations.md'), 'utf8');
  const example = /```nginx\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
  const placed = example
    .replaceAll('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replaceAll('/etc/rollcall/tls', folder)
    .replaceAll(':8080', `:${server.port}`)
    .replaceAll(':8081', `:${server.identityPort}`);
  // The second process of each is not running: the proxy must find that out by itself.
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, 'temp', kind)};`)
    .join('\n');
  return `daemon off; pid ${join(folder, 'pid')}; worker_processes 1; error_log ${join(folder, 'error.log')};
events { worker_connections 64; }
http { access_log off; ${temporary}
${placed} }`;
}

beforeAll(async () => {
  if (!nginx) return;
  server = await startServer({
    workspaceOrigin: () => `https://${names.workspace}`,
    environment: { IDENTITY_PUBLIC_URL: `https://${names.identity}`, TRUST_PROXY: '127.0.0.1', DRAIN_SECONDS: '0' },
  });
  folder = mkdtempSync(join(tmpdir(), 'rollcall-nginx-'));
  const user = unprivileged();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'temp'));
  const [key, chain] = [join(folder, 'private-key.pem'), join(folder, 'fullchain.pem')];
  const subject = ['-subj', '/CN=people.example', '-addext', 'subjectAltName=DNS:people.example,DNS:id.example'];
  const asked = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const made = spawnSync('openssl', [...asked, '-keyout', key, '-out', chain, ...subject]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  certificate = readFileSync(chain, 'utf8');
  port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration());
  if (user.uid !== undefined && user.gid !== undefined)
    for (const path of [folder, key, chain, file, join(folder, 'temp')]) chownSync(path, user.uid, user.gid);
  proxy = spawn(nginx, ['-c', file, '-p', folder], { ...user, stdio: ['ignore', 'ignore', 'pipe'] });
  await until(() =>
    ask(names.workspace, '/healthz').then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});
afterAll(async () => {
  if (!nginx) return;
  proxy.kill('SIGQUIT');
  await once(proxy, 'exit');
  await server.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Enough of a stream. */
  until?: RegExp;
}

function ask(name: string, path: string, { method = 'GET', headers = {}, body, until: enough }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }>(
    (resolve, reject) => {
      const at = { host: '127.0.0.1', port, method, path, servername: name, ca: certificate, agent: false };
      const request = https.request({ ...at, headers: { host: name, ...headers } }, (response) => {
        let text = '';
        const answer = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
          if (!enough?.test(text)) return;
          answer();
          request.destroy();
        });
        response.on('end', answer);
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

const runs = it.skipIf(!nginx);
const why = nginx ? '' : ' (no nginx here)';

runs(`both names lead to their end over TLS${why}`, async () => {
  for (const name of Object.values(names)) {
    expect(await ask(name, '/readyz')).toMatchObject({ status: 200 });
    const page = await ask(name, '/signin');
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': expect.stringMatching(/^text\/html/) } });
  }
});

runs(`SCIM arrives whole, from whom the proxy says, and cannot be made to say another${why}`, async () => {
  const { token, baseUrl } = JSON.parse(await server.command('token', 'create', 'acme', '--json'));
  expect(baseUrl).toBe(`https://${names.workspace}/acme/scim/v2`);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' };
  const title = 'x'.repeat(1_500);
  const made = await ask(names.workspace, '/acme/scim/v2/Users', {
    method: 'POST',
    headers: { ...headers, 'x-forwarded-for': '203.0.113.9' },
    body: JSON.stringify({ userName: 'proxied@acme.example', title }),
  });
  expect(made.status, made.body).toBe(201);
  expect(made.headers['location']).toMatch(/^https:\/\/people\.example\/acme\/scim\/v2\/Users\//);
  const said = await server.command('logs', 'tail', '--workspace', 'acme', '--no-follow', '--json');
  const logged = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(logged.find(({ method }) => method === 'POST')).toMatchObject({ remoteAddress: '127.0.0.1', status: 201 });
});

runs(`a page's stream is not held back${why}`, async () => {
  const { pathname } = new URL(printedLink(server, 'workspace'));
  const origin = `https://${names.workspace}`;
  const entered = await ask(names.workspace, `/api${pathname}`, {
    ...{ method: 'POST', body: '{}' },
    headers: { 'content-type': 'application/json', origin, 'sec-fetch-site': 'same-origin' },
  });
  expect(entered.status, entered.body).toBe(200);
  const set = entered.headers['set-cookie'] as string[];
  expect(set[0]).toMatch(/^__Host-.*; Secure/i);
  const cookie = set.map((each) => each.split(';')[0]).join('; ');
  const headers = { cookie, 'sec-fetch-site': 'same-origin' };
  const stream = await ask(names.workspace, '/api/events', { headers, until: /still here/ });
  expect(stream).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
});
