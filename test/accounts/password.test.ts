// A09: the parameters are read from the hash, and weak passwords are refused in words.

import { describe, expect, it } from 'vitest';
import { hashPassword, passwordWeakness, verifyPassword } from '../../src/accounts/password.ts';

describe('passwords', () => {
  it('A09: are Argon2id with 19 MiB, two passes, one lane, and salted', async () => {
    const one = await hashPassword('a quiet sentence');
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(await hashPassword('a quiet sentence'));
  });

  it('verify what was hashed and nothing else', async () => {
    const stored = await hashPassword('a quiet sentence');
    expect(await verifyPassword('a quiet sentence', stored)).toBe(true);
    expect(await verifyPassword('a quiet sentencE', stored)).toBe(false);
    expect(await verifyPassword('a quiet sentence', null)).toBe(false);
  });

  it('are the same in every composition of the same characters', async () => {
    expect(await verifyPassword('Zoe\u0308 keeps bees here', await hashPassword('Zo\u00eb keeps bees here'))).toBe(
      true,
    );
  });

  it.each([
    ['short', /15 characters/],
    ['fourteen chars', /15 characters/],
    ['passwordpassword', /published/],
    ['Password Password!', /published/],
    ['aaaaaaaaaaaaaaaaaa', /pattern/],
    ['123456789012345', /pattern/],
    ['abcabcabcabcabcabc', /pattern/],
    ['abcdefghijklmnopqrst', /published|pattern/],
    ['ada.byron@acme.example', /name or address/],
  ])('refuses %j', (password, sentence) => {
    expect(passwordWeakness(password, ['ada.byron@acme.example', 'Ada Byron'])).toMatch(sentence);
  });

  it('takes a plain sentence', () => {
    expect(passwordWeakness('the goat ate my hat', ['ada@acme.example'])).toBeUndefined();
  });
});
