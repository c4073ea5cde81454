// Starting, refusing to start and stopping: a sentence and an exit code for everything that is in the way, a code for the
// first admin, and requests in flight that are finished.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFolder } from '../../../src/config.ts';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { createBrowser, createEnds, Refused, send, type WorkspaceClient } from '../api.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer({ arguments: ['--no-demo'] });
});
afterAll(async () => {
  await server.remove();
});

/** Runs `rollcall serve` to its end. */
async function serve(environment: Record<string, string>): Promise<{ code: number | null; said: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-start-'));
  const child: ChildProcess = spawn(process.execPath, ['src/cli.ts', 'serve'], {
    cwd: projectFolder,
    env: {
      ...process.env,
      LOG_LEVEL: 'warn',
      ROLLCALL_DATA_DIR: folder,
      PORT: '0',
      IDENTITY_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  rmSync(folder, { recursive: true, force: true });
  return { code, said: said.trim().split('\n') };
}

async function portOf(): Promise<{ port: string; close(): void }> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  return { port: String((taken.address() as { port: number }).port), close: () => taken.close() };
}

const away = { SECRET_KEY: 'x'.repeat(40), DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:9/rollcall' };
it.each([
  ['a database that is not there', away, /^The database .*127\.0\.0\.1/],
  [
    'plain http under a name that is not ours',
    { PUBLIC_URL: 'http://people.example' },
    /^PUBLIC_URL is plain http on "people\.example"/,
  ],
  [
    'plain http at the other end',
    { IDENTITY_PUBLIC_URL: 'http://id.example' },
    /^IDENTITY_PUBLIC_URL is plain http on "id\.example"/,
  ],
  ['a port that is none', { PORT: '80800' }, /^PORT must be a port number/],
  ['a database without a key', { DATABASE_URL: away.DATABASE_URL }, /^DATABASE_URL is set, so SECRET_KEY/],
])('%s: one sentence, exit code 1', async (_what, environment, sentence) => {
  const { code, said } = await serve(environment);
  expect(said).toEqual([expect.stringMatching(sentence)]);
  expect(said.join()).not.toContain('secret@');
  expect(code).toBe(1);
});

it('a busy port is refused in a sentence that says what to do', async () => {
  for (const name of ['PORT', 'IDENTITY_PORT']) {
    const { port, close } = await portOf();
    const { code, said } = await serve({ [name]: port });
    close();
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^Port ${port} is in use by another program\\..* ${name}=`)),
    ]);
    expect(code).toBe(1);
  }
});

it('--no-demo prints a code for each end, and whoever has it is the first owner, once', async () => {
  const ends = createEnds(createBrowser(), server);
  for (const end of ['workspace', 'identity'] as const) {
    // What signs in and sets up has the same names at both ends.
    const client = ends[end] as WorkspaceClient;
    const call = (code: string) =>
      client('setup', {
        body: {
          ...{ code, tenantName: 'Globex', slug: 'globex', name: 'Mia Wong', email: 'mia@globex.example' },
          password: 'seven herons at the lake',
        },
      });
    expect(await client('session')).toMatchObject({ setupNeeded: true, person: null });
    const code = new RegExp(`${server[end]}/setup   code (\\S+)`).exec(server.output())?.[1] ?? '';
    await expect(call('AAAA-BBBB-CCCC-DDDD-EEEE')).rejects.toBeInstanceOf(Refused);
    await call(code);
    expect(await client('session')).toMatchObject({
      setupNeeded: false,
      person: { name: 'Mia Wong', role: 'owner' },
    });
    await expect(call(code)).rejects.toBeInstanceOf(Refused);
  }
});

it('a graceful stop finishes the request in flight, then nothing answers', async () => {
  const { port } = new URL(server.workspace);
  const body = JSON.stringify({ email: 'mia@globex.example', password: 'seven herons at the lake' });
  const outgoing = http.request({
    ...{ host: '127.0.0.1', port, method: 'POST', path: '/api/sign-in', agent: false },
    headers: {
      ...{ host: new URL(server.workspace).host, 'sec-fetch-site': 'same-origin' },
      ...{ 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), expect: '100-continue' },
    },
  });
  outgoing.flushHeaders();
  // The server has the request and waits for its body.
  await once(outgoing, 'continue');
  const stopped = server.stop();
  await until(() =>
    send('GET', `${server.workspace}/healthz`).then(
      () => false,
      () => true,
    ),
  );
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [http.IncomingMessage];
  expect(response.statusCode).toBe(200);
  response.resume();
  expect(await stopped).toBe(0);
});
