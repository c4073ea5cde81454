// Certificates as SAML uses them: a way to write down a public key. Talks to: node:crypto.
// Trust comes from pinning, so neither issuer nor validity decides whether a signature counts (Metadata
// Interoperability Profile, key processing); validity is reported, so that people can be warned.

import { type KeyObject, X509Certificate } from 'node:crypto';
import { Refusal } from '../checks.ts';
import { weaknessOf } from './algorithms.ts';

export interface CertificateDescription {
  readonly pem: string;
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the DER, in colon-separated hex as other products show it. */
  readonly fingerprint: string;
  /** Why signatures with this key will be refused; absent when they are accepted. */
  readonly weakness?: string;
}

/** Reads PEM, or the bare base64 that metadata holds. Throws Refusal `certificate`. */
export function describeCertificate(text: string): CertificateDescription {
  const certificate = readCertificate(text);
  const weakness = weaknessOf(certificate.publicKey);
  return {
    pem: certificate.toString(),
    subject: certificate.subject.replaceAll('\n', ', '),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    fingerprint: certificate.fingerprint256,
    ...(weakness === undefined ? {} : { weakness }),
  };
}

/** The base64 of the DER, as ds:X509Certificate holds it. */
export const certificateBase64 = (pem: string): string => readCertificate(pem).raw.toString('base64');

/**
 * The keys with which a connection's signatures are verified.
 * Throws Refusal `certificate` when there is none, when one cannot be read, or when all are too weak.
 */
export function pinnedKeys(certificates: readonly string[]): KeyObject[] {
  if (certificates.length === 0) {
    throw new Refusal(
      'certificate',
      'This connection has no certificate of the identity provider, so nothing can be verified.',
    );
  }
  const keys = certificates.map((pem) => readCertificate(pem).publicKey);
  const strong = keys.filter((key) => weaknessOf(key) === undefined);
  if (strong.length === 0) {
    throw new Refusal('certificate', 'The certificate of the identity provider has a key that is too weak.', {
      expected: 'RSA of 2048 bits or more, or P-256, P-384, P-521',
      received: keys.map(weaknessOf).join(', '),
    });
  }
  return strong;
}

function readCertificate(text: string): X509Certificate {
  const compact = text.replace(/\s/g, '');
  try {
    return new X509Certificate(text.includes('-----BEGIN') ? text : Buffer.from(compact, 'base64'));
  } catch {
    throw new Refusal('certificate', 'A certificate could not be read.', { received: compact.slice(0, 40) });
  }
}
