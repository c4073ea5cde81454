// A stored resource as it is answered (RFC 7644 section 3.9; RFC 7643 section 2.2 returned, 3.1 meta): references
// written out, `attributes` and `excludedAttributes` obeyed, `schemas` naming what is there. Pure.
// A reference to somebody who is not here shows the value as it was sent, and nothing else.
import { isObject, type Json, type JsonObject } from './json.ts';
import { type ResolvedPath, resolvePath } from './path.ts';
import type { StoredReference, StoredResource } from './resource-store.ts';
import { type Attribute, subAttribute } from './schema/attribute.ts';
import {
  derivedAttributes,
  type PlacedAttribute,
  placedAttributes,
  type ResourceType,
  type ResourceTypes,
  referenceAttributes,
} from './schema/resource-type.ts';
import { entityTag } from './version.ts';

export interface Selection {
  readonly mode: 'default' | 'attributes' | 'excluded';
  readonly paths: readonly ResolvedPath[];
}

export const everything: Selection = { mode: 'default', paths: [] };

/** Names nobody knows are passed over: a list of attributes is a wish, not an order. `attributes` wins over the other. */
export function readSelection(
  type: ResourceType,
  attributes: string | undefined,
  excluded: string | undefined,
): Selection {
  const wish = attributes?.trim() ? attributes : excluded;
  if (!wish?.trim()) return everything;
  const paths = wish.split(',').flatMap((name) => resolvePath(type, name.trim()) ?? []);
  return { mode: attributes?.trim() ? 'attributes' : 'excluded', paths };
}

/** The row-stored and derived attributes a selection needs; the rest need not be read from the store. */
export function wanted(type: ResourceType, selection: Selection): PlacedAttribute[] {
  return [...referenceAttributes(type), ...derivedAttributes(type)].filter((each) => view(each, selection) !== 'none');
}

type View = 'none' | 'whole' | { readonly only: readonly Attribute[] } | { readonly without: readonly Attribute[] };

function view(placed: PlacedAttribute, selection: Selection): View {
  const { attribute } = placed;
  if (attribute.returned === 'never') return 'none';
  const named = selection.paths.filter(
    (path) =>
      path.container.key === placed.container &&
      (path.attribute === attribute || (!path.attribute && placed.container)),
  );
  const whole = named.some((path) => !path.sub);
  const subs = named.flatMap((path) => path.sub ?? []);
  if (selection.mode === 'excluded') {
    if (attribute.returned === 'always') return 'whole';
    if (whole || attribute.returned === 'request') return 'none';
    return subs.length > 0 ? { without: subs } : 'whole';
  }
  if (attribute.returned === 'always') return 'whole';
  if (selection.mode === 'default') return attribute.returned === 'request' ? 'none' : 'whole';
  if (whole) return 'whole';
  return subs.length > 0 ? { only: subs } : 'none';
}

export interface ProjectionContext {
  readonly types: ResourceTypes;
  /** Without a slash at its end. */
  readonly baseUrl: string;
}

export function project(resource: StoredResource, selection: Selection, context: ProjectionContext): JsonObject {
  const { type } = resource;
  const answer: JsonObject = { schemas: [], id: resource.id };
  const schemas = new Set([type.schema.id]);
  for (const placed of placedAttributes(type)) {
    const { container, attribute, key } = placed;
    if (key === 'schemas' || key === 'id' || key === 'meta') continue;
    const shown = view(placed, selection);
    if (shown === 'none') continue;
    const value = trimmed(attribute, fullValue(resource, placed, context), shown);
    if (value === undefined) continue;
    if (!container) {
      answer[attribute.name] = value;
      continue;
    }
    schemas.add(container);
    const existing = answer[container];
    const extension = isObject(existing) ? existing : {};
    extension[attribute.name] = value;
    answer[container] = extension;
  }
  answer['schemas'] = [...schemas];
  return withMeta(answer, resource, selection, context);
}

function fullValue(resource: StoredResource, placed: PlacedAttribute, context: ProjectionContext): Json | undefined {
  const { container, attribute, key } = placed;
  if (attribute.storedAs || attribute.inverseOf) {
    const values = (resource.references.get(key) ?? []).map((each) => written(attribute, each, context));
    if (values.length === 0) return undefined;
    return attribute.multiValued ? values : values[0];
  }
  const holder = container ? resource.attributes[container] : resource.attributes;
  return isObject(holder) && Object.hasOwn(holder, attribute.name) ? holder[attribute.name] : undefined;
}

/** A reference with as many of value, $ref, type and display or displayName as its schema has. */
function written(attribute: Attribute, reference: StoredReference, context: ProjectionContext): JsonObject {
  const { target } = reference;
  const value: JsonObject = { value: target?.id ?? reference.value };
  const put = (name: string, given: string | undefined) => {
    if (given !== undefined && subAttribute(attribute, name)) value[name] = given;
  };
  const endpoint = target && context.types.byName(target.type)?.endpoint;
  put('$ref', target && endpoint ? `${context.baseUrl}/${endpoint}/${target.id}` : undefined);
  put('type', attribute.inverseOf ? 'direct' : (target?.type ?? reference.type));
  put('display', target?.label);
  put('displayName', target?.label);
  return value;
}

function trimmed(attribute: Attribute, value: Json | undefined, shown: View): Json | undefined {
  if (value === undefined || typeof shown === 'string') return value;
  if (Array.isArray(value)) return value.map((element) => trimmed(attribute, element, shown) ?? {});
  if (!isObject(value)) return value;
  const names = new Set(('only' in shown ? shown.only : shown.without).map((each) => each.name));
  const kept = Object.entries(value).filter(([name]) => names.has(name) === 'only' in shown);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function withMeta(
  answer: JsonObject,
  resource: StoredResource,
  selection: Selection,
  context: ProjectionContext,
): JsonObject {
  const meta = placedAttributes(resource.type).find((placed) => placed.key === 'meta')!;
  const shown = view(meta, selection);
  if (shown === 'none') return answer;
  const value = trimmed(
    meta.attribute,
    {
      resourceType: resource.type.name,
      created: resource.created,
      lastModified: resource.lastModified,
      location: locationOf(resource, context),
      version: entityTag(resource),
    },
    shown,
  );
  if (value !== undefined) answer['meta'] = value;
  return answer;
}

export function locationOf(resource: StoredResource, context: ProjectionContext): string {
  return `${context.baseUrl}/${resource.type.endpoint}/${resource.id}`;
}
