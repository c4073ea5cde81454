// Hostile text at every door of the protocol engine: filters, paths, PATCH and JSON bodies, made by grammar, broken, or
// random. Whatever comes, it is read or it is a ScimError, and no prototype changes (C19, C24, C33).

import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ScimError } from '../../src/scim/errors.ts';
import { bindFilter } from '../../src/scim/filter/bind.ts';
import { matches } from '../../src/scim/filter/evaluate.ts';
import { filterLimits, parseFilter, parseValuePath } from '../../src/scim/filter/parse.ts';
import type { Filter } from '../../src/scim/filter/tree.ts';
import { type Json, type JsonObject, maxJsonDepth, parseJson } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import { parsePatch } from '../../src/scim/patch/parse.ts';
import { resolvePath } from '../../src/scim/path.ts';
import { readResource, replaceAttributes } from '../../src/scim/read-resource.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { runs } from '../runs.ts';

const user = registeredTypes.byName('User')!;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const inherited = [...Object.getOwnPropertyNames(Object.prototype), 'prototype'];
const prototypes = [Object.prototype, Array.prototype, String.prototype, Function.prototype];
const before = prototypes.map((each) => Reflect.ownKeys(each).length);

afterEach(() => expect(prototypes.map((each) => Reflect.ownKeys(each).length)).toEqual(before));

/** Runs what may refuse, and lets nothing but a ScimError through. */
function orRefused<T>(work: () => T): T | ScimError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScimError) {
      expect(error.message).toMatch(/^["A-Z].{5,400}\.$/su);
      return error;
    }
    throw error;
  } finally {
    expect(Object.keys(Object.prototype)).toEqual([]);
  }
}

const resource: JsonObject = {
  id: 'x',
  userName: 'ada',
  active: true,
  name: { givenName: 'Ada' },
  emails: [{ value: 'a@x', type: 'work', primary: true }, { value: 'b@x' }],
  [enterprise]: { department: 'Field' },
};
const word = fc.oneof(
  fc.constantFrom(
    ...inherited,
    'userName',
    'emails',
    'emails.value',
    'name',
    'members',
    'password',
    enterprise,
    `${enterprise}:department`,
    'urn:',
    '$ref',
    '',
    'eq',
    'pr',
    'not',
    'and',
    'null',
    'true',
    '"x"',
    '"',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '.',
    ':',
    ' ',
    '\t',
    '\0',
    '1e999',
    '-0',
    '𝒜',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const sentence = fc
  .array(word, { maxLength: 14 })
  .chain((words) => fc.constantFrom(' ', '', '  ').map((space) => words.join(space)));
const good = fc.constantFrom(
  'userName eq "ada" and not (emails[type eq "work" and value co "@x"] or name.givenName pr)',
  `${enterprise}:department sw "F" or active eq true and meta.created gt "2026-01-01T00:00:00Z"`,
  'emails[not (value ew "x") or primary eq true].value',
  '((title pr))',
);
/** A filter that was right until somebody cut, doubled or swapped something in it. */
const broken = fc
  .tuple(good, fc.array(fc.tuple(fc.nat(120), fc.nat(8), word), { minLength: 1, maxLength: 3 }))
  .map(([text, cuts]) =>
    cuts.reduce<string>((left, [at, length, put]) => left.slice(0, at) + put + left.slice(at + length), text),
  );

describe('C19: filters', () => {
  test('C19: any text is a filter or a refusal, and a filter that is read can be asked', () => {
    fc.assert(
      fc.property(fc.oneof(sentence, broken, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        const filter = orRefused(() => parseFilter(text));
        if (filter instanceof ScimError) return void expect(filter.kind).toBe('invalidFilter');
        const bound = orRefused(() => bindFilter(user, filter));
        if (bound instanceof ScimError) return void expect(bound.kind).toBe('invalidFilter');
        expect(matches(bound, resource)).toBeTypeOf('boolean');
        expect(JSON.stringify(filter).length).toBeLessThan(40 + text.length * 30);
      }),
      { numRuns: runs(1_500) },
    );
  });

  const deepest = '('.repeat(filterLimits.depth - 1);
  test.each<[string, string, boolean]>([
    ['8,192 characters', `title eq "${'x'.repeat(filterLimits.bytes - 11)}"`, true],
    ['8,193 characters', `title eq "${'x'.repeat(filterLimits.bytes - 10)}"`, false],
    ['32 levels', `${deepest}title pr${deepest.replaceAll('(', ')')}`, true],
    ['33 levels', `(${deepest}title pr${deepest.replaceAll('(', ')')})`, false],
    ['33 levels of not', `${'not ('.repeat(32)}title pr${')'.repeat(32)}`, false],
    ['32 levels, the last in brackets', `${'('.repeat(30)}emails[value pr]${')'.repeat(30)}`, true],
    ['33 levels, the last in brackets', `${'('.repeat(31)}emails[(value pr)]${')'.repeat(31)}`, false],
    ['64 terms', Array.from({ length: 64 }, () => 'title pr').join(' or '), true],
    ['65 terms', Array.from({ length: 65 }, () => 'title pr').join(' or '), false],
    [
      '64 terms, half of them in brackets',
      `emails[${Array.from({ length: 63 }, () => 'value pr').join(' and ')}]`,
      true,
    ],
    ['600 and', Array.from({ length: 600 }, () => 'a pr').join(' and '), false],
    [
      'levels beside each other are not below each other',
      Array.from({ length: 60 }, () => '(title pr)').join(' and '),
      true,
    ],
  ])('C19: %s', (_, text, isRead) => {
    expect(!(orRefused(() => parseFilter(text)) instanceof ScimError)).toBe(isRead);
  });

  test('C19: a tree is never deeper or larger than its text says', () => {
    const size = (filter: Filter): number =>
      'terms' in filter
        ? 1 + filter.terms.reduce((sum, each) => sum + size(each), 0)
        : 'term' in filter
          ? 1 + size(filter.term)
          : 'filter' in filter
            ? 1 + size(filter.filter)
            : 1;
    const product = Array.from({ length: 32 }, (_, index) => `(a${index} pr or b${index} pr)`).join(' and ');
    expect(size(parseFilter(product))).toBe(1 + 32 * 3);
  });
});

describe('C19: paths', () => {
  test('C19: any text is a path or a refusal', () => {
    fc.assert(
      fc.property(fc.oneof(sentence, broken, fc.string({ unit: 'binary', maxLength: 100 })), (text) => {
        const path = orRefused(() => parseValuePath(text));
        if (path instanceof ScimError) return void expect(['invalidPath', 'invalidFilter']).toContain(path.kind);
        const resolved = resolvePath(user, path.sub ? `${path.path}.${path.sub}` : path.path);
        for (const name of inherited) expect([resolved?.attribute?.name, resolved?.sub?.name]).not.toContain(name);
      }),
      { numRuns: runs(1_500) },
    );
  });

  test.each([
    'x'.repeat(8_200),
    `emails[${'('.repeat(40)}value pr${')'.repeat(40)}]`,
    `emails[value eq "${'x'.repeat(8_200)}"].value`,
    `emails${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `${'a.'.repeat(4_000)}a`,
  ])('C19: a path of %# is refused', (path) => {
    const apply = () =>
      applyPatch(
        user,
        { id: 'x', attributes: resource },
        parsePatch({ Operations: [{ op: 'add', path, value: 'x' }] }),
        { absentValuePath: 'refuse' },
      );
    const refusal = orRefused(apply);
    expect(refusal).toBeInstanceOf(ScimError);
    expect(['invalidPath', 'invalidFilter']).toContain((refusal as ScimError).kind);
  });
});

const scalar = fc.oneof(
  fc.constantFrom<Json>(null, true, false, '', 'x', 0, -1, 1.5, '\0', '\ud800', 'work'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const key = fc.oneof(
  fc.constantFrom(
    ...inherited,
    'value',
    'type',
    'primary',
    'userName',
    'name',
    'givenName',
    'emails',
    'manager',
    'members',
    enterprise,
    enterprise.toUpperCase(),
    'schemas',
    'id',
    'meta',
  ),
  fc.string({ maxLength: 4 }),
);
/** Any JSON, with `__proto__` as an own key as JSON.parse makes it. */
const json = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc
      .array(fc.tuple(key, tie('any')), { maxLength: 4 })
      .map(
        (entries) =>
          JSON.parse(
            `{${[...new Map(entries)].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
          ) as Json,
      ),
  ),
})).any;

/** No own key of an inherited name anywhere. */
function clean(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  expect(Object.getPrototypeOf(value)).toBe(Array.isArray(value) ? Array.prototype : Object.prototype);
  if (!Array.isArray(value)) for (const name of inherited) expect(Object.hasOwn(value, name)).toBe(false);
  for (const each of Object.values(value)) clean(each);
}

describe('C24: what is written', () => {
  test('C24: a whole resource holds what its schema names, and nothing that every object inherits', () => {
    fc.assert(
      fc.property(json, (body) => {
        const read = orRefused(() => readResource(user, body));
        if (read instanceof ScimError) return;
        clean(read.attributes);
        for (const keep of ['none', 'all'] as const) {
          const next = orRefused(() => replaceAttributes(user, resource, read, keep));
          if (!(next instanceof ScimError)) clean(next);
        }
      }),
      { numRuns: runs(800) },
    );
  });

  test('C24: so does what a PATCH leaves', () => {
    const path = fc.oneof(
      sentence,
      broken,
      fc.constantFrom(
        ...inherited,
        'emails',
        'name',
        'emails[type eq "work"]',
        'emails[type eq "work"].value',
        enterprise,
        `${enterprise}:department`,
      ),
      fc.constant(undefined),
    );
    const operation = fc.record({ op: fc.constantFrom('add', 'replace', 'remove'), path, value: json });
    fc.assert(
      fc.property(
        fc.oneof(json, fc.record({ Operations: fc.array(operation, { maxLength: 4 }) })),
        fc.constantFrom('refuse' as const, 'create' as const),
        (body, absentValuePath) => {
          const copy = structuredClone(resource);
          const result = orRefused(() =>
            applyPatch(user, { id: 'x', attributes: resource }, parsePatch(body as Json), { absentValuePath }),
          );
          expect(resource).toEqual(copy);
          if (!(result instanceof ScimError)) clean(result.attributes);
        },
      ),
      { numRuns: runs(1_500) },
    );
  });
});

describe('C33: JSON bodies', () => {
  const depth = (value: Json): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;

  test('C33: what is no JSON is refused, and what is read is what JSON.parse reads', () => {
    const text = fc.oneof(
      json.map((value) => JSON.stringify(value)),
      json.map((value) => JSON.stringify(value, null, '\t')),
      fc.tuple(json, fc.nat(60), word).map(([value, at, put]) => {
        const whole = JSON.stringify(value);
        return whole.slice(0, at) + put + whole.slice(at);
      }),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (body) => {
        const read = orRefused(() => parseJson(body));
        if (read instanceof ScimError) return void expect(read.kind).toBe('invalidSyntax');
        expect(read).toEqual(JSON.parse(body));
      }),
      { numRuns: runs(1_500) },
    );
  });

  test('C33: what JSON.parse reads is read, unless a key is there twice or it is too deep', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(depth(value)).toBeLessThan(maxJsonDepth);
        expect(parseJson(` ${JSON.stringify(value, null, 1)}\r\n`)).toEqual(value);
      }),
      { numRuns: runs(500) },
    );
  });

  test('C33: a key that is there twice is refused wherever it stands and however it is written', () => {
    const name = fc.oneof(key, fc.string({ unit: 'grapheme', maxLength: 3 })).filter((text) => text.isWellFormed());
    const escaped = (text: string) =>
      `"${[...text].map((sign) => [...Array(sign.length).keys()].map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')).join('')}"`;
    fc.assert(
      fc.property(
        name,
        fc.array(fc.constantFrom('[', '{"k":'), { maxLength: 6 }),
        fc.boolean(),
        (twice, around, isEscaped) => {
          const spelled = isEscaped ? escaped(twice) : JSON.stringify(twice);
          const inner = `{"a\\"b":1,${JSON.stringify(`${twice}-`)}:[],${JSON.stringify(twice)}:{"x":{}}, ${spelled}\n:2}`;
          const body = around.reduceRight((text, open) => `${open}${text}${open === '[' ? ']' : '}'}`, inner);
          expect(() => JSON.parse(body)).not.toThrow();
          expect(orRefused(() => parseJson(body))).toMatchObject({ kind: 'invalidSyntax' });
        },
      ),
      { numRuns: runs(500) },
    );
  });
});
