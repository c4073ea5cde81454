// API tokens of SCIM connections: `rollcall_scim_<random>_<crc32>`. Talks to: the system's random generator.
// The checksum tells a mistyped token from an unknown one without a look-up, and lets secret scanners find ours with one
// regular expression and hardly a false hit.

import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** For secret scanners: finds every token of ours. */
export const scimTokenPattern = /rollcall_scim_[A-Za-z0-9]{43}_[0-9a-f]{8}/;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 43 characters of 62 signs: 256 bits. Bytes of 248 and more are dropped, so that every sign is equally likely. */
function randomPart(): string {
  let text = '';
  while (text.length < 43) {
    for (const byte of randomBytes(64)) {
      if (byte < 248 && text.length < 43) text += alphabet[byte % 62];
    }
  }
  return text;
}

function checksum(random: string): string {
  return crc32(random).toString(16).padStart(8, '0');
}

export function createScimToken(): string {
  const random = randomPart();
  return `rollcall_scim_${random}_${checksum(random)}`;
}

const wholePattern = new RegExp(`^${scimTokenPattern.source}$`);

/** True when it has our shape and its checksum holds. */
export function isScimToken(text: string): boolean {
  if (!wholePattern.test(text)) return false;
  const [, , random = '', sum] = text.split('_');
  return checksum(random) === sum;
}

/** What may be shown of a token: the last four characters of its random part, or of the text where it is not ours. */
export function tokenHint(text: string): string {
  const random = isScimToken(text) ? (text.split('_')[2] ?? '') : text;
  return random.slice(-4);
}
