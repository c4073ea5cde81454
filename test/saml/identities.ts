// The two ends that the SAML tests are about: their names, keys and clock. Keys are made once per test file.

import type { SignInResponse } from '../../src/saml/response/create-response.ts';
import { createResponse } from '../../src/saml/response/create-response.ts';
import type { ResponseExpectations } from '../../src/saml/response/expectations.ts';
import { createSelfSignedCertificate } from '../../src/saml/signature/self-signed-certificate.ts';

export const NOW = new Date('2026-11-25T10:00:00Z');
export const IDP = 'https://identity.example/acme/saml/metadata';
export const SP = 'https://rollcall.example/acme/saml/metadata';
export const ACS = 'https://rollcall.example/acme/saml/acs';
export const REQUEST_ID = '_request-1';

const makeKey = () =>
  createSelfSignedCertificate({ subject: 'Identity of the tests', notBefore: NOW, days: 365, modulusLength: 2048 });

export const signingKey = await makeKey();
/** A key that nobody has pinned. */
export const strangersKey = await makeKey();

export const signInAnswer: SignInResponse = {
  responseId: '_response-1',
  assertionId: '_assertion-1',
  issuer: IDP,
  audience: SP,
  acsUrl: ACS,
  inResponseTo: REQUEST_ID,
  now: NOW,
  signingKey,
  nameId: 'ada@acme.example',
  nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  attributes: [
    { name: 'givenName', values: ['Ada'] },
    { name: 'groups', values: ['Engineering', 'R&D <"quoted">'] },
  ],
  sessionIndex: '_session-1',
  authnInstant: NOW,
};

export const expected: ResponseExpectations = {
  now: NOW,
  identityProvider: IDP,
  certificates: [signingKey.certificatePem],
  serviceProvider: SP,
  acsUrl: ACS,
  requestId: REQUEST_ID,
};

export const validXml = (): string => createResponse(signInAnswer);
export const encode = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');
