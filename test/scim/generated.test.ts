// Filters over generated schemas: the evaluator agrees with a second reading of the RFC (reference-evaluator.ts), and a
// filter written from a tree is read as that tree.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { parseFilter } from '../../src/scim/filter/parse.ts';
import type { Filter } from '../../src/scim/filter/tree.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import { readResource } from '../../src/scim/read-resource.ts';
import { runs } from '../runs.ts';
import { generatedFilter, generatedResource, generatedType } from './generated.ts';
import { holds } from './reference-evaluator.ts';

test('C20: on generated schemas, resources and filters the evaluator agrees with a second reading of the RFC', () => {
  const cases = generatedType.chain((type) =>
    fc.tuple(
      fc.constant(type),
      fc.array(generatedResource(type), { minLength: 1, maxLength: 6 }),
      fc.array(generatedFilter(type), { minLength: 1, maxLength: 8 }),
    ),
  );
  fc.assert(
    fc.property(cases, ([type, bodies, filters]) => {
      const stored = bodies.map(
        (body, index): JsonObject => ({
          ...readResource(type, body).attributes,
          id: `id-${index}`,
          meta: { created: `2026-0${index + 1}-01T00:00:00.000Z`, lastModified: '2026-03-01T00:00:00.000Z' },
        }),
      );
      for (const text of filters) {
        const parsed = parseFilter(text);
        const bound = bindFilter(type, parsed);
        for (const resource of stored) expect(matches(bound, resource), text).toBe(holds(type, parsed, resource));
      }
    }),
    { numRuns: runs(150) },
  );
});

test('C19: a filter that was written from a tree is read as that tree', () => {
  const path = fc.constantFrom(
    'userName',
    'name.familyName',
    'a-b_c',
    '$ref',
    'members.$ref',
    'urn:ietf:params:scim:schemas:core:2.0:User:x.y',
    'not',
    'and',
  );
  const name = fc
    .oneof(
      path,
      path.map((each) => each.toUpperCase()),
    )
    .filter((each) => /^(urn:[^\s"()[\]]+:)?[a-z]/i.test(each));
  const literal = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => text.isWellFormed() && !text.includes('\0')),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => (each === 0 ? 0 : each)),
  );
  const comparison = fc.record({
    op: fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
    path: name,
    value: literal,
  });
  const leaf = fc.oneof(comparison, fc.record({ op: fc.constant('pr'), path: name }));
  const nested = (leaves: fc.Arbitrary<unknown>, depth: number) =>
    fc.letrec<{ any: Filter }>((tie) => ({
      any: fc.oneof(
        { maxDepth: depth },
        leaves as fc.Arbitrary<Filter>,
        fc.record({
          op: fc.constantFrom('and', 'or'),
          terms: fc.array(tie('any'), { minLength: 2, maxLength: 3 }),
        }) as fc.Arbitrary<Filter>,
        fc.record({ op: fc.constant('not'), term: tie('any') }) as fc.Arbitrary<Filter>,
      ),
    })).any;
  const has = fc.record({ op: fc.constant('has'), path: name, filter: nested(leaf, 1) });
  fc.assert(
    fc.property(
      nested(fc.oneof({ weight: 3, arbitrary: leaf }, has), 3),
      fc.constantFrom(' ', '  ', '\t', '\n'),
      (tree, space) => {
        expect(parseFilter(written(tree, space))).toEqual(tree);
      },
    ),
    { numRuns: runs(300) },
  );
});

function written(filter: Filter, space: string): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.terms
        .map((term) => (term.op === 'or' || term.op === filter.op ? `(${written(term, space)})` : written(term, space)))
        .join(`${space}${filter.op.toUpperCase()}${space}`);
    case 'not':
      return `NOT${space}(${written(filter.term, space)})`;
    case 'has':
      return `${filter.path}[${space}${written(filter.filter, space)}]`;
    case 'pr':
      return `${filter.path}${space}pr`;
    default:
      return [filter.path, filter.op, JSON.stringify(filter.value)].join(space);
  }
}
