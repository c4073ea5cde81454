// PATCH against a model of its own (RFC 7644 section 3.5.2): generated sequences of operations, each in one of the forms
// clients use, end in the same resource, the same outcomes or the same refusal.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { applyPatch, PatchRefusal } from '../../src/scim/patch/apply.ts';
import { parsePatch } from '../../src/scim/patch/parse.ts';
import { runs } from '../runs.ts';
import { applyToModel, type Change, type Device, device, extra, type Mail, Refused } from './patch-model.ts';

const word = fc.constantFrom('a', 'A', 'b', 'work', 'c');
const kind = fc.constantFrom('work', 'WORK', 'home', 'other');
const op = fc.constantFrom('add', 'replace', 'remove') as fc.Arbitrary<Change['op']>;
const mail = fc.record(
  { value: word, type: kind, display: word, primary: fc.boolean() },
  { requiredKeys: [] },
) as fc.Arbitrary<Mail>;
const orNull = <T>(given: fc.Arbitrary<T>) => fc.option(given, { freq: 5, nil: null });

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ op, at: fc.constantFrom('title', 'serial', 'spot.x', 'spot.y', 'level'), value: orNull(word) }),
  fc.record({ op, at: fc.constant('spot'), value: orNull(fc.record({ x: word, y: word }, { requiredKeys: [] })) }),
  fc.record({ op, at: fc.constant('tags'), value: orNull(fc.array(word, { maxLength: 3 })) }),
  {
    weight: 3,
    arbitrary: fc.record({ op, at: fc.constant('mails'), value: orNull(fc.array(mail, { maxLength: 3 })) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op,
      at: fc.constant('mails[type]'),
      kind,
      value: orNull(mail.filter((each) => Object.keys(each).length > 0)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ op, at: fc.constant('mails[type].value'), kind, value: orNull(word) }) },
  fc.record({ op, at: fc.constant('mails.display'), value: orNull(word) }),
) as fc.Arbitrary<Change>;

/** An operation on the wire, in one of its equal spellings. */
function operation(given: Change, spelling: number): JsonObject {
  const { op: verb, value } = given;
  const path = given.at
    .replace('level', `${extra}:level`)
    .replace('[type]', `[type eq "${'kind' in given ? given.kind : ''}"]`);
  if (verb === 'remove')
    return value === null || !['tags', 'mails'].includes(given.at)
      ? { op: verb, path }
      : { op: verb, path, value: value as Json };
  const isWhole = ['title', 'serial', 'spot', 'tags', 'mails'].includes(given.at);
  if (spelling === 1 && isWhole) return { op: verb, value: { [path.toUpperCase()]: value as Json } };
  if (spelling === 1 && given.at === 'level') return { op: verb, value: { [extra]: { LEVEL: value as Json } } };
  if (spelling === 2 && given.at === 'level') return { op: verb, path: extra, value: { level: value as Json } };
  if (spelling === 2 && isWhole) return { op: verb, path: `urn:example:Device:${path}`, value: value as Json };
  return { op: verb, path, value: value as Json };
}

const same = (left: unknown, right: unknown) => {
  try {
    expect(left).toEqual(right);
    return true;
  } catch {
    return false;
  }
};

test.each(['refuse', 'create'] as const)(
  'C26, C27: PATCH agrees with a model of it (%s where nothing matches)',
  (absentValuePath) => {
    const steps = fc.array(fc.tuple(change, fc.nat({ max: 2 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(steps, (taken) => {
        let model: Device = {};
        const outcomes: string[] = [];
        let refusal: string | undefined;
        for (const [step] of taken) {
          try {
            const next = applyToModel(model, step, absentValuePath);
            outcomes.push(same(next, model) ? 'unchanged' : 'applied');
            model = next;
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            refusal = error.message;
            outcomes.push('refused');
            break;
          }
        }
        const operations = parsePatch({ Operations: taken.map(([step, spelling]) => operation(step, spelling)) });
        const told = (list: readonly { outcome: string }[]) => list.map(({ outcome }) => outcome);
        try {
          const result = applyPatch(device, { id: 'd', attributes: {} }, operations, { absentValuePath });
          expect(result.attributes).toEqual(model);
          expect(told(result.outcomes)).toEqual(outcomes);
          expect(refusal).toBeUndefined();
        } catch (error) {
          if (!(error instanceof PatchRefusal)) throw error;
          expect({ kind: error.kind, outcomes: told(error.outcomes) }).toEqual({ kind: refusal, outcomes });
        }
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: runs(600) },
    );
  },
);
