// Passwords: Argon2id of Node itself, kept in the PHC string format so that the parameters stand beside the hash.
// OWASP's floor is 19 MiB, two passes, one lane. NIST SP 800-63B: length counts, no composition rules, known passwords
// refused.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
const memoryKib = 19_456;
const passes = 2;
const lanes = 1;

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

async function tag(
  password: string,
  salt: Buffer,
  cost: { memory: number; passes: number; parallelism: number },
): Promise<Buffer> {
  // NFKC, so that the same password typed on another keyboard is the same bytes (SP 800-63B section 5.1.1.2).
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return derive('argon2id', { message, nonce: salt, tagLength: 32, ...cost });
}

/** @returns `$argon2id$v=19$m=19456,t=2,p=1$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await tag(password, salt, { memory: memoryKib, passes, parallelism: lanes });
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
}

const decoy = await hashPassword(randomBytes(24).toString('base64'));

/** Compares with a stored hash. Without one (unknown address, no password set) the same work is done and it is false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , cost = '', salt = '', hash = ''] = (stored ?? decoy).split('$');
  const numbers = Object.fromEntries(cost.split(',').map((part) => part.split('='))) as {
    m: string;
    t: string;
    p: string;
  };
  const found = await tag(password, Buffer.from(salt, 'base64'), {
    memory: Number(numbers.m),
    passes: Number(numbers.t),
    parallelism: Number(numbers.p),
  });
  const expected = Buffer.from(hash, 'base64');
  return stored !== null && found.length === expected.length && timingSafeEqual(found, expected);
}

/** Long passwords that stand in published lists of broken ones, lower case, spaces and punctuation removed. */
const known = new Set(
  (
    'passwordpassword password1234567 password12345678 password123456789 correcthorsebatterystaple iloveyouiloveyou ' +
    'qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm 1q2w3e4r5t6y7u8i9o0p qazwsxedcrfvtgb 1qaz2wsx3edc4rfv ' +
    'letmeinletmeinletmein administratoradmin administrator1 administrator123 welcomewelcome1 changemechangeme ' +
    'trustno1trustno1 abcdefghijklmno abcdefghijklmnop abcdefghijklmnopqrstuvwxyz thisismypassword mypasswordispassword ' +
    'passwordispassword nopasswordneeded idontknowmypassword whatismypassword letmeinplease123 superduperpassword ' +
    'princessprincess sunshinesunshine footballfootball baseballbaseball dragondragondragon monkeymonkeymonkey'
  ).split(' '),
);

function isRun(text: string): boolean {
  for (const step of [1, -1]) {
    let along = 0;
    for (let at = 1; at < text.length; at += 1) {
      const difference = text.charCodeAt(at) - text.charCodeAt(at - 1);
      // 9 is followed by 0 in what people type.
      if (difference === step || difference === -9 * step) along += 1;
    }
    if (along >= text.length - 2) return true;
  }
  return false;
}

/**
 * Why a password is not taken, as a sentence; undefined when it is.
 * @param context words that must not be most of it: the address, the name, the product
 */
export function passwordWeakness(password: string, context: readonly string[] = []): string | undefined {
  if ([...password].length < 15) return 'Use at least 15 characters; a sentence is fine.';
  const plain = password.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  if (known.has(plain)) return 'This password stands in published lists of broken passwords. Choose another.';
  if (new Set(plain).size < 5 || isRun(plain)) return 'This password is one pattern repeated. Choose another.';
  for (let size = 1; size <= plain.length / 3; size += 1) {
    if (
      plain
        .slice(0, size)
        .repeat(Math.ceil(plain.length / size))
        .startsWith(plain)
    ) {
      return 'This password is one pattern repeated. Choose another.';
    }
  }
  const word = context
    .map((entry) => entry.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
    .find((entry) => entry.length > 3 && plain.includes(entry) && plain.length - entry.length < 6);
  return word === undefined ? undefined : 'This password is little more than your name or address. Choose another.';
}
