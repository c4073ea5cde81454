// What the rewrites of a request have in common: the words they leave for the request log. Pure.
// A rewrite is noted once per kind and place, so that a PATCH of a thousand values does not leave a thousand notes.
import type { ResourceType } from '../../scim/schema/resource-type.ts';

export interface Rewriting {
  readonly type: ResourceType;
  readonly notes: Set<string>;
}

const mostNotes = 20;

export function note(rewriting: Rewriting, words: string): void {
  if (rewriting.notes.size < mostNotes) rewriting.notes.add(words);
}
