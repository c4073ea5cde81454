// Cursors (RFC 9865): where a page ended, as text of unreserved characters. Pure.
// A cursor is a key, not a state kept somewhere: the last resource's id and sort value. It says itself which query it
// belongs to, because with another filter or order it would skip resources without a word.
import { ScimError } from './errors.ts';
import type { PageEnd } from './resource-store.ts';
import { digestOfText } from './version.ts';

/** @param query what must be the same on every page: endpoint, filter, sort */
export function writeCursor(end: PageEnd, query: readonly string[]): string {
  const text = JSON.stringify([digestOfText(JSON.stringify(query)), end.id, end.sortValue ?? null]);
  return encodeURIComponent(text)
    .replace(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%', '~');
}

/** Throws invalidCursor for a text that is no cursor of ours, or is one of another query. */
export function readCursor(text: string, query: readonly string[]): PageEnd {
  const [digest, id, sortValue] = partsOf(text);
  if (typeof id !== 'string' || (sortValue !== null && typeof sortValue !== 'string')) throw notOurCursor();
  if (digest !== digestOfText(JSON.stringify(query))) {
    throw new ScimError(
      'invalidCursor',
      'This cursor belongs to another query. Send the filter, sortBy and sortOrder of the first page with every cursor.',
    );
  }
  return { id, sortValue };
}

function partsOf(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(decodeURIComponent(text.replaceAll('~', '%')));
    if (Array.isArray(parts) && parts.length === 3) return parts;
  } catch {
    // Not one of ours.
  }
  throw notOurCursor();
}

export function notOurCursor(): ScimError {
  return new ScimError('invalidCursor', 'This cursor is not valid. Start again with an empty cursor.');
}
