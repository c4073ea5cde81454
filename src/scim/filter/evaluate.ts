// Evaluates a bound filter over one resource in memory: for value filters in PATCH, and as the oracle that the SQL of the
// store is tested against. Pure.
// A multi-valued attribute matches when any of its values does; `ne` is the negation of `eq`, so an absent attribute is
// "not equal" and `not (x eq 1)` and `x ne 1` agree.
import { comparable, compareText } from '../comparable.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { BoundFilter, BoundPath, Comparison, ElementFilter, Literal } from './tree.ts';

export function matches(filter: BoundFilter, resource: JsonObject): boolean {
  switch (filter.op) {
    case 'and':
      return filter.terms.every((term) => matches(term, resource));
    case 'or':
      return filter.terms.some((term) => matches(term, resource));
    case 'not':
      return !matches(filter.term, resource);
    case 'nothing':
      return false;
    case 'has':
      return elements(filter.path, resource).some((element) => matchesElement(filter.filter, element));
    case 'pr':
      return leaves(filter.path, resource).some(present);
    default:
      return compareAny(filter.path.leaf, filter.op, leaves(filter.path, resource), filter.value);
  }
}

export function matchesElement(filter: ElementFilter, element: Json): boolean {
  switch (filter.op) {
    case 'and':
      return filter.terms.every((term) => matchesElement(term, element));
    case 'or':
      return filter.terms.some((term) => matchesElement(term, element));
    case 'not':
      return !matchesElement(filter.term, element);
    case 'pr':
      return subValues(filter.leaf, element).some(present);
    default:
      return compareAny(filter.leaf, filter.op, subValues(filter.leaf, element), filter.value);
  }
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function elements(path: BoundPath, resource: JsonObject): Json[] {
  const holder = path.container.key ? own(resource, path.container.key) : resource;
  const value = isObject(holder) ? own(holder, path.attribute.name) : undefined;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function leaves(path: BoundPath, resource: JsonObject): Json[] {
  const found = elements(path, resource);
  return path.sub ? found.flatMap((element) => subValues(path.sub!, element)) : found;
}

function subValues(sub: Attribute, element: Json): Json[] {
  const value = isObject(element) ? own(element, sub.name) : undefined;
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** RFC 7644 figure 3: present is neither null nor empty; a complex value when it holds something present. */
function present(value: Json): boolean {
  if (value === null || value === '') return false;
  if (Array.isArray(value)) return value.some(present);
  return isObject(value) ? Object.values(value).some(present) : true;
}

function compareAny(leaf: Attribute, op: Comparison, values: readonly Json[], literal: Literal): boolean {
  if (op === 'ne') return !compareAny(leaf, 'eq', values, literal);
  if (literal === null) return !values.some(present);
  const wanted = comparable(leaf, literal);
  return values.some((value) => compareOne(op, comparable(leaf, value), wanted));
}

function compareOne(op: Comparison, value: Json, wanted: Json): boolean {
  if (op === 'eq') return value === wanted;
  if (typeof value === 'string' && typeof wanted === 'string') {
    if (op === 'co') return value.includes(wanted);
    if (op === 'sw') return value.startsWith(wanted);
    if (op === 'ew') return value.endsWith(wanted);
    return inOrder(op, compareText(value, wanted));
  }
  return typeof value === 'number' && typeof wanted === 'number' && inOrder(op, value - wanted);
}

function inOrder(op: Comparison, order: number): boolean {
  if (op === 'gt') return order > 0;
  if (op === 'ge') return order >= 0;
  return op === 'lt' ? order < 0 : order <= 0;
}
