// The query of a request, read leniently (trailing "&" and "?", "+" for a space, empty pairs), and the paging
// parameters of RFC 7644 section 3.4.2.4. Pure.
import type { Features } from '../discovery.ts';
import { ScimError } from '../errors.ts';

/** By lower-case name; the first of two equal names wins. */
export type Query = ReadonlyMap<string, string>;

const maxResults = 1000;

/** What this handler does; /ServiceProviderConfig says so, and what is not here is refused below. */
export const offered: Features = {
  patch: true,
  filter: { maxResults },
  bulk: undefined,
  sort: false,
  etag: false,
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

/** startIndex below 1 is 1, a negative count is 0 (RFC 7644 section 3.4.2.4); count is clamped to what is advertised. */
export function readPage(query: Query): { startIndex: number; count: number } {
  return {
    startIndex: Math.max(1, readInteger(query, 'startindex') ?? 1),
    count: Math.min(maxResults, Math.max(0, readInteger(query, 'count') ?? maxResults)),
  };
}

function readInteger(query: Query, name: string): number | undefined {
  const text = query.get(name)?.trim();
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

/** What is not offered is refused: an answer as if it had been done would mislead. */
export function refuseUnoffered(query: Query): void {
  for (const [name, what] of [
    ['sortby', 'Sorting'],
    ['cursor', 'Cursor-based paging'],
  ] as const) {
    if (query.get(name) !== undefined) {
      throw new ScimError('notImplemented', `${what} is not offered; see /ServiceProviderConfig for what is.`);
    }
  }
}
