// The query of a request, read leniently (trailing "&" and "?", "+" for a space, empty pairs), and the paging
// parameters of RFC 7644 section 3.4.2.4. Pure.
import type { Features } from '../discovery.ts';
import { ScimError } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import type { SortOrder } from '../sort.ts';

/** By lower-case name; the first of two equal names wins. */
export type Query = ReadonlyMap<string, string>;

const maxResults = 1000;
export const bulkLimits = { maxOperations: 1000, maxPayloadSize: 5 * 1024 * 1024 };

/** What this handler does; /ServiceProviderConfig says so. */
export const offered: Features = {
  patch: true,
  filter: { maxResults },
  bulk: bulkLimits,
  sort: true,
  etag: true,
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: maxResults,
    maxPageSize: maxResults,
  },
};

export function parseQuery(text: string): Query {
  const query = new Map<string, string>();
  for (const pair of text.replace(/^\?+/, '').split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const key = decode(name).toLowerCase();
    if (key !== '' && !query.has(key)) query.set(key, decode(value.replace(/\?+$/, '')));
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new ScimError('invalidSyntax', 'The query of the address is not valid percent-encoding.');
  }
}

/** A page at an index, or behind a cursor ("" is the first of these). */
export type PageWish =
  | { readonly count: number; readonly startIndex: number }
  | { readonly count: number; readonly cursor: string };

/** startIndex below 1 is 1, a negative count is 0 (RFC 7644 section 3.4.2.4); count is clamped to what is advertised. */
export function readPage(query: Query): PageWish {
  const cursor = query.get('cursor');
  const count = readCount(query, cursor !== undefined);
  return cursor === undefined
    ? { count, startIndex: Math.max(1, readInteger(query, 'startIndex') ?? 1) }
    : { count, cursor };
}

/** RFC 9865 section 4 has an error of its own for a count beside a cursor. */
function readCount(query: Query, hasCursor: boolean): number {
  try {
    return Math.min(maxResults, Math.max(0, readInteger(query, 'count') ?? maxResults));
  } catch (error) {
    if (hasCursor && error instanceof ScimError) throw new ScimError('invalidCount', error.message, 'count');
    throw error;
  }
}

export function readOrder(query: Query): SortOrder {
  const order = query.get('sortorder')?.trim().toLowerCase() || 'ascending';
  if (order === 'ascending' || order === 'descending') return order;
  throw new ScimError(
    'invalidValue',
    `"sortOrder" is either ascending or descending, not "${order.slice(0, 40)}".`,
    'sortOrder',
  );
}

const searchParameters = [
  'attributes',
  'excludedAttributes',
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'count',
  'cursor',
];

/** The parameters of a search by POST (RFC 7644 section 3.4.3), as if they had stood in the address. */
export function readSearch(body: Json): Query {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body of a search must be a JSON object.');
  const query = new Map<string, string>();
  for (const [key, value] of Object.entries(body)) {
    const name = searchParameters.find((each) => each.toLowerCase() === key.toLowerCase());
    if (!name || value === null) continue;
    if (query.has(name.toLowerCase()))
      throw new ScimError('invalidSyntax', `"${name}" stands twice in the request.`, name);
    query.set(name.toLowerCase(), searchText(name, value));
  }
  return query;
}

function searchText(name: string, value: Json): string {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(',');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new ScimError('invalidValue', `"${name}" has a value of the wrong type.`, name);
}

function readInteger(query: Query, name: string): number | undefined {
  const text = query.get(name.toLowerCase())?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (!/^[-+]?\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new ScimError(
      'invalidValue',
      `"${name}" must be an integer, not ${JSON.stringify(text.slice(0, 40))}.`,
      name,
    );
  }
  return value;
}
