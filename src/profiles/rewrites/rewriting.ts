// What the rewrites of a request have in common: what is known of the client, and the words they leave for the request
// log. Pure.
// A rewrite is noted once per kind and place, so that a PATCH of a thousand values does not leave a thousand notes.
import type { NormalizedRequest } from '../../scim/handler/profile.ts';
import type { ResourceType } from '../../scim/schema/resource-type.ts';

/** What a profile says of its client in data; the rest is the same for every tolerant one. */
export interface Habits extends Pick<NormalizedRequest, 'keepAbsent' | 'absentValuePath'> {
  /** The `type` of a value that has none, where the attribute has it among its canonical values. */
  readonly defaultType?: string;
  /** Attributes in whose `value` the client may write a JSON object as text. */
  readonly jsonValues?: readonly string[];
}

export interface Rewriting {
  readonly type: ResourceType;
  readonly habits: Habits;
  readonly notes: Set<string>;
}

const mostNotes = 20;

export function note(rewriting: Rewriting, words: string): void {
  if (rewriting.notes.size < mostNotes) rewriting.notes.add(words);
}
