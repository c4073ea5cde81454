// Reference rows: who a value names, the deltas of a change applied, and parked values joined when their resource
// arrives. Talks to: Postgres.
// A value and the resource it names may be written at the same moment by two transactions that do not see each other.
// So whoever parks a value takes the tenant's lock and looks again, and whoever creates a resource shares that lock.
import { foldCase } from '../../scim/comparable.ts';
import { matchesElement } from '../../scim/filter/evaluate.ts';
import type { JsonObject } from '../../scim/json.ts';
import type { ReferenceDelta, ReferenceReport, ReferenceValue } from '../../scim/references.ts';
import { type Attribute, subAttribute } from '../../scim/schema/attribute.ts';
import type { ResourceType } from '../../scim/schema/resource-type.ts';
import { referenceNames } from '../../scim/unique-keys.ts';
import type { TenantTransaction } from '../database.ts';
import { isUuid, together, wholeTenant } from './sql.ts';

export interface ReferenceWriter {
  readonly transaction: TenantTransaction;
  readonly connection: string;
  readonly resource: string;
  readonly record: string;
  readonly at: string;
  /** Everybody whose memberships changed; for the life of a person. */
  readonly touched: Set<string>;
}

interface Resolved {
  readonly id: string;
  readonly label: string;
}

/** Applies deltas in order. `parking` says that the tenant's lock is held for update, so that values may be parked. */
export async function applyDeltas(
  writer: ReferenceWriter,
  deltas: readonly ReferenceDelta[],
  resolved: ReadonlyMap<string, Resolved>,
): Promise<ReferenceReport[]> {
  const reports: ReferenceReport[] = [];
  for (const delta of deltas) reports.push(await applyDelta(writer, delta, resolved));
  return reports;
}

async function applyDelta(
  writer: ReferenceWriter,
  delta: ReferenceDelta,
  resolved: ReadonlyMap<string, Resolved>,
): Promise<ReferenceReport> {
  const key = delta.attribute.key;
  if (delta.change === 'removeWhere') return report(writer, resolved, { removed: await removeWhere(writer, delta) });
  const { values } = delta;
  if (delta.change === 'remove') {
    return report(writer, resolved, { removed: await deleteRows(writer, key, values, resolved, 'named') });
  }
  const removed = delta.change === 'replace' ? await deleteRows(writer, key, values, resolved, 'others') : [];
  const added = values.length > 0 ? await insertRows(writer, key, values, resolved) : [];
  const pending = values.filter(({ value }) => !resolved.has(value)).map(({ value }) => value);
  return report(writer, resolved, { added, removed, pending });
}

interface RowChange {
  value: string;
  target: string | null;
}

function insertRows(
  { transaction, connection, resource, record, at }: ReferenceWriter,
  key: string,
  values: readonly ReferenceValue[],
  resolved: ReadonlyMap<string, Resolved>,
): Promise<RowChange[]> {
  return transaction.query<RowChange>({
    name: 'reference_insert',
    text: `insert into workspace.resource_reference
        (tenant, resource, attribute, value, name, value_type, connection, target, journal, created)
      select $1, $2, $3, x.value, x.name, x.value_type, $4, x.target, $5, $6
        from unnest($7::text[], $8::text[], $9::text[], $10::uuid[]) as x(value, name, value_type, target)
      on conflict do nothing returning value, target`,
    values: [
      transaction.tenant,
      resource,
      key,
      connection,
      record,
      at,
      values.map(({ value }) => value),
      values.map(({ value }) => foldCase(value)),
      values.map(({ type }) => type ?? null),
      values.map(({ value }) => resolved.get(value)?.id ?? null),
    ],
  });
}

function deleteRows(
  { transaction, resource }: ReferenceWriter,
  key: string,
  values: readonly ReferenceValue[],
  resolved: ReadonlyMap<string, Resolved>,
  which: 'named' | 'others',
): Promise<RowChange[]> {
  const condition = '(f.value = any($4::text[]) or coalesce(f.target = any($5::uuid[]), false))';
  return transaction.query<RowChange>({
    name: `reference_delete_${which}`,
    text: `delete from workspace.resource_reference f where f.tenant = $1 and f.resource = $2 and f.attribute = $3
      and ${which === 'named' ? '' : 'not '}${condition} returning f.value, f.target`,
    values: [
      transaction.tenant,
      resource,
      key,
      values.map(({ value }) => value),
      values.flatMap(({ value }) => resolved.get(value)?.id ?? []),
    ],
  });
}

async function removeWhere(
  writer: ReferenceWriter,
  delta: Extract<ReferenceDelta, { change: 'removeWhere' }>,
): Promise<RowChange[]> {
  const { transaction, resource } = writer;
  const rows = await transaction.query<{
    value: string;
    target: string | null;
    type: string | null;
    label: string | null;
  }>(
    `select f.value, f.target, coalesce(t.resource_type, f.value_type) as type, t.label
       from workspace.resource_reference f
       left join workspace.resource t on t.tenant = f.tenant and t.id = f.target
      where f.tenant = $1 and f.resource = $2 and f.attribute = $3`,
    [transaction.tenant, resource, delta.attribute.key],
  );
  const chosen = rows.filter(({ value, target, type, label }) =>
    matchesElement(delta.where, { value: target ?? value, type, display: label, displayName: label }),
  );
  if (chosen.length === 0) return [];
  const values = chosen.map(({ value }) => ({ value }));
  return deleteRows(writer, delta.attribute.key, values, new Map(), 'named');
}

const namedInReport = 100;

async function report(
  writer: ReferenceWriter,
  resolved: ReadonlyMap<string, Resolved>,
  rows: { added?: readonly RowChange[]; removed?: readonly RowChange[]; pending?: readonly string[] },
): Promise<ReferenceReport> {
  const { added = [], removed = [], pending = [] } = rows;
  for (const { target } of [...added, ...removed]) if (target) writer.touched.add(target);
  const labels = new Map([...resolved.values()].map(({ id, label }) => [id, label]));
  const unknown = removed
    .flatMap(({ target }) => (target && !labels.has(target) ? [target] : []))
    .slice(0, namedInReport);
  if (unknown.length > 0) for (const [id, label] of await labelsOf(writer.transaction, unknown)) labels.set(id, label);
  const named = ({ value, target }: RowChange) => (target && labels.get(target)) || value;
  return {
    changed: added.length + removed.length > 0,
    added: added.filter(({ target }) => target !== null).map(named),
    removed: removed.map(named),
    pending,
  };
}

async function labelsOf(transaction: TenantTransaction, ids: readonly string[]): Promise<[string, string][]> {
  const rows = await transaction.query<Resolved>(
    'select r.id, r.label from workspace.resource r where r.tenant = $1 and r.id = any($2::uuid[])',
    [transaction.tenant, ids],
  );
  return rows.map(({ id, label }) => [id, label]);
}

/** The resource types an attribute may point at, as its $ref says. */
function pointsAt(attribute: Attribute): readonly string[] {
  return subAttribute(attribute, '$ref')?.referenceTypes ?? [];
}

/**
 * Who the values of these deltas name: by id, by externalId of this connection, by a unique attribute, in this order.
 * They are held until the end: one that is being deleted is waited for, and then not found.
 */
export async function resolveValues(
  transaction: TenantTransaction,
  connection: string,
  deltas: readonly ReferenceDelta[],
): Promise<Map<string, Resolved>> {
  const values = deltas.flatMap((delta) =>
    delta.change === 'removeWhere' ? [] : delta.values.map(({ value }) => value),
  );
  if (values.length === 0) return new Map();
  const types = [...new Set(deltas.flatMap((delta) => pointsAt(delta.attribute.attribute)))];
  const byFolded = Map.groupBy(values, foldCase);
  const [byKey, byId] = await together([
    transaction.query<Resolved & { attribute: string; value: string }>({
      name: 'reference_resolve_key',
      text: `select k.attribute, k.value, r.id, r.label
          from workspace.resource_key k join workspace.resource r on r.tenant = k.tenant and r.id = k.resource
         where k.tenant = $1 and k.resource_type = any($2::text[])
           and ((k.within = $3 and k.value = any($4::text[])) or (k.within = $5 and k.value = any($6::text[])))
           and r.deleted_at is null for share of r`,
      values: [transaction.tenant, types, connection, values, wholeTenant, [...byFolded.keys()]],
    }),
    transaction.query<Resolved>({
      name: 'reference_resolve_id',
      text: `select r.id, r.label from workspace.resource r
         where r.tenant = $1 and r.id = any($2::uuid[]) and r.resource_type = any($3::text[]) and r.deleted_at is null
         for share of r`,
      values: [transaction.tenant, values.filter(isUuid), types],
    }),
  ]);
  const resolved = new Map<string, Resolved>();
  for (const row of byKey)
    if (row.attribute !== 'externalId') for (const value of byFolded.get(row.value) ?? []) resolved.set(value, row);
  for (const row of byKey) if (row.attribute === 'externalId') resolved.set(row.value, row);
  for (const row of byId) resolved.set(row.id, row);
  return resolved;
}

/** Whether any delta would store a value that names nobody yet. */
export function wouldPark(deltas: readonly ReferenceDelta[], resolved: ReadonlyMap<string, Resolved>): boolean {
  return deltas.some(
    (delta) =>
      (delta.change === 'add' || delta.change === 'replace') && delta.values.some(({ value }) => !resolved.has(value)),
  );
}

/** Each connection has its own row to share, so that creators of one moment do not queue for one; a parker takes them all. */
const lanes = 16;
const laneNames = Array.from({ length: lanes }, (_, lane) => `references-${lane}`);

/**
 * Excludes creators from parkers (and parkers from each other); held until the end of the transaction.
 * @returns `made` when the workspace had no lock yet: statements sent along were not under it
 */
export async function lockReferences(
  transaction: TenantTransaction,
  strength: 'share' | 'update',
): Promise<'held' | 'made'> {
  const names = strength === 'share' ? [laneNames[transaction.lane % lanes]!] : laneNames;
  const lock = {
    name: `reference_lock_${strength}`,
    text:
      strength === 'share'
        ? 'select 1 from workspace.tenant_lock l where l.tenant = $1 and l.name = $2 for share'
        : 'select 1 from workspace.tenant_lock l where l.tenant = $1 and l.name = any($2::text[]) order by l.name for update',
    values: [transaction.tenant, strength === 'share' ? names[0] : names],
  };
  if ((await transaction.query(lock)).length === names.length) return 'held';
  await transaction.query(
    `insert into workspace.tenant_lock (tenant, name) select $1, x.name from unnest($2::text[]) as x(name) order by x.name
      on conflict do nothing returning name`,
    [transaction.tenant, laneNames],
  );
  if ((await transaction.query(lock)).length < names.length) throw new Error('The locks for references are missing.');
  return 'made';
}

/**
 * Parked values that name this resource now point at it. Where the holder has it already under another spelling, the
 * parked row goes.
 * @returns the ids of the resources whose rows joined
 */
export async function joinParked(
  writer: ReferenceWriter,
  type: ResourceType,
  attributes: JsonObject,
): Promise<string[]> {
  const { transaction, connection, resource } = writer;
  const externalId = typeof attributes['externalId'] === 'string' ? attributes['externalId'] : null;
  const names = referenceNames(type, resource, attributes);
  const parked = await transaction.query<{
    resource: string;
    attribute: string;
    value: string;
    connection: string;
    name: string;
  }>({
    name: 'reference_parked',
    text: `select f.resource, f.attribute, f.value, f.connection, f.name from workspace.resource_reference f
        where f.tenant = $1 and f.target is null and f.name = any($2::text[]) order by f.resource, f.attribute, f.value for no key update`,
    values: [transaction.tenant, names],
  });
  const unique = new Set(referenceNames(type, resource, { ...attributes, externalId: null }));
  const joining = parked.filter(
    (row) => unique.has(row.name) || (row.connection === connection && row.value === externalId),
  );
  for (const row of joining) {
    const keys = [transaction.tenant, row.resource, row.attribute, row.value, resource];
    const joined = await transaction.query(
      `update workspace.resource_reference f set target = $5
        where f.tenant = $1 and f.resource = $2 and f.attribute = $3 and f.value = $4
          and not exists (select 1 from workspace.resource_reference o
            where o.tenant = $1 and o.resource = $2 and o.attribute = $3 and o.target = $5) returning f.value`,
      keys,
    );
    if (joined.length > 0) continue;
    await transaction.query(
      `delete from workspace.resource_reference f
        where f.tenant = $1 and f.resource = $2 and f.attribute = $3 and f.value = $4`,
      keys.slice(0, 4),
    );
  }
  return [...new Set(joining.map((row) => row.resource))];
}
