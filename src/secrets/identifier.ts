// UUIDv7 (RFC 9562 section 5.7): identifiers made in the application, in order of time, so that no sequence is shared.

import { randomUUID } from 'node:crypto';

/** @param at the instant the id carries, with milliseconds */
export function createId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  // The random part and the variant of a UUIDv4, which Node makes from the system's generator in advance.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
