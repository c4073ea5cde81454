// Whether a resource has access, by the attribute its type says so with. Pure.
import type { JsonObject } from './json.ts';
import type { ResourceType } from './schema/resource-type.ts';

/** Absent is never read as false. */
export function isActive({ activeAttribute }: ResourceType, attributes: JsonObject): boolean {
  return activeAttribute === undefined || attributes[activeAttribute] !== false;
}

export function losesAccess(type: ResourceType, before: JsonObject, after: JsonObject): boolean {
  return isActive(type, before) && !isActive(type, after);
}
