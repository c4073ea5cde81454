// A signing key with a self-signed certificate, as an identity provider publishes it in its metadata.
// Talks to: Web Crypto, for the key and the serial number. The certificate is only a carrier of the key (see
// certificate.ts).

import './reflect-metadata.ts';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509CertificateGenerator } from '@peculiar/x509';
import type { SigningKey } from './xml-signature.ts';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

export interface CertificateRequest {
  /** Common name, any text: shown to administrators of the other side. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly days: number;
  /** 3072 unless a counterpart cannot read it. */
  readonly modulusLength?: 2048 | 3072 | 4096;
}

/** A new RSA key pair and its certificate, both PEM. */
export async function createSelfSignedCertificate(request: CertificateRequest): Promise<SigningKey> {
  const { subject, notBefore, days, modulusLength = 3072 } = request;
  const parameters = { ...RSA, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) };
  const keys = await webcrypto.subtle.generateKey(parameters, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [subject] }],
    // Positive and without a leading zero byte, at most 20 octets (RFC 5280 section 4.1.2.2).
    serialNumber: `4${randomBytes(16).toString('hex').slice(1)}`,
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    signingAlgorithm: RSA,
    keys,
    extensions: [new BasicConstraintsExtension(false), new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true)],
  });
  const privateKeyPem = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { privateKeyPem, certificatePem: `${certificate.toString('pem')}\n` };
}
