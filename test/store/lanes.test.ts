// A connection's number chooses which row a writer shares with others of the moment. A pooler makes the number up
// (PgBouncer: any 32 bits), so half of them are negative: a relay makes this server's numbers so.
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld } from '../http/scim/world.ts';

/** BackendKeyData of PostgreSQL's protocol: "K", its length 12, the number, a secret. */
const keyData = Buffer.from([0x4b, 0, 0, 0, 12]);

let database: TestDatabase;
let relay: net.Server;
const wires: net.Socket[] = [];
let made = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  const target = new URL(database.url);
  relay = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    wires.push(near, far);
    for (const wire of [near, far]) wire.on('error', () => {});
    near.pipe(far);
    let isGreeting = true;
    far.on('data', (chunk: Buffer) => {
      const at = isGreeting ? chunk.indexOf(keyData) : -1;
      if (at >= 0) {
        isGreeting = false;
        made -= 1;
        chunk.writeInt32BE(made, at + keyData.length);
      }
      near.write(chunk);
    });
    far.on('close', () => near.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
});
afterAll(async () => {
  await database.drop();
  for (const wire of wires) wire.destroy();
  relay.close();
});

test('a connection with a negative number has a lane of its own, and who writes on it waits for nobody', async () => {
  const url = new URL(database.url);
  url.port = String((relay.address() as net.AddressInfo).port);
  const opened = database.open('rollcall_workspace', { url: url.href, poolUrl: undefined, poolSize: 20 });
  const world = createWorld(opened);
  const { tenant, send } = world.workspace('acme');
  const lanes = await Promise.all(
    Array.from({ length: 20 }, () =>
      opened.withTenant(tenant, async (transaction) => {
        await transaction.query('select 1');
        return transaction.lane;
      }),
    ),
  );
  expect(made).toBeLessThan(-15);
  expect(lanes.every((lane) => Number.isInteger(lane) && lane >= 0)).toBe(true);
  expect(new Set(lanes).size).toBeGreaterThan(10);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      send('POST', '/Groups', { displayName: `g${n}`, members: [{ value: `m${n}` }] }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
  const people = await Promise.all(Array.from({ length: 20 }, (_, n) => send('POST', '/Users', { userName: `m${n}` })));
  expect(people.map(({ status }) => status)).toEqual(Array(20).fill(201));
  expect(world.errors).toEqual([]);
});
