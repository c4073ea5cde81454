// A second reading of RFC 7644 section 3.4.2.2, written from its text and sharing nothing with src/scim/filter but the
// shape of a parsed filter: what the evaluator must agree with on any schema.

import type { Filter, Literal } from '../../src/scim/filter/tree.ts';
import type { Json, JsonObject } from '../../src/scim/json.ts';
import type { Attribute } from '../../src/scim/schema/attribute.ts';
import { commonAttributes } from '../../src/scim/schema/attribute.ts';
import type { ResourceType } from '../../src/scim/schema/resource-type.ts';

export function holds(type: ResourceType, filter: Filter, resource: JsonObject): boolean {
  switch (filter.op) {
    case 'and':
      return !filter.terms.some((term) => !holds(type, term, resource));
    case 'or':
      return !filter.terms.every((term) => !holds(type, term, resource));
    case 'not':
      return !holds(type, filter.term, resource);
    case 'has': {
      const { values, attribute } = reach(type, filter.path, resource);
      return values.some((element) => inside(attribute, filter.filter, element));
    }
    default: {
      const found = reach(type, filter.path, resource);
      return judge(filter, found.values, found.attribute);
    }
  }
}

function inside(attribute: Attribute, filter: Filter, element: Json): boolean {
  switch (filter.op) {
    case 'and':
      return !filter.terms.some((term) => !inside(attribute, term, element));
    case 'or':
      return !filter.terms.every((term) => !inside(attribute, term, element));
    case 'not':
      return !inside(attribute, filter.term, element);
    case 'has':
      throw new Error('A value filter holds no other.');
    default: {
      const sub = attribute.subAttributes!.find(({ name }) => name.toLowerCase() === filter.path.toLowerCase())!;
      return judge(filter, list((element as JsonObject)[sub.name]), sub);
    }
  }
}

function list(value: Json | undefined): Json[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** All values at a path. A path that is a URN of an extension and a name leads into the extension's object. */
function reach(type: ResourceType, path: string, resource: JsonObject): { values: Json[]; attribute: Attribute } {
  const lower = path.toLowerCase();
  const extension = type.extensions.find(({ schema }) => lower.startsWith(`${schema.id.toLowerCase()}:`));
  const place = extension ? (resource[extension.schema.id] as JsonObject | undefined) : resource;
  const own = lower.startsWith(`${type.schema.id.toLowerCase()}:`) ? type.schema.id.length + 1 : 0;
  const [name, sub] = lower.slice(extension ? extension.schema.id.length + 1 : own).split('.');
  const known = extension ? extension.schema.attributes : [...type.schema.attributes, ...commonAttributes];
  const attribute = known.find((each) => each.name.toLowerCase() === name)!;
  const values = list(place?.[attribute.name]);
  if (sub === undefined) return { values, attribute };
  const inner = attribute.subAttributes!.find((each) => each.name.toLowerCase() === sub)!;
  return { values: values.flatMap((each) => list((each as JsonObject)[inner.name])), attribute: inner };
}

function judge(filter: Filter & { path: string }, values: Json[], attribute: Attribute): boolean {
  if (filter.op === 'pr') return values.some(isThere);
  if (filter.op === 'has' || !('value' in filter)) throw new Error(`Not a comparison: ${filter.op}`);
  const sub = attribute.type === 'complex' ? attribute.subAttributes!.find(({ name }) => name === 'value')! : attribute;
  const compared = sub === attribute ? values : values.flatMap((each) => list((each as JsonObject)['value']));
  const { op, value } = filter;
  if (value === null) return compared.some(isThere) === (op === 'ne');
  if (op === 'ne') return !compared.some((each) => order(sub, each, value) === 0);
  return compared.some((each) => passes(op, sub, each, value));
}

function isThere(value: Json): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((each) => isThere(each));
  return value !== null && value !== '';
}

function prepared(attribute: Attribute, text: string): string {
  const plain = attribute.caseExact || attribute.type === 'binary' ? text : fold(text);
  return attribute.uniqueness === 'none' ? plain : plain.trim();
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Below, equal or above; not a number where two values have no order. */
function order(attribute: Attribute, left: Json, right: Literal): number {
  if (attribute.type === 'dateTime') return time(left as string) - time(right as string);
  if (typeof left === 'number' && typeof right === 'number') return left === right ? 0 : left - right;
  if (typeof left === 'boolean') return left === right ? 0 : Number.NaN;
  return Buffer.compare(
    Buffer.from(prepared(attribute, left as string)),
    Buffer.from(prepared(attribute, right as string)),
  );
}

function time(text: string): number {
  // No offset means UTC; milliseconds are as fine as it gets.
  const whole = /T/.test(text) ? text.replace(/(\.\d{3})\d+/, '$1') : `${text}T00:00:00Z`;
  return new Date(/(Z|[-+]\d\d:\d\d)$/.test(whole) ? whole : `${whole}Z`).getTime();
}

function passes(op: string, attribute: Attribute, left: Json, right: Literal): boolean {
  const [text, part] = [prepared(attribute, String(left)), prepared(attribute, String(right))];
  switch (op) {
    case 'co':
      return text.indexOf(part) >= 0;
    case 'sw':
      return text.slice(0, part.length) === part;
    case 'ew':
      return part === '' || text.slice(-part.length) === part;
    case 'eq':
      return order(attribute, left, right) === 0;
    case 'gt':
      return order(attribute, left, right) > 0;
    case 'ge':
      return order(attribute, left, right) >= 0;
    case 'lt':
      return order(attribute, left, right) < 0;
    default:
      return order(attribute, left, right) <= 0;
  }
}
