// Generated bulk requests against the real store: what holds over the store in memory (test/scim/bulk-fuzz.test.ts) holds
// over transactions with savepoints, and no text in them is the database's fault.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/scim/json.ts';
import { createTestDatabase, type TestDatabase } from '../../database.ts';
import { runs } from '../../runs.ts';
import { expectRefusal, expectResolved, expectSound, hasFailed } from '../../scim/bulk-answers.ts';
import { anyName, failOnErrors, oddOperations, place, plausibleOperations } from '../../scim/generated-bulk.ts';
import { here } from '../../scim/memory-site.ts';
import { createWorld, type Workspace, type World } from './world.ts';

let database: TestDatabase;
let world: World;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
});
afterAll(() => database.drop());

/** A workspace with those whom generated operations name, and their ids in place of the ones generated. */
async function peopled(operations: readonly JsonObject[]): Promise<{ acme: Workspace; asked: JsonObject[] }> {
  count += 1;
  const acme = world.workspace(`bulk-${count}`);
  const made = await acme.send('POST', '/Bulk', {
    Operations: [
      ...['ada', 'ben', 'otto'].map((userName) => ({
        method: 'POST',
        path: '/Users',
        bulkId: userName,
        data: { userName },
      })),
      ...['Team', 'Crew'].map((displayName) => ({
        ...{ method: 'POST', path: '/Groups', bulkId: displayName.toLowerCase(), data: { displayName } },
      })),
    ],
  });
  const ids = made.body.Operations.map(({ location }: { location: string }) => location.split('/').at(-1)) as string[];
  const text = Object.values(here).reduce(
    (all, id, index) => all.replaceAll(id, ids[index]!),
    JSON.stringify(place(operations, anyName)),
  );
  return { acme, asked: JSON.parse(text) as JsonObject[] };
}

async function everything(acme: Workspace): Promise<JsonObject[]> {
  const lists = await Promise.all(['/Users', '/Groups'].map((path) => acme.send('GET', path)));
  return lists.flatMap(({ body }) => body.Resources as JsonObject[]);
}

test(
  'C23, C24, C30: whatever is asked is answered in its place, and what is refused leaves nothing but its row',
  async () => {
    let [done, failed] = [0, 0];
    const operations = fc.oneof(plausibleOperations as unknown as typeof oddOperations, oddOperations);
    await fc.assert(
      fc.asyncProperty(operations, failOnErrors, async (generated, most) => {
        const { acme, asked } = await peopled(generated);
        const before = await everything(acme);
        const answer = await acme.send('POST', '/Bulk', { Operations: asked, ...(most ? { failOnErrors: most } : {}) });
        expect(world.errors).toEqual([]);
        const after = await everything(acme);
        expectResolved(after);
        if (answer.status !== 200) {
          expectRefusal(answer.status, answer.body);
          expect(after).toEqual(before);
          return;
        }
        const answers = expectSound(asked, most ?? Infinity, answer);
        const [rows] = await world.database.batch(acme.tenant, [
          {
            text: `select j.status from workspace.request_journal j
              where j.tenant = $1 and j.facts -> 'bulk' ->> 'request' = $2 order by j.id`,
            values: [acme.tenant, answer.headers.get('x-request-id')],
          },
        ]);
        expect(rows!.map((row) => String(row['status']))).toEqual(answers.map(({ status }) => status));
        failed += answers.filter(hasFailed).length;
        done += answers.length - answers.filter(hasFailed).length;
      }),
      // A smaller case of a failure costs a workspace for each step; the seed is in the message.
      { numRuns: runs(60), endOnFailure: true },
    );
    expect(Math.min(done, failed)).toBeGreaterThan(runs(60) / 10);
  },
  60_000 * runs(1),
);
