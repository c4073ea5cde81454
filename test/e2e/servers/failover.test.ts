// The primary dies under load and its synchronous standby takes its place: once, or ten times with RELEASE=1. The address
// is moved, as an operator's tools would, and two processes of Rollcall go on by themselves: requests fail while it
// happens and not after, and nothing that was acknowledged is lost. Needs Debian's PostgreSQL for pg_basebackup.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oldestServerBinaries } from '../../oldest-server.ts';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { send } from '../api.ts';
import { auditBooks } from './books.ts';
import { createScimClient, lostOf, madeBy, type ScimClient, startLoad } from './load.ts';
import { type MovableAddress, openMovableAddress, type Replicated, startReplicated } from './standby.ts';

const rounds = process.env['RELEASE'] ? 10 : 1;
const binaries = oldestServerBinaries ?? '';
const canRun = existsSync(join(binaries, 'pg_basebackup'));

let replicated: Replicated;
let address: MovableAddress;
const servers: Server[] = [];
const clients: ScimClient[] = [];
beforeAll(async () => {
  if (!canRun) return;
  replicated = await startReplicated(binaries);
  address = await openMovableAddress(replicated.primary());
  const environment = {
    DATABASE_URL: `postgresql://postgres@127.0.0.1:${address.port}/postgres`,
    SECRET_KEY: 'a secret key for tests, long enough for it',
  };
  const first = await startServer({ environment });
  servers.push(first, await startServer({ environment, beside: first }));
  const { token } = JSON.parse(await first.command('token', 'create', 'acme', '--json'));
  for (const { port } of servers) clients.push(createScimClient(() => port, token));
});
afterAll(async () => {
  for (const client of clients) client.close();
  for (const server of servers.reverse()) await server.remove();
  await address?.close();
  replicated?.stop();
});

const bothReady = () =>
  until(async () => {
    const answers = await Promise.all(servers.map(({ port }) => send('GET', `http://127.0.0.1:${port}/readyz`)));
    return answers.every(({ status }) => status === 200);
  });

const name = `${rounds} times: the standby takes over, nothing acknowledged is lost`;
it.skipIf(!canRun)(canRun ? name : `${name} (no pg_basebackup here)`, { timeout: 3_600_000 }, async () => {
  const load = await startLoad(clients, 8);
  let during = 0;
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) await replicated.rebuild();
    await load.more(10);
    const before = load.failures.length;
    const next = replicated.failOver();
    address.cut();
    address.target = await next;
    address.cut();
    await bothReady().catch((error: Error) => {
      throw new Error(`${error.message}\n${servers.map((server) => server.output()).join('\n')}`);
    });
    // What was under way when it came back has its answer; from here on everything succeeds.
    await load.more(8);
    const after = load.failures.length;
    await load.more(20);
    expect(load.failures.slice(after)).toEqual([]);
    during += after - before;
  }
  await load.stop();
  expect(during).toBeGreaterThan(0);
  const client = clients[0] as ScimClient;
  expect(await lostOf(load, client)).toEqual([]);
  expect(await auditBooks(`postgresql://postgres@127.0.0.1:${address.port}/postgres`)).toEqual([]);
  expect(new Set((await madeBy(client)).keys())).toEqual(new Set(load.acknowledged.keys()));
  console.log(
    `${rounds} failovers: ${load.acknowledged.size} people, ${load.successes} writes acknowledged, ${during} requests failed meanwhile, none after, nothing lost`,
  );
});
