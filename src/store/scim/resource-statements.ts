// The statements of a change to one resource, each bound to one tenant. Pure: they are sent elsewhere.

import { type JsonObject, sameJson } from '../../scim/json.ts';
import type { AttributeChange } from '../../scim/request-record.ts';
import type { Authorship, Creation, StoreScope, Update } from '../../scim/resource-store.ts';
import type { ResourceType } from '../../scim/schema/resource-type.ts';
import { type UniqueKey, uniqueKeys } from '../../scim/unique-keys.ts';
import type { Statement } from '../database.ts';
import { withinOf } from './lookup-statements.ts';
import { indexedValues, toColumns } from './resource-rows.ts';
import { rowsInto } from './rows-into.ts';

/** Who writes, and on whose behalf. */
export interface Writer {
  readonly scope: StoreScope;
  /** The connection that manages what is written from now on; null: the workspace itself, which takes nothing over. */
  readonly manages: string | null;
  readonly newId: () => string;
}

const resourceRows = rowsInto(
  'resource',
  [
    ['id', 'uuid'],
    ['resource_type', 'text'],
    ['connection', 'uuid'],
    ['attributes', 'jsonb'],
    ['search', 'jsonb'],
    ['external_ids', 'jsonb'],
    ['label', 'text'],
    ['label_search', 'text'],
    ['active', 'boolean'],
    ['version', 'integer'],
    ['provenance', 'jsonb'],
    ['created', 'timestamptz'],
    ['last_modified', 'timestamptz'],
  ],
  'id',
);

/** A creation and whose it is. */
export interface AuthoredCreation {
  readonly creation: Creation;
  readonly by: Authorship;
}

function insertStatement({ scope, manages }: Writer, all: readonly AuthoredCreation[]): Statement {
  const rows = all.map(({ creation: { type, id, attributes }, by }) => {
    const columns = toColumns(type, attributes);
    const externalIds = columns.externalId === null ? {} : { [scope.connection]: columns.externalId };
    const own = [id, type.name, manages, columns.attributes, columns.search, externalIds];
    // Everything not named on its own came with the creation.
    const provenance = { '': { journal: by.record, at: by.at } };
    return [...own, columns.label, columns.labelSearch, columns.active, 1, provenance, by.at, by.at];
  });
  return resourceRows(scope.tenant, rows);
}

/** Which request last set each attribute that differs, and what it was before. */
function provenance(changes: readonly AttributeChange[], by: Authorship): JsonObject {
  return Object.fromEntries(
    changes.map((change) => [
      change.path,
      { journal: by.record, at: by.at, ...(change.before === undefined ? {} : { was: change.before }) },
    ]),
  );
}

/** What a resource is looked up by. */
export interface Looked {
  readonly type: ResourceType;
  readonly id: string;
  readonly attributes: JsonObject;
}

/** Keys in one order for everybody: two transactions that want the same ones wait for each other, and not for ever. */
export function keyStatement({ scope }: Writer, all: readonly (Looked & { keys: readonly UniqueKey[] })[]): Statement {
  const rows = all.flatMap(({ type, id, keys }) => keys.map((key) => ({ type, id, key })));
  return {
    name: 'resource_keys',
    text: `insert into workspace.resource_key (tenant, resource_type, attribute, within, value, resource)
      select $1, x.resource_type, x.attribute, x.within, x.value, x.resource
        from unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[])
          as x(resource_type, attribute, within, value, resource)
       order by x.resource_type, x.attribute, x.within, x.value returning resource`,
    values: [
      scope.tenant,
      rows.map(({ type }) => type.name),
      rows.map(({ key }) => key.attribute),
      rows.map(({ key }) => withinOf(scope, key)),
      rows.map(({ key }) => key.value),
      rows.map(({ id }) => id),
    ],
  };
}

function valueStatement({ scope }: Writer, all: readonly Looked[]): Statement {
  const rows = all.flatMap(({ type, id, attributes }) =>
    indexedValues(type, attributes).map(({ attribute, value }) => ({ type, id, attribute, value })),
  );
  return {
    name: 'resource_values',
    text: `insert into workspace.resource_value (tenant, resource_type, attribute, value, resource)
      select $1, x.resource_type, x.attribute, x.value, x.resource
        from unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) as x(resource_type, attribute, value, resource)
      on conflict do nothing returning resource`,
    values: [
      scope.tenant,
      rows.map(({ type }) => type.name),
      rows.map(({ attribute }) => attribute),
      rows.map(({ value }) => value),
      rows.map(({ id }) => id),
    ],
  };
}

/** Takes a resource out of the tables it is looked up by. */
export function dropStatement({ tenant }: StoreScope, table: 'resource_key' | 'resource_value', id: string): Statement {
  return {
    name: `${table}_drop`,
    text: `delete from workspace.${table} k where k.tenant = $1 and k.resource = $2`,
    values: [tenant, id],
  };
}

export function dropKeyStatement(scope: StoreScope, type: ResourceType, id: string, key: UniqueKey): Statement {
  return {
    name: 'resource_key_give_up',
    text: `delete from workspace.resource_key k where k.tenant = $1 and k.resource_type = $2 and k.attribute = $3
      and k.within = $4 and k.value = $5 and k.resource = $6`,
    values: [scope.tenant, type.name, key.attribute, withinOf(scope, key), key.value, id],
  };
}

/** The row stays: the journal and a successor name it. */
export function deleteStatement({ tenant }: StoreScope, id: string, by: Authorship): Statement {
  return {
    name: 'resource_delete',
    text: 'update workspace.resource r set deleted_at = $3, active = false where r.tenant = $1 and r.id = $2 returning r.id',
    values: [tenant, id, by.at],
  };
}

/** @param lane whose counter it is: each connection has its own, so that writers do not queue for one */
export function countStatement({ scope }: Writer, type: ResourceType, lane: number, difference: number): Statement {
  return {
    name: 'resource_count',
    text: `insert into workspace.resource_count (tenant, resource_type, slot, resources, removals) values ($1, $2, $3, $4, $5)
      on conflict (tenant, resource_type, slot) do update set resources = workspace.resource_count.resources + excluded.resources,
        removals = workspace.resource_count.removals + excluded.removals
      returning slot`,
    values: [scope.tenant, type.name, lane % lanes, difference, Math.max(-difference, 0)],
  };
}

const lanes = 64;

interface OutboxEvent {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  readonly event: 'created' | 'updated' | 'deleted';
  readonly payload: JsonObject;
  readonly by: Authorship;
}

const outboxRows = rowsInto(
  'outbox',
  [
    ['id', 'uuid'],
    ['at', 'timestamptz'],
    ['event', 'text'],
    ['resource', 'uuid'],
    ['resource_type', 'text'],
    ['version', 'integer'],
    ['payload', 'jsonb'],
  ],
  'id',
);

export function outboxStatement({ scope, newId }: Writer, events: readonly OutboxEvent[]): Statement {
  const rows = events.map(({ type, id, version, event, payload, by }) => {
    return [newId(), by.at, event, id, type.name, version, { ...payload, request: by.record }];
  });
  return outboxRows(scope.tenant, rows);
}

/** Everything a creation leaves but its references. */
export function creationStatements(writer: Writer, lane: number, all: readonly AuthoredCreation[]): Statement[] {
  if (all.length === 0) return [];
  const creations = all.map(({ creation }) => creation);
  const events = all.map(({ creation: { type, id, attributes }, by }): OutboxEvent => {
    return { type, id, version: 1, event: 'created', payload: { attributes }, by };
  });
  return [
    insertStatement(writer, all),
    keyStatement(
      writer,
      creations.map((each) => ({ ...each, keys: uniqueKeys(each.type, each.attributes) })),
    ),
    valueStatement(writer, creations),
    ...[...Map.groupBy(creations, ({ type }) => type.name)]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, ofType]) => countStatement(writer, ofType[0]!.type, lane, ofType.length)),
    outboxStatement(writer, events),
  ];
}

/** An update, what it changes and whose it is. */
export interface AuthoredUpdate {
  readonly update: Update;
  readonly changes: readonly AttributeChange[];
  readonly by: Authorship;
}

function updateStatement({ scope, manages }: Writer, { update, changes, by }: AuthoredUpdate): Statement {
  const { current, attributes } = update;
  const columns = toColumns(current.type, attributes);
  return {
    name: 'resource_update',
    text: `update workspace.resource r set attributes = $3, search = $4, label = $5, label_search = $6, active = $7,
        provenance = r.provenance || $8::jsonb, version = $9, last_modified = $10, connection = $13,
        external_ids = case when $12::text is null then r.external_ids - $11::uuid::text
                            else r.external_ids || jsonb_build_object($11::uuid::text, $12::text) end
      where r.tenant = $1 and r.id = $2 returning r.id`,
    values: [
      scope.tenant,
      current.id,
      columns.attributes,
      columns.search,
      columns.label,
      columns.labelSearch,
      columns.active,
      provenance(changes, by),
      current.version + 1,
      by.at,
      scope.connection,
      columns.externalId,
      manages ?? current.managedBy,
    ],
  };
}

/** Everything an update leaves that changes no key and no reference. */
export function updateStatements(writer: Writer, all: readonly AuthoredUpdate[]): Statement[] {
  if (all.length === 0) return [];
  const events = all.map(({ update: { current }, changes, by }): OutboxEvent => {
    const payload = { changes: changes.map(({ path }) => path) };
    return { type: current.type, id: current.id, version: current.version + 1, event: 'updated', payload, by };
  });
  return [
    ...all.map((each) => updateStatement(writer, each)),
    ...all.flatMap(({ update }) => valueStatements(writer, update)),
    outboxStatement(writer, events),
  ];
}

/** The indexed values of an update, where they are others than before. */
function valueStatements(
  writer: Writer,
  { current: { type, id, attributes: before }, attributes }: Update,
): Statement[] {
  if (sameJson(indexedValues(type, before) as never, indexedValues(type, attributes) as never)) return [];
  return [dropStatement(writer.scope, 'resource_value', id), valueStatement(writer, [{ type, id, attributes }])];
}
