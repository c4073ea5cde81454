// /Bulk (RFC 7644 section 3.7) under generated requests, through the whole entrance over the store in memory: what must
// hold for any of them, and for those that can be done one by one, that it is the same.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { runs } from '../runs.ts';
import { expectRefusal, expectResolved, expectSound, hasFailed } from './bulk-answers.ts';
import {
  anyName,
  failOnErrors,
  type GeneratedOperation,
  json,
  oddOperations,
  place,
  plausibleOperations,
} from './generated-bulk.ts';
import { createMemorySite, type MemorySite } from './memory-site.ts';

/** The same in every world: ids by their order, those of who is gone too, and no digests of what others are called. */
function comparable(resources: readonly JsonObject[]): Json[] {
  const text = JSON.stringify(resources);
  const ids = [...new Set(text.match(/0193a000-[-0-9]{27}/g))].sort();
  const renamed = ids.reduce((all, id, index) => all.replaceAll(id, `#${index}`), text);
  return JSON.parse(renamed.replace(/W\/\\"(\d+)\.\w+\\"/g, 'W/\\"$1\\"')) as Json[];
}

describe('C23, C30: generated bulk requests', () => {
  const request = fc.record({ operations: fc.oneof(plausibleOperations, oddOperations), failOnErrors });

  test('C23, C30: whatever is asked is answered in its place, and a failed operation leaves no trace', async () => {
    let [done, failed, stopped] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(request, async ({ operations, failOnErrors: most }) => {
        const asked = place<JsonObject>(operations as unknown as JsonObject[], anyName);
        const site = createMemorySite();
        const before = await site.everything();
        const answer = await site.send('POST', '/Bulk', { Operations: asked, ...(most ? { failOnErrors: most } : {}) });
        expect(site.errors).toEqual([]);
        expect(Object.keys(Object.prototype)).toEqual([]);
        const after = await site.everything();
        expectResolved(after);
        if (answer.status >= 400) {
          expectRefusal(answer.status, answer.body);
          expect(after).toEqual(before);
          return;
        }
        const answers = expectSound(asked, most ?? Infinity, answer);
        const rows = site.store.records.filter(({ facts }) => facts.bulk !== undefined);
        expect(rows.map(({ status }) => String(status))).toEqual(answers.map(({ status }) => status));
        // Those that were done, without those that failed or were never come to, do the same.
        const kept = asked.slice(0, answers.length).filter((_, index) => !hasFailed(answers[index]!));
        const other = createMemorySite();
        const again = await other.send('POST', '/Bulk', { Operations: kept });
        expect(expectSound(kept, Infinity, again).filter(hasFailed)).toEqual([]);
        expect(comparable(await other.everything())).toEqual(comparable(after));
        done += kept.length;
        failed += answers.length - kept.length;
        stopped += asked.length - answers.length;
      }),
      { numRuns: runs(400) },
    );
    // Requests of which all is done, or nothing, would show little.
    expect(Math.min(done, failed, stopped)).toBeGreaterThan(runs(400) / 40);
  });

  test('C24, C33: whatever stands in the place of a bulk request is answered, and if it is none, changes nothing', async () => {
    const body = fc.oneof(
      json,
      fc.record({ Operations: json, failOnErrors: json }, { requiredKeys: ['Operations'] }),
      fc.record({
        Operations: fc.array(json, { maxLength: 3 }),
        schemas: json,
        failOnErrors: fc.oneof(json, failOnErrors),
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const site = createMemorySite();
        const before = await site.everything();
        const answer = await site.send('POST', '/Bulk', JSON.stringify(sent));
        expect(site.errors).toEqual([]);
        expect(Object.keys(Object.prototype)).toEqual([]);
        if (answer.status !== 200) expectRefusal(answer.status, answer.body);
        if (answer.status !== 200 || answer.body.Operations.length === 0)
          expect(await site.everything()).toEqual(before);
      }),
      { numRuns: runs(400) },
    );
  });
});

describe('one by one', () => {
  /** Whom an operation refers to was made before it, or is nobody. */
  const earlier = (operations: readonly GeneratedOperation[]) => (index: number, count: number) => {
    const before = operations.slice(0, index).filter(({ method }) => method === 'POST');
    return `bulkId:${before[count % (before.length + 1)]?.bulkId ?? 'nobody'}`;
  };

  const namesIn = (operation: GeneratedOperation) =>
    [...JSON.stringify(operation).matchAll(/bulkId:((?:[^\s"\\/\]])+)/g)].map(([, name]) => name!);

  test('operations that refer to earlier ones do what they do as requests of their own', async () => {
    let [done, failed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(plausibleOperations, async (generated) => {
        const operations = place(generated, earlier(generated));
        const site = createMemorySite();
        const answer = await site.send('POST', '/Bulk', { Operations: operations });
        const answers = expectSound(operations as unknown as JsonObject[], Infinity, answer);

        const other = createMemorySite();
        const ids = new Map<string, string>();
        for (const [index, operation] of operations.entries()) {
          const status = await alone(other, operation, ids);
          expect(answers[index]!.status, JSON.stringify([operations, answers])).toBe(status);
          if (Number(status) >= 300) failed += 1;
          else done += 1;
        }
        expect(comparable(await site.everything())).toEqual(comparable(await other.everything()));
      }),
      { numRuns: runs(400) },
    );
    expect(Math.min(done, failed)).toBeGreaterThan(runs(400) / 40);
  });

  /** RFC 7644 section 3.7.1: what refers to an operation that was not done cannot be resolved (409). */
  async function alone(site: MemorySite, operation: GeneratedOperation, ids: Map<string, string>): Promise<string> {
    const names = namesIn(operation);
    if (names.some((name) => !ids.has(name))) return '409';
    // The longest first: one name may begin another.
    const text = names
      .sort((left, right) => right.length - left.length)
      .reduce((all, name) => all.replaceAll(`bulkId:${name}`, ids.get(name)!), JSON.stringify(operation));
    const { method, path, data, version } = JSON.parse(text) as GeneratedOperation;
    const headers: Record<string, string> = version === undefined ? {} : { 'if-match': version };
    const { status, body } = await site.send(method, path, data, headers);
    if (method === 'POST' && status === 201 && operation.bulkId !== undefined) ids.set(operation.bulkId, body.id);
    return String(status);
  }
});
