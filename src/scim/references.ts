// Reference values: what points at other resources and is kept as rows (members, manager). Pure.
// A PATCH never loads them: it yields deltas, and the store says afterwards what each one changed. `value` stays as the
// client sent it; whether it names somebody who is here is the store's to know.
import type { ElementFilter } from './filter/tree.ts';
import { isObject, type Json } from './json.ts';
import { maxKeyLength, newNotes, readValue, wrong } from './read-value.ts';
import type { Attribute } from './schema/attribute.ts';
import type { PlacedAttribute } from './schema/resource-type.ts';

export interface ReferenceValue {
  readonly value: string;
  readonly type?: string;
}

/** One change to the rows of one attribute. `replace` by nothing removes all. */
export type ReferenceDelta = {
  /** Index of the PATCH operation it came from; 0 for POST and PUT. */
  readonly operation: number;
  readonly attribute: PlacedAttribute;
} & (
  | { readonly change: 'add' | 'remove' | 'replace'; readonly values: readonly ReferenceValue[] }
  | { readonly change: 'removeWhere'; readonly where: ElementFilter }
);

/** What a delta did. `pending` values are stored and wait for somebody who is not here yet. */
export interface ReferenceReport {
  /** Whether any row was written or removed. */
  readonly changed: boolean;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly pending: readonly string[];
}

/** Reads the values a client gave for a reference attribute. A single-valued one without a value is unassigned. */
export function readReferences(attribute: Attribute, given: Json, path: string, notes = newNotes()): ReferenceValue[] {
  const read = readValue(attribute, given, path, notes);
  if (read === undefined) return [];
  const seen = new Map<string, ReferenceValue>();
  for (const element of Array.isArray(read) ? read : [read]) {
    const value = isObject(element) ? element['value'] : undefined;
    if (typeof value !== 'string' || value === '') {
      if (!attribute.multiValued) return [];
      throw wrong(path, 'needs a "value" in each of its values');
    }
    if (value.length > maxKeyLength) throw wrong(path, `holds a value longer than ${maxKeyLength} characters`);
    const type = isObject(element) ? element['type'] : undefined;
    seen.set(value, typeof type === 'string' ? { value, type } : { value });
  }
  return [...seen.values()];
}

/** The values a filter names when it does nothing but name values; a filter like that needs no rows to be read. */
export function namedValues(filter: ElementFilter): string[] | undefined {
  if (filter.op === 'eq')
    return filter.leaf.name === 'value' && typeof filter.value === 'string' ? [filter.value] : undefined;
  if (filter.op !== 'or') return undefined;
  const values = filter.terms.map(namedValues);
  return values.every((each) => each !== undefined) ? values.flat() : undefined;
}
