// kill -9 of the server and its database while SCIM clients write: three times, or two hundred with RELEASE=1, each after
// another number of writes. Nothing that was acknowledged is lost, nothing is there twice, and the books add up.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { auditBooks, embeddedAddress } from './books.ts';
import { createScimClient, lostOf, madeBy, type ScimClient, startLoad } from './load.ts';

const kills = process.env['RELEASE'] ? 200 : 3;

let server: Server;
let client: ScimClient;
beforeAll(async () => {
  server = await startServer();
  const { token } = JSON.parse(await server.command('token', 'create', 'acme', '--json'));
  client = createScimClient(() => server.port, token);
});
afterAll(async () => {
  client.close();
  await server.remove();
});

it(`${kills} kills under eight writers lose nothing and double nothing`, { timeout: 3_600_000 }, async () => {
  const load = await startLoad([client], 8);
  for (let kill = 0; kill < kills; kill += 1) {
    await load.more(1 + ((kill * 7) % 12));
    await server.kill();
    await server.restart();
  }
  await load.more(5);
  await load.stop();
  expect(await lostOf(load, client)).toEqual([]);
  expect(await auditBooks(embeddedAddress(server))).toEqual([]);
  // Whoever was made and not acknowledged was asked for again, and is acknowledged by now.
  expect(new Set((await madeBy(client)).keys())).toEqual(new Set(load.acknowledged.keys()));
  expect(load.failures.length).toBeGreaterThan(0);
  console.log(
    `${kills} kills: ${load.acknowledged.size} people, ${load.successes} writes acknowledged, ${load.failures.length} requests without success, nothing lost`,
  );
});
