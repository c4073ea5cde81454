// Resource types nobody wrote: generated schemas with an extension, resources of them, and filters over them, for what
// must hold for any schema.

import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { type Attribute, type AttributeType, attribute } from '../../src/scim/schema/attribute.ts';
import { placedAttributes, type ResourceType } from '../../src/scim/schema/resource-type.ts';

export const extensionUrn = 'urn:example:params:scim:schemas:extension:2.0:Thing';

/** Text that is easily taken for something else: by SQL, by a pattern, by a collation, by a case table. */
const texts = [
  '',
  ' ',
  'a',
  'A',
  'ab',
  ' ab ',
  'B',
  'é',
  'É',
  'e\u0301',
  'ß',
  'SS',
  '%',
  '_',
  '\\',
  "'",
  "'; drop table x; --",
  '$1',
  'b"c',
  '𝒜',
  '\uffee',
  'İ',
  'ﬁ',
  'true',
  '0',
  '10',
  '9',
];
const dates = [
  '2026-03-01',
  '2026-03-01T00:00:00Z',
  '2026-03-01T01:00:00+01:00',
  '2025-12-31T23:59:59.5Z',
  '2026-03-01T00:00:00.0001Z',
  '1969-12-31T23:59:59Z',
];
const binaries = ['', 'YWJj', 'YWJjZA==', 'yWJj', 'YWJjZGVm'];
const integers = [0, 1, -1, 9, 10, 2 ** 53 - 1, -(2 ** 53 - 1)];
const decimals = [0, 0.1, -0.1, 1, 1e21, 5e-324, 1.7976931348623157e308, 9, 10, 0.30000000000000004, 0.3];

const simpleTypes = ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference'] as const;

function valuesOf(type: AttributeType): readonly Json[] {
  switch (type) {
    case 'boolean':
      return [true, false];
    case 'integer':
      return integers;
    case 'decimal':
      return decimals;
    case 'dateTime':
      return dates;
    case 'binary':
      return binaries;
    default:
      return texts;
  }
}

interface Plan {
  type: AttributeType;
  multiValued: boolean;
  caseExact: boolean;
  indexed: boolean;
  unique: boolean;
}

const simple = fc.record<Plan>({
  type: fc.constantFrom(...simpleTypes),
  multiValued: fc.boolean(),
  caseExact: fc.boolean(),
  indexed: fc.boolean(),
  unique: fc.boolean(),
});

function make(name: string, plan: Plan, more: Partial<Attribute> = {}): Attribute {
  const { type, multiValued, caseExact, indexed, unique } = plan;
  const isText = type === 'string' || type === 'reference';
  return attribute(name, 'Generated.', {
    type,
    multiValued,
    caseExact,
    ...(isText && indexed ? { indexed: true as const } : {}),
    ...(isText && unique ? { uniqueness: 'server' as const } : {}),
    ...more,
  });
}

const complex = fc
  .record({ multiValued: fc.boolean(), subs: fc.array(simple, { minLength: 1, maxLength: 4 }) })
  .map(({ multiValued, subs }): Plan & { subs: Plan[] } => ({
    ...{ type: 'complex', multiValued, caseExact: false, indexed: false, unique: false },
    subs: subs.map((sub) => ({ ...sub, unique: false })),
  }));

function attributes(prefix: string): fc.Arbitrary<Attribute[]> {
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: simple }, { weight: 2, arbitrary: complex }), {
      minLength: 2,
      maxLength: 6,
    })
    .map((plans) =>
      plans.map((plan, index) => {
        const name = `${prefix}${index}`;
        if (!('subs' in plan)) return make(name, plan);
        const subAttributes = plan.subs.map((sub, at) => make(at === 0 ? 'value' : `sub${at}`, sub));
        return make(name, plan, { subAttributes });
      }),
    );
}

/** A type with its own schema and one extension; the extension's names overlap with the schema's on purpose. */
export const generatedType: fc.Arbitrary<ResourceType> = fc
  .record({ own: attributes('attr'), extra: attributes('attr') })
  .map(({ own, extra }) => ({
    name: 'Thing',
    endpoint: 'Things',
    description: 'Generated.',
    schema: {
      id: 'urn:example:Thing',
      name: 'Thing',
      description: 'Generated.',
      attributes: [attribute('label', 'What it is called.', { required: true }), ...own],
    },
    extensions: [
      { schema: { id: extensionUrn, name: 'Extra', description: 'Generated.', attributes: extra }, required: false },
    ],
    noun: { one: 'thing', many: 'things' },
    labels: [['label']],
    matchAttribute: 'label',
    keptOnFirstWrite: [],
  }));

function value(given: Attribute): fc.Arbitrary<Json> {
  const { subAttributes } = given;
  if (!subAttributes) return fc.constantFrom(...valuesOf(given.type));
  const shape = Object.fromEntries(subAttributes.map((sub) => [sub.name, anyValue(sub)]));
  return fc.record(shape, { requiredKeys: [] }) as fc.Arbitrary<Json>;
}

function anyValue(given: Attribute): fc.Arbitrary<Json> {
  return given.multiValued ? (fc.array(value(given), { maxLength: 3 }) as fc.Arbitrary<Json>) : value(given);
}

/** A body for POST; unique values may collide, the caller sends what is taken without them. */
export function generatedResource(type: ResourceType): fc.Arbitrary<JsonObject> {
  const own = type.schema.attributes.filter(({ name }) => name !== 'label');
  const extra = type.extensions[0]!.schema.attributes;
  const record = (list: readonly Attribute[]) =>
    fc.record(Object.fromEntries(list.map((each) => [each.name, anyValue(each)])), {
      requiredKeys: [],
    }) as fc.Arbitrary<JsonObject>;
  return fc
    .tuple(
      fc.constantFrom(...texts.filter((text) => text.trim() !== '')),
      record(own),
      fc.option(record(extra)),
      fc.option(fc.constantFrom('x', 'X', 'y')),
    )
    .map(([label, body, extension, externalId]) => ({
      label,
      ...body,
      ...(extension ? { [extensionUrn]: extension } : {}),
      ...(externalId ? { externalId } : {}),
    }));
}

const ordered = ['gt', 'ge', 'lt', 'le'];
const textual = ['co', 'sw', 'ew'];

function operatorsFor(type: AttributeType): string[] {
  if (type === 'boolean') return ['eq', 'ne'];
  if (type === 'binary') return ['eq', 'ne', ...textual];
  if (type === 'integer' || type === 'decimal' || type === 'dateTime') return ['eq', 'ne', ...ordered];
  return ['eq', 'ne', ...ordered, ...textual];
}

/** One comparison of a leaf, in any case, with a value or with null. */
function test(path: string, leaf: Attribute): fc.Arbitrary<string> {
  const spelled = fc.constantFrom(path, path.toUpperCase());
  const literal = fc.constantFrom(...valuesOf(leaf.type)).map((each) => JSON.stringify(each));
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(spelled, fc.constantFrom(...operatorsFor(leaf.type)), literal)
        .map((parts) => parts.join(' ')),
    },
    { weight: 1, arbitrary: fc.tuple(spelled, fc.constantFrom('eq', 'ne')).map(([at, op]) => `${at} ${op} null`) },
    { weight: 1, arbitrary: spelled.map((at) => `${at} pr`) },
  );
}

function combined(leaf: fc.Arbitrary<string>, maxDepth: number): fc.Arbitrary<string> {
  return fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth },
      leaf,
      fc
        .tuple(tie('any'), fc.constantFrom('and', 'or', 'AND'), tie('any'))
        .map(([left, op, right]) => `(${left} ${op} ${right})`),
      tie('any').map((inner) => `not (${inner})`),
    ),
  })).any;
}

/** Filters over every attribute of a type, of the whole grammar. */
export function generatedFilter(type: ResourceType): fc.Arbitrary<string> {
  const leaves = placedAttributes(type)
    .filter(({ key }) => key !== 'schemas' && key !== 'meta')
    .flatMap(({ attribute: given, key }): fc.Arbitrary<string>[] => {
      const subs = given.subAttributes ?? [];
      if (subs.length === 0) return [test(key, given)];
      const inside = fc.oneof(...subs.map((sub) => test(sub.name, sub)));
      return [
        ...subs.map((sub) => test(`${key}.${sub.name}`, sub)),
        test(key, subs[0]!),
        combined(inside, 2).map((filter) => `${key}[${filter}]`),
      ];
    });
  const times = fc.tuple(
    fc.constantFrom('meta.created', 'meta.lastModified'),
    fc.constantFrom('gt', 'le', 'eq'),
    fc.constantFrom(...dates),
  );
  const meta = times.map(([path, op, date]) => `${path} ${op} "${date}"`);
  return combined(fc.oneof({ weight: 20, arbitrary: fc.oneof(...leaves) }, { weight: 1, arbitrary: meta }), 3);
}
