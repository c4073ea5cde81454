// The values by which a resource must be the only one (RFC 7643 section 2.2 uniqueness), in the form they are compared
// in. Pure.
// externalId is opaque and unique within its connection only; it never leads to an internal id (RFC 7643 section 3.1).
import { comparable, foldCase } from './comparable.ts';
import type { JsonObject } from './json.ts';
import { valueAt } from './read-resource.ts';
import { type ResourceType, uniqueAttributes } from './schema/resource-type.ts';

export interface UniqueKey {
  /** Attribute key. */
  readonly attribute: string;
  readonly within: 'tenant' | 'connection';
  readonly value: string;
}

export function uniqueKeys(type: ResourceType, attributes: JsonObject): UniqueKey[] {
  const keys: UniqueKey[] = [];
  for (const { container, attribute, key } of uniqueAttributes(type)) {
    const value = comparable(attribute, valueAt(attributes, container, attribute.name) ?? null);
    if (typeof value === 'string') keys.push({ attribute: key, within: 'tenant', value });
  }
  const externalId = attributes['externalId'];
  if (typeof externalId === 'string') keys.push({ attribute: 'externalId', within: 'connection', value: externalId });
  return keys;
}

export function sameKey(left: UniqueKey, right: UniqueKey): boolean {
  return left.attribute === right.attribute && left.value === right.value;
}

export function sameKeys(left: readonly UniqueKey[], right: readonly UniqueKey[]): boolean {
  return left.length === right.length && left.every((key) => right.some((each) => sameKey(key, each)));
}

/** The spellings under which others may refer to this resource before and after it is here: id, externalId, unique values. */
export function referenceNames(type: ResourceType, id: string, attributes: JsonObject): string[] {
  return [...new Set([id, ...uniqueKeys(type, attributes).map((key) => key.value)].map(foldCase))];
}
