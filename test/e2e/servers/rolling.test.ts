// Two processes behind a proxy, restarted one after the other under load: three times, or a hundred with RELEASE=1. No
// request fails, nobody repeats one.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type Front, openFront } from './front.ts';
import { createScimClient, lostOf, type ScimClient, startLoad } from './load.ts';

const restarts = process.env['RELEASE'] ? 100 : 3;

const servers: Server[] = [];
let front: Front;
let client: ScimClient;
beforeAll(async () => {
  // Twenty looks of the proxy long: one that comes late on a busy machine is still in time.
  const environment = { DRAIN_SECONDS: '1' };
  const first = await startServer({ environment });
  servers.push(first, await startServer({ environment, beside: first }));
  front = await openFront(servers.map(({ port }) => port));
  const { token } = JSON.parse(await first.command('token', 'create', 'acme', '--json'));
  client = createScimClient(() => front.port, token);
});
afterAll(async () => {
  client.close();
  await front.close();
  for (const server of servers.reverse()) await server.remove();
});

it(`${restarts} restarts and no failed request`, { timeout: 3_600_000 }, async () => {
  const load = await startLoad([client], 6);
  for (let restart = 0; restart < restarts; restart += 1) {
    const server = servers[restart % 2] as Server;
    expect(await server.stop()).toBe(0);
    await server.restart();
    await until(() => front.isReady(server.port));
    await load.more(6);
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(await lostOf(load, client)).toEqual([]);
  console.log(`${restarts} restarts: ${load.successes} requests, ${load.failures.length} failed`);
});
