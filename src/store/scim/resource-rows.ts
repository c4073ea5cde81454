// Between a row of workspace.resource and a StoredResource; and the columns beside the attributes that searching needs.
// Pure.
import { isActive } from '../../scim/active.ts';
import { comparable, foldCase } from '../../scim/comparable.ts';
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { labelOf } from '../../scim/label.ts';
import { valueAt } from '../../scim/read-resource.ts';
import type { StoredReference, StoredResource } from '../../scim/resource-store.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { subAttribute } from '../../scim/schema/attribute.ts';
import {
  containersOf,
  type PlacedAttribute,
  placedAttributes,
  type ResourceType,
} from '../../scim/schema/resource-type.ts';
import type { Parameters } from './sql.ts';

/** [attribute key, value, type as sent, target id, target type, target label] */
type ReferenceRow = [string, string, string | null, string | null, string | null, string | null];

export interface ResourceRow {
  id: string;
  connection: string | null;
  attributes: JsonObject;
  external_id: string | null;
  version: number;
  created: Date;
  last_modified: Date;
  pointing: ReferenceRow[] | null;
  pointed_at: ReferenceRow[] | null;
}

/**
 * Columns of a resource `r`, with only the rows that are wanted; one attribute is compared by =, because a prepared
 * statement with an array in it is planned anew each time.
 * @returns the columns, and a suffix that tells statements of different columns apart
 */
export function resourceColumns(
  { bind }: Parameters,
  connection: string,
  want: readonly PlacedAttribute[],
): { columns: string; shape: string } {
  const pointing = want.filter((each) => each.attribute.storedAs).map((each) => each.key);
  const pointedAt = want.flatMap((each) => each.attribute.inverseOf ?? []);
  const own = `r.id, r.connection, r.attributes, r.external_ids ->> ${bind(connection)}::text as external_id, r.version,
    r.created, r.last_modified`;
  const columns = `${own},
    ${
      pointing.length === 0
        ? 'null'
        : `(select json_agg(json_build_array(f.attribute, f.value, f.value_type, t.id, t.resource_type, t.label)
          order by f.created, f.value)
       from workspace.resource_reference f left join workspace.resource t on t.tenant = f.tenant and t.id = f.target
      where f.tenant = r.tenant and f.resource = r.id and ${isOneOf(pointing, bind)})`
    } as pointing,
    ${
      pointedAt.length === 0
        ? 'null'
        : `(select json_agg(json_build_array(f.attribute, g.id, null, g.id, g.resource_type, g.label) order by g.label, g.id)
       from workspace.resource_reference f join workspace.resource g on g.tenant = f.tenant and g.id = f.resource
      where f.tenant = r.tenant and f.target = r.id and ${isOneOf(pointedAt, bind)})`
    } as pointed_at`;
  return { columns, shape: `${Math.min(pointing.length, 2)}${Math.min(pointedAt.length, 2)}` };
}

function isOneOf(names: readonly string[], bind: Parameters['bind']): string {
  return names.length === 1 ? `f.attribute = ${bind(names[0])}::text` : `f.attribute = any(${bind(names)}::text[])`;
}

export function toStored(type: ResourceType, row: ResourceRow, want: readonly PlacedAttribute[]): StoredResource {
  const references = new Map<string, StoredReference[]>();
  for (const each of want) {
    const rows = (each.attribute.inverseOf ? row.pointed_at : row.pointing) ?? [];
    const name = each.attribute.inverseOf ?? each.key;
    references.set(each.key, rows.filter(([attribute]) => attribute === name).map(toReference));
  }
  const { external_id: externalId } = row;
  return {
    type,
    id: row.id,
    attributes: externalId === null ? row.attributes : { externalId, ...row.attributes },
    references,
    managedBy: row.connection,
    version: row.version,
    created: row.created.toISOString(),
    lastModified: row.last_modified.toISOString(),
  };
}

function toReference([, value, type, id, targetType, label]: ReferenceRow): StoredReference {
  return {
    value,
    ...(type === null ? {} : { type }),
    ...(id === null || targetType === null ? {} : { target: { id, type: targetType, ...(label ? { label } : {}) } }),
  };
}

export interface ResourceColumns {
  readonly attributes: JsonObject;
  readonly search: JsonObject;
  readonly externalId: string | null;
  readonly label: string;
  readonly labelSearch: string;
  readonly active: boolean;
}

export function toColumns(type: ResourceType, given: JsonObject): ResourceColumns {
  const { externalId, ...attributes } = given;
  const label = labelOf(type, given) ?? '';
  return {
    attributes,
    search: searchForm(type, attributes),
    externalId: typeof externalId === 'string' ? externalId : null,
    label,
    labelSearch: foldCase(label),
    active: isActive(type, attributes),
  };
}

/** The attributes in the form they are compared in, so that SQL compares exactly as the evaluator does. */
function searchForm(type: ResourceType, attributes: JsonObject): JsonObject {
  const search: JsonObject = {};
  for (const container of containersOf(type)) {
    const given = container.key ? attributes[container.key] : attributes;
    if (!isObject(given)) continue;
    const form: JsonObject = {};
    for (const attribute of container.attributes.values()) {
      const value = Object.hasOwn(given, attribute.name) ? given[attribute.name] : undefined;
      if (value !== undefined) form[attribute.name] = valueForm(attribute, value);
    }
    if (container.key) search[container.key] = form;
    else Object.assign(search, form);
  }
  return search;
}

function valueForm(attribute: Attribute, value: Json): Json {
  if (Array.isArray(value)) return value.map((each) => valueForm(attribute, each));
  if (!isObject(value)) return comparable(attribute, value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const sub = subAttribute(attribute, name);
      return sub ? [[sub.name, valueForm(sub, each)]] : [];
    }),
  );
}

export interface IndexedValue {
  readonly attribute: string;
  readonly value: string;
}

/** Longer values are not indexed; a search for one falls back to comparing each resource. */
export const maxIndexedLength = 512;

export function indexedValues(type: ResourceType, attributes: JsonObject): IndexedValue[] {
  const found = new Map<string, IndexedValue>();
  for (const { container, attribute, key } of placedAttributes(type)) {
    const values = listed(valueAt(attributes, container, attribute.name));
    if (attribute.indexed) note(found, key, attribute, values);
    for (const sub of attribute.subAttributes ?? []) {
      if (!sub.indexed) continue;
      const parts = values.flatMap((element) => (isObject(element) ? listed(element[sub.name]) : []));
      note(found, `${key}.${sub.name}`, sub, parts);
    }
  }
  return [...found.values()];
}

function listed(value: Json | undefined): Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function note(found: Map<string, IndexedValue>, path: string, leaf: Attribute, values: readonly Json[]): void {
  for (const value of values) {
    const compared = comparable(leaf, value);
    if (typeof compared !== 'string' || compared.length > maxIndexedLength) continue;
    found.set(`${path} ${compared}`, { attribute: path, value: compared });
  }
}
