// A ResourceStore in memory: what the interface means, in as few lines as it takes. It passes the same contract suite as
// PostgreSQL. One transaction at a time; a failed one leaves everything as it was.
import { foldCase } from '../../src/scim/comparable.ts';
import { matches, matchesElement } from '../../src/scim/filter/evaluate.ts';
import { type JsonObject, sameJson } from '../../src/scim/json.ts';
import { labelOf } from '../../src/scim/label.ts';
import { everything, project, wanted } from '../../src/scim/project.ts';
import type { ReferenceDelta, ReferenceReport } from '../../src/scim/references.ts';
import type { RequestRecord } from '../../src/scim/request-record.ts';
import type {
  Authorship,
  QueryPart,
  ResourceQuery,
  ResourceStore,
  ResourceTransaction,
  StoredReference,
  StoredResource,
  StoreScope,
} from '../../src/scim/resource-store.ts';
import { subAttribute } from '../../src/scim/schema/attribute.ts';
import type { PlacedAttribute, ResourceType, ResourceTypes } from '../../src/scim/schema/resource-type.ts';
import { compareSorted, sortValue } from '../../src/scim/sort.ts';
import { referenceNames, sameKey, type UniqueKey, uniqueKeys } from '../../src/scim/unique-keys.ts';

interface Kept {
  type: ResourceType;
  id: string;
  attributes: JsonObject;
  managedBy: string | null;
  version: number;
  created: string;
  lastModified: string;
}

interface Row {
  resource: string;
  attribute: PlacedAttribute;
  value: string;
  type?: string;
}

interface Data {
  resources: Kept[];
  rows: Row[];
  /** Written in this transaction. */
  records: RequestRecord[];
}

export interface MemoryStore extends ResourceStore {
  readonly records: RequestRecord[];
  /** Puts somebody there who did not come by a request. */
  put(tenant: string, resource: Pick<Kept, 'type' | 'id' | 'attributes' | 'managedBy'>): void;
}

export function createMemoryStore(types: ResourceTypes): MemoryStore {
  const tenants = new Map<string, Data>();
  const records: RequestRecord[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const dataOf = (tenant: string): Data => {
    const data = tenants.get(tenant) ?? { resources: [], rows: [], records: [] };
    tenants.set(tenant, data);
    return data;
  };
  return {
    records,
    put(tenant, resource) {
      const at = '2026-11-25T08:00:00.000Z';
      dataOf(tenant).resources.push({ ...resource, version: 1, created: at, lastModified: at });
    },
    read: async ({ tenant }, type, id, want) => find(dataOf(tenant), type, id, want),
    async list({ tenant }, query) {
      const data = dataOf(tenant);
      const all = query.parts
        .flatMap((part) => partOf(data, part, types))
        .sort((left, right) => inOrder(query, left, right));
      const { from } = query;
      const rest = 'startIndex' in from ? all.slice(from.startIndex - 1) : all.filter((each) => isAfter(query, each));
      const page = rest.slice(0, query.count);
      const last = page.at(-1);
      const isWhole = query.parts.every((part) => !part.filter);
      return {
        ...('startIndex' in from || isWhole ? { total: all.length } : {}),
        resources: page.map((each) => find(data, each.part.type, each.id, each.part.want)!),
        ...('after' in from && last && rest.length > page.length ? { end: endOf(query, last) } : {}),
      };
    },
    transact(scope, work) {
      const turn = last.then(async () => {
        const data = structuredCloneOf(dataOf(scope.tenant));
        const result = await work(transaction(data, scope));
        records.push(...data.records.splice(0));
        tenants.set(scope.tenant, data);
        return result;
      });
      last = turn.catch(() => {});
      return turn;
    },
    recordNow: async (_, record) => void records.push(record),
    recordSoon: (_, record) => void records.push(record),
  };
}

interface Found {
  part: QueryPart;
  id: string;
  value: ReturnType<typeof sortValue>;
}

function partOf(data: Data, part: QueryPart, types: ResourceTypes): Found[] {
  const { type, filter, sort } = part;
  return data.resources
    .filter((each) => each.type === type)
    .map((each) => project(stored(data, each, wanted(type, everything)), everything, { types, baseUrl: '' }))
    .filter((each) => !filter || matches(filter, each))
    .map((each) => ({ part, id: each['id'] as string, value: sort && sortValue(sort, each) }));
}

function inOrder({ order }: ResourceQuery, left: Found, right: Found): number {
  return (order ? compareSorted(order, left.value, right.value) : 0) || (left.id < right.id ? -1 : 1);
}

function isAfter(query: ResourceQuery, found: Found): boolean {
  const after = 'after' in query.from ? query.from.after : undefined;
  if (!after) return true;
  const text = after.sortValue ?? undefined;
  const kind = typeof found.value;
  const value =
    text === undefined ? text : kind === 'number' ? Number(text) : kind === 'boolean' ? text === 'true' : text;
  const end = { part: found.part, id: after.id, value };
  return inOrder(query, end, found) < 0;
}

function endOf({ order }: ResourceQuery, { id, value }: Found) {
  return order ? { id, sortValue: value === undefined ? null : String(value) } : { id };
}

/** Types and attributes stay the same objects: they are compared by identity. */
function structuredCloneOf(data: Data): Data {
  return {
    resources: data.resources.map((each) => ({ ...each, attributes: structuredClone(each.attributes) })),
    rows: data.rows.map((row) => ({ ...row })),
    records: [...data.records],
  };
}

function transaction(data: Data, scope: StoreScope): ResourceTransaction {
  const kept = (id: string) => data.resources.find((each) => each.id === id)!;
  return {
    lock: async (type, id, want) => find(data, type, id, want),
    holders: async (type, keys) =>
      data.resources
        .filter((each) => each.type === type && uniqueKeys(type, each.attributes).some((held) => has(keys, held)))
        .map((each) => stored(data, each, [])),
    protection: async () => undefined,
    async insert({ type, id, attributes, deltas, want }, by) {
      if (data.resources.some((each) => each.id === id)) throw new Error('Somebody has this id already.');
      const times = { created: by.at, lastModified: by.at };
      data.resources.push({ type, id, attributes, managedBy: scope.connection, version: 1, ...times });
      const reports = deltas.map((delta) => apply(data, id, delta));
      return { changed: true, reports, resource: find(data, type, id, want)! };
    },
    async update({ current, attributes, deltas, want }, by: Authorship) {
      const reports = deltas.map((delta) => apply(data, current.id, delta));
      const own = kept(current.id);
      const same = sameJson(current.attributes, attributes) && current.managedBy !== null;
      const changed = !same || reports.some((report) => report.changed);
      if (changed)
        Object.assign(own, { attributes, managedBy: scope.connection, version: own.version + 1, lastModified: by.at });
      return { changed, reports, resource: find(data, current.type, current.id, want)! };
    },
    async attempt(run) {
      const before = structuredCloneOf(data);
      try {
        return await run();
      } catch (error) {
        Object.assign(data, before);
        throw error;
      }
    },
    async remove({ id }) {
      const target = kept(id);
      data.rows = data.rows.filter((row) => row.resource !== id && targetOf(data, row) !== target);
      data.resources = data.resources.filter((each) => each !== target);
    },
    record: async (record) => void data.records.push(record),
  };
}

function has(keys: readonly UniqueKey[], key: UniqueKey): boolean {
  return keys.some((each) => sameKey(each, key));
}

function find(
  data: Data,
  type: ResourceType,
  id: string,
  want: readonly PlacedAttribute[],
): StoredResource | undefined {
  const found = data.resources.find((each) => each.type === type && each.id === id);
  return found && stored(data, found, want);
}

function stored(data: Data, kept: Kept, want: readonly PlacedAttribute[]): StoredResource {
  return { ...kept, references: new Map(want.map((each) => [each.key, referencesOf(data, kept, each)])) };
}

function referencesOf(data: Data, kept: Kept, { attribute, key }: PlacedAttribute): StoredReference[] {
  if (attribute.inverseOf) {
    const pointing = data.rows.filter(
      (row) => row.attribute.key === attribute.inverseOf && targetOf(data, row) === kept,
    );
    return pointing.map((row) => pointer(data.resources.find((each) => each.id === row.resource)!, row.resource));
  }
  const rows = data.rows.filter((row) => row.resource === kept.id && row.attribute.key === key);
  return rows.map((row) => {
    const target = targetOf(data, row);
    const sent = { value: row.value, ...(row.type === undefined ? {} : { type: row.type }) };
    return target ? { ...sent, ...pointer(target, row.value) } : sent;
  });
}

function pointer(target: Kept, value: string): StoredReference {
  const label = labelOf(target.type, target.attributes);
  return { value, target: { id: target.id, type: target.type.name, ...(label === undefined ? {} : { label }) } };
}

/** Whom a value names: always looked up, so that whoever arrives has joined by arriving. */
function targetOf(data: Data, { value, attribute }: Pick<Row, 'value' | 'attribute'>): Kept | undefined {
  const allowed = subAttribute(attribute.attribute, '$ref')?.referenceTypes ?? [];
  const candidates = data.resources.filter((each) => allowed.includes(each.type.name));
  return (
    candidates.find((each) => each.id === value) ??
    candidates.find((each) => each.attributes['externalId'] === value) ??
    candidates.find((each) => {
      const { externalId: _, ...rest } = each.attributes;
      return referenceNames(each.type, each.id, rest).includes(foldCase(value));
    })
  );
}

function apply(data: Data, resource: string, delta: ReferenceDelta): ReferenceReport {
  const { attribute } = delta;
  const own = data.rows.filter((row) => row.resource === resource && row.attribute.key === attribute.key);
  const nameOf = (row: Pick<Row, 'value' | 'attribute'>) => {
    const target = targetOf(data, row);
    return (target && labelOf(target.type, target.attributes)) ?? row.value;
  };
  const same = (row: Row, value: string) =>
    row.value === value ||
    (targetOf(data, row) !== undefined && targetOf(data, row) === targetOf(data, { attribute, value }));
  const gone = own.filter((row) => {
    if (delta.change === 'add') return false;
    if (delta.change === 'removeWhere') {
      const target = targetOf(data, row);
      const label = target && labelOf(target.type, target.attributes);
      return matchesElement(delta.where, {
        value: target?.id ?? row.value,
        type: target?.type.name ?? row.type ?? null,
        display: label ?? null,
      });
    }
    return delta.values.some(({ value }) => same(row, value)) === (delta.change === 'remove');
  });
  data.rows = data.rows.filter((row) => !gone.includes(row));
  const given = delta.change === 'add' || delta.change === 'replace' ? delta.values : [];
  const left = own.filter((row) => !gone.includes(row));
  const fresh = given
    .filter(({ value }) => !left.some((row) => same(row, value)))
    .map((each) => ({ resource, attribute, ...each }));
  data.rows.push(...fresh);
  return {
    changed: gone.length + fresh.length > 0,
    added: fresh.filter((row) => targetOf(data, row)).map(nameOf),
    removed: gone.map(nameOf),
    pending: given.filter(({ value }) => !targetOf(data, { attribute, value })).map(({ value }) => value),
  };
}
