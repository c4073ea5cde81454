// Tokens, digests and sealing: properties T01-T03 and T10 as far as they are pure.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestOf, randomTenantSecret, tenantOfSecret } from '../../src/secrets/digest.ts';
import { createId } from '../../src/secrets/identifier.ts';
import { createScimToken, isScimToken, scimTokenPattern, tokenHint } from '../../src/secrets/scim-token.ts';
import { createSealer, SealError } from '../../src/secrets/seal.ts';

describe('SCIM tokens', () => {
  it('T02: one public expression finds every token, in any text', () => {
    for (let n = 0; n < 2_000; n += 1) {
      const token = createScimToken();
      expect(scimTokenPattern.exec(`config: "${token}";`)?.[0]).toBe(token);
      expect(isScimToken(token)).toBe(true);
    }
  });

  it('T02: the checksum refuses a typo in any place', () => {
    const token = createScimToken();
    for (let at = 'rollcall_scim_'.length; at < token.length; at += 1) {
      if (token[at] === '_') continue;
      const typo = token.slice(0, at) + (token[at] === 'a' ? 'b' : 'a') + token.slice(at + 1);
      expect(isScimToken(typo)).toBe(false);
    }
  });

  it('T02: the hint is the last four of the random part', () => {
    const token = createScimToken();
    expect(tokenHint(token)).toBe(token.split('_')[2]?.slice(-4));
  });

  it('T02: random text is no token', () => {
    for (let n = 0; n < 200; n += 1) expect(scimTokenPattern.test(randomBytes(4096).toString('base64'))).toBe(false);
  });
});

describe('secrets that name a tenant', () => {
  const tenant = '0198c0de-0000-7000-8000-00000000000a';
  it('carry it and nothing else is read as one', () => {
    expect(tenantOfSecret(randomTenantSecret(tenant))).toBe(tenant);
    for (const other of ['', 'null', 'x'.repeat(63), `${'x'.repeat(63)} `, 'ä'.repeat(64)])
      expect(tenantOfSecret(other)).toBeUndefined();
  });
  it('T03: are kept as a digest only', () => {
    expect(digestOf('a')).toHaveLength(32);
    expect(digestOf('a').equals(digestOf('b'))).toBe(false);
  });
});

describe('sealing', () => {
  const sealer = createSealer('s'.repeat(32));
  it('T10: opens what it sealed, for the same purpose only', () => {
    const sealed = sealer.seal('secret', 'app credential');
    expect(sealed).not.toContain('secret');
    expect(sealer.open(sealed, 'app credential')).toBe('secret');
    expect(() => sealer.open(sealed, 'signing key')).toThrow(SealError);
  });
  it('T10: another key or a flipped bit is refused', () => {
    const sealed = sealer.seal('secret', 'p');
    expect(() => createSealer('t'.repeat(32)).open(sealed, 'p')).toThrow(/another SECRET_KEY/);
    const [version, key, iv, body = ''] = sealed.split('.');
    const flipped = Buffer.from(body, 'base64url');
    flipped[0] = (flipped[0] ?? 0) ^ 1;
    expect(() => sealer.open([version, key, iv, flipped.toString('base64url')].join('.'), 'p')).toThrow(SealError);
  });
});

describe('identifiers', () => {
  it('are UUIDv7 in the order of time', () => {
    const early = createId(new Date(1_000));
    const late = createId(new Date(2_000));
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
  });
});
