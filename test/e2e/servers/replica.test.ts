// A real standby whose replay is stopped, so that it stays behind for as long as the test wants: what may be behind is, and
// whoever has just written sees what they wrote. Needs Debian's PostgreSQL for pg_basebackup.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oldestServerBinaries } from '../../oldest-server.ts';
import { type Server, startServer } from '../../server.ts';
import { onServer } from '../../servers.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair } from '../api.ts';
import { createScimClient, type ScimClient } from './load.ts';
import { type Replicated, startReplicated } from './standby.ts';

const binaries = oldestServerBinaries ?? '';
const canRun = existsSync(join(binaries, 'pg_basebackup'));

let replicated: Replicated;
let server: Server;
let pair: ConnectedPair;
let client: ScimClient;
const addressOf = (port: number | undefined) => `postgresql://postgres@127.0.0.1:${port}/postgres`;
beforeAll(async () => {
  if (!canRun) return;
  replicated = await startReplicated(binaries);
  server = await startServer({
    environment: {
      DATABASE_URL: addressOf(replicated.primary()),
      DATABASE_REPLICA_URL: addressOf(replicated.standby()),
      SECRET_KEY: 'a secret key for tests, long enough for it',
    },
  });
  pair = await connectedPair({ workspace: server, identity: server });
  client = createScimClient(() => server.port, pair.token);
});
afterAll(async () => {
  client?.close();
  await server?.remove();
  replicated?.stop();
});

const operationSeen = async (operation: string) =>
  (await pair.workspace('scim')).operationsSeen.find((each) => each.operation === operation)?.at ?? null;
const replay = (what: 'pause' | 'resume') =>
  onServer(addressOf(replicated.standby()), `select pg_wal_replay_${what}()`);

const why = canRun ? '' : ' (no pg_basebackup here)';
it.skipIf(!canRun)(`figures may be behind; whoever wrote reads what they wrote${why}`, async () => {
  await replay('pause');
  const seen = await operationSeen('delete');
  for (let n = 0; n < 20; n += 1) {
    const userName = `behind-${n}@acme.example`;
    const { body } = await client.send('POST', '/Users', { userName });
    expect(await client.send('GET', `/Users/${body.id}`)).toMatchObject({ status: 200, body: { userName } });
    const filter = encodeURIComponent(`userName eq "${userName}"`);
    expect((await client.send('GET', `/Users?filter=${filter}`)).body).toMatchObject({ totalResults: 1 });
    expect((await client.send('DELETE', `/Users/${body.id}`)).status).toBe(204);
    expect((await client.send('GET', `/Users/${body.id}`)).status).toBe(404);
  }
  // The request log is the primary's, the figures are the standby's.
  const { requests } = await pair.workspace('requests', { query: { search: 'behind-19' } });
  expect(requests.length).toBeGreaterThan(0);
  expect(await operationSeen('delete')).toBe(seen);
  await replay('resume');
  await until(
    () => operationSeen('delete'),
    (at) => at !== seen,
  );
});
