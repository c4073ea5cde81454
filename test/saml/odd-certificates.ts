// Certificates of kinds that our own identity provider never makes: short RSA keys, elliptic curves.

import '../../src/saml/signature/reflect-metadata.ts';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import { NOW } from './identities.ts';

/** A key of any algorithm and its certificate, both PEM. */
export async function certificateOf(algorithm: RsaHashedKeyGenParams | EcKeyGenParams) {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const signingAlgorithm = { ...algorithm, hash: 'SHA-256' };
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=x',
    keys,
    signingAlgorithm,
    notBefore: NOW,
    notAfter: NOW,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    certificate: certificate.toString('pem'),
  };
}
