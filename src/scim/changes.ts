// What differs between two states of a resource, attribute by attribute; sub-attributes of a single complex value are
// named on their own ("name.givenName"). Pure.
import { isObject, type Json, type JsonObject, sameJson } from './json.ts';
import { valueAt } from './read-resource.ts';
import type { AttributeChange } from './request-record.ts';
import { placedAttributes, type ResourceType } from './schema/resource-type.ts';

export function changesBetween(type: ResourceType, before: JsonObject, after: JsonObject): AttributeChange[] {
  const changes: AttributeChange[] = [];
  for (const { container, attribute, key } of placedAttributes(type)) {
    const old = valueAt(before, container, attribute.name);
    const now = valueAt(after, container, attribute.name);
    if (sameJson(old, now)) continue;
    if (attribute.multiValued || attribute.type !== 'complex') changes.push(change(key, old, now));
    else changes.push(...subChanges(key, old, now));
  }
  return changes;
}

function subChanges(key: string, old: Json | undefined, now: Json | undefined): AttributeChange[] {
  const left = isObject(old) ? old : {};
  const right = isObject(now) ? now : {};
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names
    .filter((name) => !sameJson(left[name], right[name]))
    .map((name) => change(`${key}.${name}`, left[name], right[name]));
}

function change(path: string, before: Json | undefined, after: Json | undefined): AttributeChange {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
