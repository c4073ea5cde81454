// Sorting (RFC 7644 section 3.4.2.3): what `sortBy` names, and the order in memory that the SQL of a store is tested
// against. Pure.
// Of a multi-valued attribute the primary value counts, else the first. Resources without a value come last when
// ascending and first when descending; resources of equal value are in the order of their ids.
import { comparable, compareText } from './comparable.ts';
import { ScimError } from './errors.ts';
import type { BoundPath } from './filter/tree.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { resolvePath } from './path.ts';
import { subAttribute } from './schema/attribute.ts';
import type { ResourceType } from './schema/resource-type.ts';

/** Texts are compared up to this length, so that a cursor stays short. */
export const sortedLength = 256;

export type SortOrder = 'ascending' | 'descending';

/** Undefined when this type has no such attribute. Throws invalidPath for one that has no order. */
export function bindSort(type: ResourceType, text: string): BoundPath | undefined {
  const path = resolvePath(type, text);
  if (!path?.attribute || path.attribute.returned === 'never' || path.sub?.returned === 'never') return undefined;
  const { attribute } = path;
  const sub = path.sub ?? (attribute.type === 'complex' ? subAttribute(attribute, 'value') : undefined);
  const leaf = sub ?? attribute;
  if (leaf.type === 'complex' || leaf.type === 'binary' || attribute.name === 'schemas') {
    throw new ScimError(
      'invalidPath',
      `"${text.slice(0, 200)}" has no order to sort by; name one of its parts.`,
      'sortBy',
    );
  }
  return { ...path, attribute, ...(sub ? { sub } : {}), leaf };
}

/** The value a resource is sorted by, in the form it is compared in; undefined when it has none. */
export function sortValue(path: BoundPath, resource: JsonObject): string | number | boolean | undefined {
  const holder = path.container.key ? resource[path.container.key] : resource;
  const given =
    isObject(holder) && Object.hasOwn(holder, path.attribute.name) ? holder[path.attribute.name] : undefined;
  const element = Array.isArray(given) ? preferred(given) : given;
  const leaf = path.sub ? (isObject(element) ? element[path.sub.name] : undefined) : element;
  const value = leaf === undefined || leaf === null ? undefined : comparable(path.leaf, leaf);
  if (typeof value === 'string') return [...value].slice(0, sortedLength).join('');
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

function preferred(values: readonly Json[]): Json | undefined {
  return values.find((each) => isObject(each) && each['primary'] === true) ?? values[0];
}

type Sortable = ReturnType<typeof sortValue>;

/** Less than zero when `left` comes first. */
export function compareSorted(order: SortOrder, left: Sortable, right: Sortable): number {
  const turn = order === 'ascending' ? 1 : -1;
  if (left === undefined || right === undefined) {
    return left === right ? 0 : turn * (left === undefined ? 1 : -1);
  }
  if (typeof left === 'string' && typeof right === 'string') return turn * compareText(left, right);
  return turn * (Number(left) - Number(right));
}
