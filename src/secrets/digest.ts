// Random secrets and the digests that are kept of them. Talks to: the system's random generator.
// Only SHA-256 of a secret is stored: it has 256 bits of its own entropy, so no salt or slow hash is needed.

import { createHash, randomBytes } from 'node:crypto';

/** 256 bits as 43 characters of base64url. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/**
 * A secret that names the tenant it belongs to, so that its row can lie in the tenant's own tables:
 * base64url of the tenant's 16 bytes and 32 random ones.
 */
export function randomTenantSecret(tenant: string): string {
  return Buffer.concat([Buffer.from(tenant.replaceAll('-', ''), 'hex'), randomBytes(32)]).toString('base64url');
}

/** The tenant a secret names, or undefined when it is not one of ours. */
export function tenantOfSecret(secret: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{64}$/.test(secret)) return undefined;
  const hex = Buffer.from(secret, 'base64url').subarray(0, 16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
