// Binds a parsed filter to a resource type: every path becomes an attribute, every value is checked against its type,
// a complex attribute stands for its `value` (RFC 7644 section 3.4.2.2). Pure.
// What cannot be compared is refused here with a sentence; an empty list would say that nobody is there. Attributes that
// are never returned cannot be asked about either: answers would tell their values one bit at a time.
import { instantOf } from '../comparable.ts';
import { ScimError } from '../errors.ts';
import { resolvePath } from '../path.ts';
import { type Attribute, subAttribute } from '../schema/attribute.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import {
  type BoundFilter,
  type BoundPath,
  type Comparison,
  type ElementFilter,
  type Filter,
  type Literal,
  nothing,
} from './tree.ts';

/** @param all the types that are asked at once: an attribute that only others of them have is here without a value */
export function bindFilter(type: ResourceType, filter: Filter, all: readonly ResourceType[] = [type]): BoundFilter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return joined(
        filter.op,
        filter.terms.map((term) => bindFilter(type, term, all)),
      );
    case 'not':
      return { op: 'not', term: bindFilter(type, filter.term, all) };
    case 'has': {
      const path = bindPath(type, filter.path, all);
      if (!path) return nothing;
      if (path.sub || !path.attribute.subAttributes)
        throw refuse(`"${filter.path}" has no values to select in brackets.`);
      return { op: 'has', path, filter: bindElementFilter(path.attribute, filter.filter) };
    }
    case 'pr': {
      const path = bindPath(type, filter.path, all);
      return path ? { op: 'pr', path } : nothing;
    }
    default: {
      const found = bindPath(type, filter.path, all);
      if (!found) return filter.op === (filter.value === null ? 'eq' : 'ne') ? { op: 'not', term: nothing } : nothing;
      const path = withDefault(found);
      checkComparison(path.leaf, filter.op, filter.value);
      return { op: filter.op, path, value: filter.value };
    }
  }
}

function joined(op: 'and' | 'or', terms: readonly BoundFilter[]): BoundFilter {
  if (op === 'and') return terms.includes(nothing) ? nothing : { op, terms };
  const [first = nothing, ...more] = terms.filter((term) => term !== nothing);
  return more.length === 0 ? first : { op, terms: [first, ...more] };
}

/** A filter inside brackets; its paths are sub-attributes of `attribute`. */
export function bindElementFilter(attribute: Attribute, filter: Filter): ElementFilter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return { op: filter.op, terms: filter.terms.map((term) => bindElementFilter(attribute, term)) };
    case 'not':
      return { op: 'not', term: bindElementFilter(attribute, filter.term) };
    case 'has':
      throw refuse('A value filter in brackets cannot hold another one.');
    case 'pr':
      return { op: 'pr', leaf: bindSub(attribute, filter.path) };
    default: {
      const leaf = bindSub(attribute, filter.path);
      checkComparison(leaf, filter.op, filter.value);
      return { op: filter.op, leaf, value: filter.value };
    }
  }
}

/** Undefined when another of the types has it and this one does not (RFC 7644 section 3.4.2.1). */
function bindPath(type: ResourceType, text: string, all: readonly ResourceType[]): BoundPath | undefined {
  const found = visiblePath(type, text);
  if (found || all.some((each) => visiblePath(each, text))) return found;
  throw refuse(`"${text}" is not an attribute of ${type.name} that can be filtered on.`);
}

function visiblePath(type: ResourceType, text: string): BoundPath | undefined {
  const path = resolvePath(type, text);
  const attribute = path?.attribute;
  if (!path || !attribute || hidden(attribute) || (path.sub && hidden(path.sub))) return undefined;
  return { ...path, attribute, leaf: path.sub ?? attribute };
}

function withDefault(path: BoundPath): BoundPath {
  if (path.leaf.type !== 'complex') return path;
  const value = subAttribute(path.attribute, 'value');
  if (!value) throw refuse(`"${path.attribute.name}" must be compared by one of its sub-attributes.`);
  return { ...path, sub: value, leaf: value };
}

function bindSub(attribute: Attribute, name: string): Attribute {
  const sub = subAttribute(attribute, name);
  if (!sub || hidden(sub)) throw refuse(`"${name}" is not a sub-attribute of ${attribute.name}.`);
  return sub;
}

function hidden(attribute: Attribute): boolean {
  return attribute.returned === 'never';
}

const textOnly: ReadonlySet<Comparison> = new Set(['co', 'sw', 'ew']);
const ordered: ReadonlySet<Comparison> = new Set(['gt', 'ge', 'lt', 'le']);

function checkComparison(leaf: Attribute, op: Comparison, value: Literal): void {
  if (value === null) {
    if (op !== 'eq' && op !== 'ne') throw refuse(`"${leaf.name}" can only be compared with null by eq and ne.`);
    return;
  }
  const fits =
    leaf.type === 'boolean'
      ? typeof value === 'boolean'
      : leaf.type === 'integer' || leaf.type === 'decimal'
        ? typeof value === 'number'
        : typeof value === 'string';
  if (!fits) throw refuse(`"${leaf.name}" is a ${leaf.type} and cannot be compared with ${JSON.stringify(value)}.`);
  if (textOnly.has(op) && (typeof value !== 'string' || leaf.type === 'dateTime')) {
    throw refuse(`"${leaf.name}" is a ${leaf.type} and cannot be compared by ${op}.`);
  }
  if (ordered.has(op) && (leaf.type === 'boolean' || leaf.type === 'binary')) {
    throw refuse(`"${leaf.name}" is a ${leaf.type} and has no order.`);
  }
  if (leaf.type === 'dateTime' && instantOf(value as string) === undefined) {
    throw refuse(`${JSON.stringify(value)} is not a date such as 2026-11-25T14:02:00Z.`);
  }
}

function refuse(detail: string): ScimError {
  return new ScimError('invalidFilter', detail);
}
