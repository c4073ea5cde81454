// Signing keys and their certificates: made by us, and described for people.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/saml/checks.ts';
import { certificateBase64, describeCertificate, pinnedKeys } from '../../src/saml/signature/certificate.ts';
import { createSelfSignedCertificate } from '../../src/saml/signature/self-signed-certificate.ts';
import { NOW, signingKey } from './identities.ts';

describe('a certificate of our own making', () => {
  it('carries its key, is signed by it, and says what was asked for', async () => {
    const subject = 'Acme, Inc. + CN=evil';
    const made = await createSelfSignedCertificate({ subject, notBefore: NOW, days: 1095 });
    const certificate = new X509Certificate(made.certificatePem);
    expect(certificate.checkPrivateKey(createPrivateKey(made.privateKeyPem))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(certificate.toLegacyObject().subject).toMatchObject({ CN: subject });
    expect(describeCertificate(made.certificatePem)).toMatchObject({
      notBefore: NOW,
      notAfter: new Date('2029-11-24T10:00:00Z'),
    });
  });

  it('has a serial number of its own', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => createSelfSignedCertificate({ subject: 'x', notBefore: NOW, days: 1, modulusLength: 2048 })),
    );
    const serial = (pem: string) => new X509Certificate(pem).serialNumber;
    expect(serial(one!.certificatePem)).not.toBe(serial(other!.certificatePem));
  });
});

describe('a certificate described', () => {
  it('is the same from PEM and from bare base64', () => {
    expect(describeCertificate(certificateBase64(signingKey.certificatePem))).toEqual(
      describeCertificate(signingKey.certificatePem),
    );
  });

  it('has the fingerprint that other products show', () => {
    expect(describeCertificate(signingKey.certificatePem).fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it.each(['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', signingKey.privateKeyPem])(
    'cannot be read from other text',
    (text) => expect(() => describeCertificate(text)).toThrow(Refusal),
  );
});

it('an expired certificate still pins its key: trust ends when an administrator removes it', async () => {
  const expired = await createSelfSignedCertificate({
    subject: 'x',
    notBefore: new Date(0),
    days: 1,
    modulusLength: 2048,
  });
  expect(pinnedKeys([expired.certificatePem])).toHaveLength(1);
});
