// The statements of a change to one resource, each bound to one tenant. Pure: they are sent elsewhere.

import type { JsonObject } from '../../scim/json.ts';
import type { AttributeChange } from '../../scim/request-record.ts';
import type { Authorship, Creation, StoreScope, Update } from '../../scim/resource-store.ts';
import type { PlacedAttribute, ResourceType } from '../../scim/schema/resource-type.ts';
import type { UniqueKey } from '../../scim/unique-keys.ts';
import type { Statement } from '../database.ts';
import { indexedValues, resourceColumns, toColumns } from './resource-rows.ts';
import { newParameters, wholeTenant } from './sql.ts';

/** Who writes, and on whose behalf. */
export interface Writer {
  readonly scope: StoreScope;
  /** The connection that manages what is written from now on; null: the workspace itself, which takes nothing over. */
  readonly manages: string | null;
  readonly newId: () => string;
}

export function readStatement(
  scope: StoreScope,
  id: string,
  type: ResourceType,
  want: readonly PlacedAttribute[],
): Statement {
  const parameters = newParameters(scope.tenant);
  const { columns, shape } = resourceColumns(parameters, scope.connection, want);
  return {
    name: `resource_read_${shape}`,
    text: `select ${columns} from workspace.resource r where r.tenant = $1 and r.id = ${parameters.bind(id)}
      and r.resource_type = ${parameters.bind(type.name)} and r.deleted_at is null`,
    values: parameters.values,
  };
}

export function holderStatement({ scope }: Writer, type: ResourceType, key: UniqueKey): Statement {
  return {
    name: 'resource_holder',
    text: `select k.resource from workspace.resource_key k where k.tenant = $1 and k.resource_type = $2 and k.attribute = $3
      and k.within = $4 and k.value = $5`,
    values: [scope.tenant, type.name, key.attribute, withinOf(scope, key), key.value],
  };
}

export function withinOf(scope: StoreScope, key: UniqueKey): string {
  return key.within === 'connection' ? scope.connection : wholeTenant;
}

export function insertStatement(
  { scope, manages }: Writer,
  { type, id, attributes }: Creation,
  by: Authorship,
): Statement {
  const columns = toColumns(type, attributes);
  return {
    name: 'resource_insert',
    text: `insert into workspace.resource (tenant, id, resource_type, connection, attributes, search, external_ids, label,
        label_search, active, version, provenance, created, last_modified)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $12) returning id`,
    values: [
      scope.tenant,
      id,
      type.name,
      manages,
      columns.attributes,
      columns.search,
      columns.externalId === null ? {} : { [scope.connection]: columns.externalId },
      columns.label,
      columns.labelSearch,
      columns.active,
      // Everything not named on its own came with the creation.
      { '': { journal: by.record, at: by.at } },
      by.at,
    ],
  };
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

export function keyStatement({ scope }: Writer, type: ResourceType, id: string, keys: readonly UniqueKey[]): Statement {
  return {
    name: 'resource_keys',
    text: `insert into workspace.resource_key (tenant, resource_type, attribute, within, value, resource)
      select $1, $2, x.attribute, x.within, x.value, $3
        from unnest($4::text[], $5::uuid[], $6::text[]) as x(attribute, within, value) order by x.attribute returning resource`,
    values: [
      scope.tenant,
      type.name,
      id,
      keys.map((key) => key.attribute),
      keys.map((key) => withinOf(scope, key)),
      keys.map((key) => key.value),
    ],
  };
}

export function valueStatement({ scope }: Writer, type: ResourceType, id: string, attributes: JsonObject): Statement {
  const values = indexedValues(type, attributes);
  return {
    name: 'resource_values',
    text: `insert into workspace.resource_value (tenant, resource_type, attribute, value, resource)
      select $1, $2, x.attribute, x.value, $3 from unnest($4::text[], $5::text[]) as x(attribute, value)
      on conflict do nothing returning resource`,
    values: [scope.tenant, type.name, id, values.map((each) => each.attribute), values.map((each) => each.value)],
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

/** The row stays: the journal and a successor name it. */
export function deleteStatement({ tenant }: StoreScope, id: string, by: Authorship): Statement {
  return {
    name: 'resource_delete',
    text: 'update workspace.resource r set deleted_at = $3, active = false where r.tenant = $1 and r.id = $2 returning r.id',
    values: [tenant, id, by.at],
  };
}

/** @param lane whose counter it is: each connection has its own, so that writers do not queue for one */
export function countStatement({ scope }: Writer, type: ResourceType, lane: number, difference: 1 | -1): Statement {
  return {
    name: 'resource_count',
    text: `insert into workspace.resource_count (tenant, resource_type, slot, resources, removals) values ($1, $2, $3, $4, $5)
      on conflict (tenant, resource_type, slot) do update set resources = workspace.resource_count.resources + excluded.resources,
        removals = workspace.resource_count.removals + excluded.removals
      returning slot`,
    values: [scope.tenant, type.name, lane % lanes, difference, difference < 0 ? 1 : 0],
  };
}

const lanes = 64;

interface OutboxEvent {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  readonly event: 'created' | 'updated' | 'deleted';
  readonly payload: JsonObject;
}

export function outboxStatement({ scope, newId }: Writer, event: OutboxEvent, by: Authorship): Statement {
  return {
    name: 'outbox_insert',
    text: `insert into workspace.outbox (tenant, id, at, event, resource, resource_type, version, payload)
      values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    values: [
      scope.tenant,
      newId(),
      by.at,
      event.event,
      event.id,
      event.type.name,
      event.version,
      { ...event.payload, request: by.record },
    ],
  };
}

export function updateStatement(
  { scope, manages }: Writer,
  { current, attributes }: Update,
  changes: readonly AttributeChange[],
  by: Authorship,
): Statement {
  const { type, id } = current;
  const columns = toColumns(type, attributes);
  return {
    name: 'resource_update',
    text: `update workspace.resource r set attributes = $3, search = $4, label = $5, label_search = $6, active = $7,
        provenance = r.provenance || $8::jsonb, version = $9, last_modified = $10, connection = $13,
        external_ids = case when $12::text is null then r.external_ids - $11::uuid::text
                            else r.external_ids || jsonb_build_object($11::uuid::text, $12::text) end
      where r.tenant = $1 and r.id = $2 returning r.id`,
    values: [
      scope.tenant,
      id,
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
