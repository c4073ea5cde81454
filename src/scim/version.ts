// Versions of resources as entity tags (RFC 7644 section 3.14, RFC 9110 section 8.8.3). Pure.
// A weak tag of two parts: the version number, which every change of the resource itself raises, and a digest of what the
// representation shows of other resources (a group's name, who a user belongs to). If-Match asks about the resource and
// compares the number; If-None-Match asks about the answer and compares the whole tag.
import type { StoredResource } from './resource-store.ts';

/** `W/"3"`, or `W/"3.1kq9xw"` where the answer shows references. */
export function entityTag(resource: Pick<StoredResource, 'version' | 'references'>): string {
  const shown = [...resource.references].filter(([, references]) => references.length > 0);
  if (shown.length === 0) return `W/"${resource.version}"`;
  const words = shown.map(([key, references]) => [
    key,
    ...references.map(({ value, target }) => [target?.id ?? value, target?.label ?? '']),
  ]);
  return `W/"${resource.version}.${digestOfText(JSON.stringify(words))}"`;
}

/** Whether If-Match lets a request through: "*" matches whatever is there. */
export function isVersion(ifMatch: string, version: number): boolean {
  return tagsOf(ifMatch).some((tag) => tag === '*' || tag.split('.')[0] === String(version));
}

/** Whether If-None-Match names the answer (weak comparison, RFC 9110 section 13.1.2). */
export function isKnownAnswer(ifNoneMatch: string, tag: string): boolean {
  const own = tagsOf(tag)[0];
  return tagsOf(ifNoneMatch).some((each) => each === '*' || each === own);
}

/** The opaque parts; quotes and W/ are forgiven where they are missing. */
function tagsOf(header: string): string[] {
  return header.split(',').map((each) =>
    each
      .trim()
      .replace(/^W\//i, '')
      .replace(/^"(.*)"$/, '$1'),
  );
}

/** 53 bits of a text, to tell two texts apart where nobody tries to make them alike (not a secure digest). */
export function digestOfText(text: string): string {
  let high = 0x41c6ce57;
  let low = 0xdeadbeef;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (4294967296 * (2097151 & high) + (low >>> 0)).toString(36);
}
