// Credentials and private keys at rest: AES-256-GCM with a key that is not in the database.
// A sealed value is `v1.<key id>.<iv>.<ciphertext and tag>`; the key id says which key opens it. The purpose is bound in
// as additional data, so that a value sealed for one column cannot be moved to another.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

export interface Sealer {
  seal(plain: string, purpose: string): string;
  /** @throws {SealError} when the key is another one or the value was changed. */
  open(sealed: string, purpose: string): string;
  readonly keyId: string;
}

/** A stored credential cannot be opened: it has to be entered again, nothing else is lost. */
export class SealError extends Error {
  override name = 'SealError';
}

/** @param secret the operator's SECRET_KEY, at least 32 characters */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'rollcall seal v1', 32));
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return {
    keyId,
    seal(plain, purpose) {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1.${keyId}.${iv.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed, purpose) {
      const [version, id, iv, body] = sealed.split('.');
      if (version !== 'v1' || !iv || !body)
        throw new SealError('The stored credential has an unknown form. Enter it again.');
      if (id !== keyId) {
        throw new SealError(
          `The stored credential was sealed with another SECRET_KEY (${id}, now ${keyId}). Enter it again.`,
        );
      }
      try {
        const bytes = Buffer.from(body, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-16));
        return decipher.update(bytes.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new SealError('The stored credential was changed outside Rollcall. Enter it again.', { cause: error });
      }
    },
  };
}
