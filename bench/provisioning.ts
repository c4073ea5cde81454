// A bulk operation that gives everybody of an organization the app, from its start to the last *Provisioned*, both ends
// in one process as `npm start` runs them. Talks to: a real server over loopback.

import { connectedPair, type Pair } from '../test/e2e/api.ts';
import { memoryOf, type Server, startServer } from '../test/server.ts';

export interface ProvisioningMeasurement {
  people: number;
  /** From the start of the bulk operation to the last *Provisioned*. */
  seconds: number;
  /** Highest resident memory of the server's process meanwhile; its database is another process. */
  memoryMb: number;
}

const atOnce = 8;

/** Fills the demo's organization up, as an administrator's script would: managers in three levels, a group for each thirty. */
async function createUsers({ identity }: Pair, count: number): Promise<void> {
  const ids: string[] = [];
  const create = async (n: number) => {
    const manager = n < 10 ? null : (ids[n < 100 ? n % 10 : 10 + (n % 90)] ?? null);
    const body = {
      ...{ userName: `person${n}@acme.example`, email: `person${n}@acme.example`, displayName: `Person ${n}` },
      ...{ givenName: 'Person', familyName: String(n), title: 'Engineer', department: `Department ${n % 7}` },
      ...{ employeeType: 'Permanent', location: 'Lisbon', startDate: '2024-02-01', manager },
    };
    ids[n] = (await identity('createUser', { body })).id;
  };
  for (let n = 0; n < count; n += atOnce)
    await Promise.all(Array.from({ length: Math.min(atOnce, count - n) }, (_each, lane) => create(n + lane)));
  for (let n = 0; n < count; n += 30) {
    const { id } = await identity('createGroup', { body: { name: `Group ${n / 30}` } });
    await identity('updateGroup', { parameters: { id }, body: { members: ids.slice(n, n + 30) } });
  }
}

async function measure(server: Server, pair: Pair): Promise<ProvisioningMeasurement> {
  const { identity, workspace, app } = pair;
  let memoryMb = 0;
  const sampler = setInterval(() => {
    memoryMb = Math.max(memoryMb, memoryOf(server.child));
  }, 100);
  const counts = async () => (await identity('app', { parameters: { id: app } })).app.counts;
  const started = performance.now();
  const body = { who: { kind: 'everyone' }, operation: 'assign-app', app };
  await identity('startBulk', { body });
  const { total } = await identity('users', { query: { perPage: '1' } });
  for (;;) {
    const { provisioned, failed, held } = await counts();
    if (provisioned === total) break;
    if (failed + held > 0) throw new Error(`${failed} failed and ${held} are held.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const seconds = (performance.now() - started) / 1_000;
  clearInterval(sampler);
  const here = await workspace('people', { query: { source: 'scim', perPage: '1' } });
  if (here.total !== total) throw new Error(`${total} are provisioned, but ${here.total} are at the workspace.`);
  return { people: total, seconds, memoryMb };
}

/** @param people size of the organization, the demo's 41 among them */
export async function measureProvisioning(people: number): Promise<ProvisioningMeasurement> {
  const server = await startServer({ environment: { LOG_LEVEL: 'silent', SCIM_RATE: 'off' } });
  try {
    const pair = await connectedPair({ workspace: server, identity: server });
    await createUsers(pair, people - 41);
    return await measure(server, pair);
  } finally {
    await server.remove();
  }
}
