// Bulk requests without circles, forward references among them, leave what a model says (RFC 7644 section 3.7).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../runs.ts';
import { directoryOf, modelledBulk } from './bulk-model.ts';
import { createMemorySite } from './memory-site.ts';

test('what can be done is done, whoever is named before their turn', async () => {
  let forward = 0;
  await fc.assert(
    fc.asyncProperty(modelledBulk, async ({ operations, left }) => {
      const site = createMemorySite();
      const untouched = directoryOf(await site.everything());
      const { status, body } = await site.send('POST', '/Bulk', { Operations: operations });
      expect([status, site.errors]).toEqual([200, []]);
      const failed = body.Operations.filter((each: { status: string }) => Number(each.status) >= 300);
      expect(failed).toEqual([]);
      for (const { data } of operations.filter(({ method }) => method === 'POST')) {
        const { userName, displayName } = data as { userName?: string; displayName?: string };
        delete untouched[String(userName ?? displayName)];
      }
      expect(directoryOf(await site.everything())).toEqual({ ...untouched, ...left });
      const made = operations.map(({ bulkId }) => bulkId);
      forward += operations.filter(({ data }, index) =>
        made.slice(index + 1).some((name) => name && JSON.stringify(data ?? '').includes(`"bulkId:${name}"`)),
      ).length;
    }),
    { numRuns: runs(300) },
  );
  expect(forward).toBeGreaterThan(runs(300) / 30);
});
