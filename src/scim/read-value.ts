// One attribute value from a client, checked against its characteristics (RFC 7643 sections 2.2 to 2.5) and copied into
// the schema's own spelling. Pure.
// Strict: what a vendor sends differently has been rewritten before. Copies only what the schema names, so an inherited
// or hostile key never reaches a resource; readOnly and unknown keys are noted, not refused (RFC 7644 section 3.3).
import { comparable, instantOf } from './comparable.ts';
import { ScimError } from './errors.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { type Attribute, subAttribute } from './schema/attribute.ts';

/** Keys that go into an index: PostgreSQL refuses index rows of some 2,700 bytes. */
export const maxKeyLength = 512;

const base64Pattern = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;

export interface Notes {
  /** Paths of what was not taken: unknown and readOnly attributes. */
  readonly ignored: string[];
  /** Paths of everything the body carried, null included. */
  readonly carried: Set<string>;
}

export function newNotes(): Notes {
  return { ignored: [], carried: new Set() };
}

const mostIgnored = 100;

/** Once each, and only so many: ten thousand members with a display name are one remark, and a log row stays a row. */
export function ignore({ ignored }: Notes, path: string): void {
  const name = path.slice(0, 200);
  if (ignored.length < mostIgnored && !ignored.includes(name)) ignored.push(name);
}

/** Returns undefined for a value that means "unassigned": null, an empty array, a complex value of nothing. */
export function readValue(attribute: Attribute, value: Json, path: string, notes: Notes): Json | undefined {
  if (value === null) return undefined;
  if (!attribute.multiValued) return readOne(attribute, value, path, notes);
  if (!Array.isArray(value)) throw wrong(path, 'must be an array, because the attribute is multi-valued');
  const elements = value.flatMap((element) => readElement(attribute, element, path, notes) ?? []);
  refuseTwoPrimaries(elements, path);
  return elements.length > 0 ? elements : undefined;
}

/** One value of a multi-valued attribute. */
export function readElement(attribute: Attribute, value: Json, path: string, notes: Notes): Json | undefined {
  return value === null ? undefined : readOne(attribute, value, path, notes);
}

function readOne(attribute: Attribute, value: Json, path: string, notes: Notes): Json | undefined {
  if (attribute.type === 'complex') return readComplex(attribute, value, path, notes);
  checkType(attribute, value, path);
  if (attribute.uniqueness !== 'none' || attribute.name === 'externalId') refuseLongKey(value, path);
  return value;
}

function refuseLongKey(value: Json, path: string): void {
  if (typeof value !== 'string' || value.length <= maxKeyLength) return;
  throw wrong(path, `must not be longer than ${maxKeyLength} characters`);
}

function readComplex(attribute: Attribute, value: Json, path: string, notes: Notes): JsonObject | undefined {
  if (!isObject(value)) throw wrong(path, 'must be an object with sub-attributes');
  const read: JsonObject = {};
  for (const [key, given] of Object.entries(value)) {
    const sub = subAttribute(attribute, key);
    const subPath = `${path}.${sub?.name ?? key}`;
    if (!sub || sub.mutability === 'readOnly') {
      ignore(notes, subPath);
      continue;
    }
    if (Object.hasOwn(read, sub.name))
      throw new ScimError('invalidSyntax', `"${subPath}" stands twice in the request.`, subPath);
    notes.carried.add(subPath);
    const subValue = readValue(sub, given, subPath, notes);
    if (subValue !== undefined) read[sub.name] = subValue;
  }
  return Object.keys(read).length > 0 ? read : undefined;
}

function checkType(attribute: Attribute, value: Json, path: string): void {
  switch (attribute.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong(path, `must be true or false, not ${shown(value)}`);
      return;
    case 'integer':
      if (!Number.isSafeInteger(value)) throw wrong(path, 'must be an integer');
      return;
    case 'decimal':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, 'must be a number');
      return;
    default:
      if (typeof value !== 'string') throw wrong(path, `must be a string, not ${shown(value)}`);
      checkText(attribute, value, path);
  }
}

function checkText(attribute: Attribute, text: string, path: string): void {
  if (!text.isWellFormed() || text.includes('\0')) throw wrong(path, 'is not valid Unicode text');
  if (attribute.type === 'dateTime' && instantOf(text) === undefined) {
    throw wrong(path, 'must be a date such as 2026-11-25 or 2026-11-25T14:02:00Z');
  }
  if (attribute.closed && !isCanonical(attribute, text)) {
    throw wrong(path, `must be one of ${(attribute.canonicalValues ?? []).join(', ')}`);
  }
  if (attribute.type === 'binary' && !base64Pattern.test(text)) throw wrong(path, 'must be base64');
}

function isCanonical(attribute: Attribute, text: string): boolean {
  const wanted = comparable(attribute, text);
  return (attribute.canonicalValues ?? []).some((each) => comparable(attribute, each) === wanted);
}

/** RFC 7643 section 2.4: "The primary attribute value 'true' MUST appear no more than once." */
export function refuseTwoPrimaries(elements: readonly Json[], path: string): void {
  if (elements.filter((element) => isObject(element) && element['primary'] === true).length > 1) {
    throw wrong(path, 'has more than one value marked as primary');
  }
}

function shown(value: Json): string {
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : JSON.stringify(value).slice(0, 60);
}

export function wrong(path: string, what: string): ScimError {
  return new ScimError('invalidValue', `"${path}" ${what}.`, path);
}
