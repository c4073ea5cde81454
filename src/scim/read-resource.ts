// A whole resource from a client (POST, PUT): every attribute checked, spelled as its schema spells it, and put where it
// lives; and what a PUT makes of the resource that is there (RFC 7644 sections 3.3 and 3.5.1). Pure.
// An attribute a PUT does not carry is cleared, except what the profile marked to keep when absent, and except the
// attribute that ends access: its absence is never read as false.
import { ScimError } from './errors.ts';
import { isObject, type Json, type JsonObject, sameJson } from './json.ts';
import { ignore, type Notes, newNotes, readValue } from './read-value.ts';
import { type ReferenceValue, readReferences } from './references.ts';
import type { Attribute } from './schema/attribute.ts';
import {
  type Container,
  containerOf,
  placedAttributes,
  type ResourceType,
  rootContainer,
} from './schema/resource-type.ts';

export interface ReadResource {
  /** Without reference attributes; extensions under their URN. */
  readonly attributes: JsonObject;
  /** By attribute key; an attribute that was carried empty has an empty list. */
  readonly references: ReadonlyMap<string, readonly ReferenceValue[]>;
  readonly notes: Notes;
}

export function readResource(type: ResourceType, body: Json): ReadResource {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The request body must be a JSON object.');
  const references = new Map<string, ReferenceValue[]>();
  const notes = newNotes();
  const attributes = readContainer({ type, container: rootContainer(type), references, notes }, body);
  return { attributes, references, notes };
}

interface Reading {
  readonly type: ResourceType;
  readonly container: Container;
  readonly references: Map<string, ReferenceValue[]>;
  readonly notes: Notes;
}

function readContainer(reading: Reading, given: JsonObject): JsonObject {
  const { type, container, references, notes } = reading;
  const read: JsonObject = {};
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(given)) {
    const nested = container.key === '' && key.includes(':') ? containerOf(type, key) : undefined;
    const attribute = nested ? undefined : container.attributes.get(key.toLowerCase());
    const name = nested?.key || (attribute?.name ?? key);
    const path = container.key ? `${container.key}:${name}` : name;
    if ((nested || attribute) && seen.has(name))
      throw new ScimError('invalidSyntax', `"${path}" stands twice in the request.`, path);
    seen.add(name);
    if (nested?.key) readExtension({ ...reading, container: nested }, read, value);
    else if (!attribute || !takes(attribute)) ignore(notes, path);
    else {
      notes.carried.add(path);
      if (attribute.storedAs) references.set(path, readReferences(attribute, value, path, notes));
      else assign(read, attribute, readValue(attribute, value, path, notes));
    }
  }
  return read;
}

/** writeOnly values (a password) are taken from the wire and kept nowhere. */
function takes(attribute: Attribute): boolean {
  return attribute.mutability !== 'readOnly' && attribute.mutability !== 'writeOnly';
}

function assign(target: JsonObject, attribute: Attribute, value: Json | undefined): void {
  if (value !== undefined) target[attribute.name] = value;
}

function readExtension(reading: Reading, read: JsonObject, value: Json): void {
  const { key } = reading.container;
  if (value === null) {
    for (const attribute of reading.container.attributes.values())
      reading.notes.carried.add(`${key}:${attribute.name}`);
    return;
  }
  if (!isObject(value)) throw new ScimError('invalidValue', `"${key}" must be an object.`, key);
  const extension = readContainer(reading, value);
  if (Object.keys(extension).length > 0) read[key] = extension;
}

/** Throws invalidValue when a required attribute has no value. */
export function requireAttributes(type: ResourceType, attributes: JsonObject): void {
  for (const { container, attribute, key } of placedAttributes(type)) {
    if (!attribute.required) continue;
    const value = valueAt(attributes, container, attribute.name);
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) {
      throw new ScimError('invalidValue', `"${key}" is required and must not be empty.`, key);
    }
  }
}

export function valueAt(attributes: JsonObject, container: string, name: string): Json | undefined {
  const holder = container ? (Object.hasOwn(attributes, container) ? attributes[container] : undefined) : attributes;
  return isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

export function setValue(attributes: JsonObject, container: string, name: string, value: Json | undefined): void {
  const existing = container ? attributes[container] : attributes;
  const holder = isObject(existing) ? existing : {};
  if (value === undefined) delete holder[name];
  else holder[name] = value;
  if (!container) return;
  if (Object.keys(holder).length > 0) attributes[container] = holder;
  else delete attributes[container];
}

/** `references`: members and managers only, of a client that changes them by requests of their own. */
export type KeepAbsent = 'none' | 'references' | 'all';

/** What a PUT makes of `current`. */
export function replaceAttributes(
  type: ResourceType,
  current: JsonObject,
  put: ReadResource,
  keepAbsent: KeepAbsent,
): JsonObject {
  const next: JsonObject = {};
  for (const { container, attribute, key } of placedAttributes(type)) {
    if (attribute.storedAs || attribute.inverseOf) continue;
    const before = valueAt(current, container, attribute.name);
    const given = valueAt(put.attributes, container, attribute.name);
    const keeps = keepAbsent === 'all' || key === type.activeAttribute || attribute.mutability === 'immutable';
    const after = put.notes.carried.has(key) || !keeps ? given : before;
    refuseImmutable(attribute, before, after, key);
    setValue(
      next,
      container,
      attribute.name,
      keepAbsent === 'all' ? kept(attribute, before, after, { key, put }) : after,
    );
  }
  return next;
}

/** Of a complex value that was carried, the sub-attributes that were not. */
function kept(
  attribute: Attribute,
  before: Json | undefined,
  after: Json | undefined,
  carried: { key: string; put: ReadResource },
): Json | undefined {
  if (attribute.multiValued || !isObject(before) || after === before) return after;
  const merged: JsonObject = isObject(after) ? { ...after } : {};
  const paths = carried.put.notes.carried;
  // Carried as null, and not as an object of nulls, it is cleared as a whole.
  if (after === undefined && ![...paths].some((path) => path.startsWith(`${carried.key}.`))) return undefined;
  for (const [name, value] of Object.entries(before)) {
    if (!paths.has(`${carried.key}.${name}`)) merged[name] = value;
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}

export function refuseImmutable(
  attribute: Attribute,
  before: Json | undefined,
  after: Json | undefined,
  key: string,
): void {
  if (attribute.mutability !== 'immutable' || before === undefined || sameJson(before, after)) return;
  throw new ScimError('mutability', `"${key}" cannot be changed once it has a value.`, key);
}
