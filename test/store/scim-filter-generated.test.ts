// C20 on schemas nobody wrote: whatever the attributes are (of every type, one value or several, simple or complex, in the
// schema or an extension, indexed, unique, with case or without), SQL finds what the evaluator finds.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import { createResourceTypes } from '../../src/scim/schema/resource-type.ts';
import type { TenantDatabase } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld } from '../http/scim/world.ts';
import { runs } from '../runs.ts';
import { generatedFilter, generatedResource, generatedType } from '../scim/generated.ts';

let database: TestDatabase;
let opened: TenantDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  opened = database.open('rollcall_workspace');
});
afterAll(() => database.drop());

let count = 0;

test(
  'C20: SQL and the evaluator agree on generated schemas, data and filters',
  async () => {
    const cases = generatedType.chain((type) =>
      fc.record({
        type: fc.constant(type),
        bodies: fc.array(generatedResource(type), { minLength: 10, maxLength: 10 }),
        filters: fc.array(generatedFilter(type), { minLength: 25, maxLength: 25 }),
      }),
    );
    let found = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ type, bodies, filters }) => {
        const world = createWorld(opened, createResourceTypes([type]));
        count += 1;
        const { tenant, connection, send } = world.workspace(`g${count}`);
        const scope = { tenant, connection };
        for (const body of bodies) {
          const { status } = await send('POST', '/Things', body);
          // A unique value that is taken: somebody with nothing but a name is here instead.
          expect([201, 409]).toContain(status);
          if (status === 409) expect((await send('POST', '/Things', { label: body['label'] })).status).toBe(201);
        }
        const all = await world.store.list(scope, { parts: [{ type, want: [] }], count: 100, from: { startIndex: 1 } });
        expect(all.total).toBe(bodies.length);
        const documents = all.resources.map(({ id, attributes, created, lastModified }) => ({
          ...attributes,
          id,
          meta: { created, lastModified },
        }));
        for (const text of filters) {
          const filter = bindFilter(type, parseFilter(text));
          const page = await world.store.list(scope, {
            parts: [{ type, filter, want: [] }],
            count: 100,
            from: { startIndex: 1 },
          });
          const expected = documents.filter((document) => matches(filter, document)).map(({ id }) => id);
          expect(
            page.resources.map(({ id }) => id),
            text,
          ).toEqual(expected);
          found += expected.length > 0 && expected.length < documents.length ? 1 : 0;
        }
        expect(world.errors).toEqual([]);
      }),
      // A smaller case of a failure costs a workspace for each step; the seed is in the message.
      { numRuns: runs(10), endOnFailure: true },
    );
    // Filters that find all or nobody would agree too easily.
    expect(found).toBeGreaterThan(30);
  },
  60_000 * runs(1),
);
