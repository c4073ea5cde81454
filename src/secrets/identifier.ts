// UUIDv7 (RFC 9562 section 5.7): identifiers made in the application, in order of time, so that no sequence is shared.

import { randomBytes } from 'node:crypto';

/** @param at the instant the id carries, with milliseconds */
export function createId(at: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
