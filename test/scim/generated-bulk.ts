// Bulk requests nobody wrote: operations that mostly could be done, and some that could not, in a world of few names so
// that they get in each other's way. "{{3}}" stands for whom an operation refers to until `place` decides what that is.
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import { here, refusedLate } from './memory-site.ts';

export interface GeneratedOperation {
  readonly method: string;
  readonly path: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly data?: Json;
}

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** One per operation, so that no two have the same; some are names that every object inherits. */
export const bulkIds = [
  'qwerty',
  '__proto__',
  'b:2',
  'constructor',
  'é',
  'toString',
  'b[6',
  'B0',
  'b0',
  'b1',
  'b2',
  'b3',
];

/** Rarely to a name that no operation of so short a list has. */
const reference = fc
  .oneof({ weight: 9, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(15) })
  .map((count) => `{{${count}}}`);
const hereOrReferred = fc.oneof(
  { weight: 4, arbitrary: reference },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(here)) },
  { weight: 1, arbitrary: fc.constantFrom('ada', 'later', 'u1', '0193a000-0000-7000-8000-000000000999') },
);
const userName = fc.constantFrom('u1', 'u2', 'U2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8', 'ada', 'Ben', 'otto');
const displayName = fc.constantFrom('g1', 'g2', 'G2', 'g3', 'g4', 'g5', 'g6', 'g7', 'g8', 'team', 'Crew');
const members = fc.array(
  hereOrReferred.map((value) => ({ value })),
  { maxLength: 3 },
);
const manager = hereOrReferred.map((value) => ({ manager: { value } }));

const user = fc.record(
  {
    userName,
    externalId: fc.constantFrom('x1', 'x2', 'x3', 'x4', 'x-ada'),
    title: fc.constantFrom('a', 'b', refusedLate),
    active: fc.boolean(),
    [enterprise]: manager,
  },
  { requiredKeys: ['userName'] },
);
const group = fc.record({ displayName, members }, { requiredKeys: ['displayName'] });

const patchOperation = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  fc.record({ op: fc.constantFrom('add', 'replace'), path: fc.constant('members'), value: members }),
  hereOrReferred.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })),
  fc.record({ op: fc.constant('replace'), path: fc.constantFrom('userName', 'displayName'), value: userName }),
  fc.record({ op: fc.constant('replace'), value: fc.oneof(user, group) }),
  hereOrReferred.map((value) => ({ op: 'add', path: `${enterprise}:manager`, value: { value } })),
  fc.constant({ op: 'remove', path: `${enterprise}:manager` }),
  fc.constantFrom<JsonObject[]>(
    { op: 'replace', path: 'active', value: false },
    { op: 'remove', path: 'userName' },
    { op: 'replace', path: 'id', value: 'x' },
    { op: 'add', path: 'nothing', value: 1 },
  ),
);
const patch = fc.record({ Operations: fc.array(patchOperation, { minLength: 1, maxLength: 3 }) });

const target = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(`/Users/${here.ada}`, `/Users/${here.ben}`, `/Groups/${here.team}`) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom('Users', 'Groups'), hereOrReferred).map(([type, which]) => `/${type}/${which}`),
  },
);
const ada = `/Users/${here.ada}`;
const version = fc.constantFrom('W/"1"', 'W/"2"', '"1"', '*', '', 'W/"x"', 'W/"1", W/"2"');

/** What may well be done. */
const plausible: fc.Arbitrary<GeneratedOperation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ method: fc.constant('POST'), path: fc.constant('/Users'), data: user }) },
  { weight: 3, arbitrary: fc.record({ method: fc.constant('POST'), path: fc.constant('/Groups'), data: group }) },
  {
    weight: 3,
    arbitrary: fc.record(
      { method: fc.constant('PATCH'), path: target, data: patch, version },
      { requiredKeys: ['method', 'path', 'data'] },
    ),
  },
  fc.record(
    { method: fc.constant('PUT'), path: target, data: fc.oneof(user, group), version },
    { requiredKeys: ['method', 'path', 'data'] },
  ),
  fc.record({ method: fc.constant('DELETE'), path: target, version }, { requiredKeys: ['method', 'path'] }),
);

const hostileText = fc.constantFrom(
  ...['', ' ', '__proto__', '\0', '\ud800', 'bulkId:', 'bulkId: x', 'BULKID:qwerty', 'bulkId:nobody', '{{1}}{{2}}'],
  ...[
    "'; drop table x; --",
    '𝒜'.repeat(300),
    '../..',
    'members[value eq "\\u0062ulkId:qwerty"]',
    'W/"1"',
    'x'.repeat(600),
  ],
);
const key = fc.constantFrom(
  ...[
    '__proto__',
    'constructor',
    'toString',
    'value',
    'userName',
    'displayName',
    'members',
    'manager',
    'schemas',
    'id',
  ],
  ...['Operations', 'op', 'path', 'emails', 'active', 'bulkId:qwerty', enterprise, 'externalId', 'meta'],
);

/** Any JSON; `__proto__` is an own key, as JSON.parse makes it. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json[]>(null, true, false, 0, -1, 1.5, 1e300),
    hostileText,
    reference,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('any')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as JsonObject),
  ),
})).any;

const deep = (depth: number): Json => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as Json;

const oddPath = fc.oneof(
  fc.constantFrom(
    ...['', '/', 'Users', '//Users//', '/users/', '/Users?attributes=nothing', '/Users?filter=x&attributes=userName'],
    ...[
      '/Nobody',
      '/Bulk',
      '/Me',
      '/Schemas',
      '/.search',
      '/Users/.search',
      '/Users/a/b',
      '/__proto__',
      '/%',
      '/%55sers',
    ],
    ...['http://localhost:8080/acme/scim/v2/Users', 'http://elsewhere.example/Users', '/Users/{{1}}/x', '/{{1}}'],
    ...['/Users/%20', `${ada}?excludedAttributes=userName`, ada.toUpperCase(), '/Users/\0', '/Users/bulkId:', '?', '#'],
  ),
  hostileText.map((text) => `/Users/${text}`),
);

/** What every part of may be wrong. */
const odd: fc.Arbitrary<JsonObject> = fc.record<JsonObject>(
  {
    method: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'post', 'Patch') },
      { weight: 1, arbitrary: fc.oneof(fc.constantFrom('GET', 'HEAD', 'OPTIONS', '__proto__'), json) },
    ),
    path: fc.oneof(
      { weight: 3, arbitrary: fc.oneof(oddPath, target, fc.constantFrom('/Users', '/Groups')) },
      { weight: 1, arbitrary: json },
    ),
    data: fc.oneof(user, group, patch, json, fc.constantFrom(20, 31, 33, 200).map(deep)),
    version: fc.oneof({ weight: 3, arbitrary: version }, { weight: 1, arbitrary: json }),
    bulkId: fc.oneof(fc.constantFrom<Json[]>('qwerty', 'qwerty', '', 'a b', 7, '\0'), json),
    [`__proto__`]: json,
  },
  { requiredKeys: ['method', 'path'] },
) as fc.Arbitrary<JsonObject>;

const plausibleList = (maxLength: number) => fc.array(plausible, { minLength: 1, maxLength });

/** Every POST gets a bulkId, every other operation here and there. */
function named(operations: readonly GeneratedOperation[]): GeneratedOperation[] {
  return operations.map((operation, index) =>
    operation.method === 'POST' || index % 3 === 0 ? { ...operation, bulkId: bulkIds[index]! } : operation,
  );
}

/** Operations that could be done one by one, but for what they refer to. */
export const plausibleOperations = plausibleList(bulkIds.length).map(named);

/** Between them, or in place of all of them, something else. */
export const oddOperations: fc.Arbitrary<JsonObject[]> = fc
  .tuple(plausibleList(8), fc.array(fc.tuple(fc.nat(8), odd), { minLength: 1, maxLength: 2 }))
  .map(([operations, others]) => {
    const all = named(operations) as unknown as JsonObject[];
    for (const [at, other] of others) {
      // Without a bulkId a POST is refused with the whole request; that is tried often enough.
      const needsName = other['method'] === 'POST' && !Object.hasOwn(other, 'bulkId');
      all.splice(at, 0, needsName ? { ...other, bulkId: `odd${at}` } : other);
    }
    return all;
  });

export const failOnErrors = fc.oneof(
  { weight: 4, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.constantFrom(1, 2, 3) },
);

/** Writes in place of each "{{n}}" whom it means, as the operation at `index` says it. */
export function place<T>(operations: readonly T[], choose: (index: number, count: number) => string): T[] {
  return operations.map((operation, index) => {
    const text = JSON.stringify(operation);
    const placed = text.replace(/\{\{(\d+)\}\}/g, (_, count: string) =>
      JSON.stringify(choose(index, Number(count))).slice(1, -1),
    );
    return JSON.parse(placed) as T;
  });
}

/** By its name in this request, if there is one of that number; else by one nobody has. */
export function anyName(_: number, count: number): string {
  return `bulkId:${bulkIds[count] ?? 'nobody'}`;
}
