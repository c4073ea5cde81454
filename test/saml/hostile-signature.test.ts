// S01, S06, S08, S13, S28: signatures of the permitted shape that do not hold, keys that do not count, verifiers that fail.

import { sign } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SignedXml } from 'xml-crypto';
import type { CheckName } from '../../src/saml/checks.ts';
import { createResponse } from '../../src/saml/response/create-response.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import {
  ASSERTION_XML,
  edit,
  editFirst,
  expandedTags,
  RSA_SHA256,
  resign,
  responseXml,
  SHAPES,
  signedAfter,
  signShape,
} from './documents.ts';
import { encode, expected, signInAnswer, signingKey, strangersKey } from './identities.ts';
import { certificateOf } from './odd-certificates.ts';
import { expectRefused } from './refusals.ts';

afterEach(() => vi.restoreAllMocks());

const plain = responseXml(ASSERTION_XML);
const byStranger = { privateKey: strangersKey.privateKeyPem, certificate: strangersKey.certificatePem };

const rsa = (modulusLength: number) =>
  certificateOf({
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  });

describe.each(SHAPES)('S01 tampering, signed: %s', (shape) => {
  const signed = signedAfter(shape);
  it.each([
    ['the NameID', 'ada@acme.example', 'eve@acme.example'],
    ['an attribute', '>Ada<', '>Eve<'],
    ['the session', 'SessionIndex="_s1"', 'SessionIndex="_s2"'],
    ['the end of the session', 'SessionNotOnOrAfter="2026', 'SessionNotOnOrAfter="2036'],
    ['white space in the NameID', 'ada@acme.example', ' ada@acme.example'],
    ['an added attribute of XML', '<saml:Subject>', '<saml:Subject xml:lang="en">'],
  ])('refuses a change of %s', (_title, from, to) => {
    expectRefused(edit(signed, from, to), ['signature']);
  });

  it('S06 refuses a DigestValue split by a CDATA section over other content', () => {
    const evil = editFirst(
      edit(signed, 'ada@acme.example', 'eve@acme.example'),
      '<ds:DigestValue>',
      '<ds:DigestValue><![CDATA[AAAA]]>',
    );
    expectRefused(evil, ['signature']);
  });

  it('refuses a SignedInfo bent after signing', () => {
    expectRefused(editFirst(signed, '<ds:DigestValue>', '<ds:DigestValue>AAAA'), ['signature']);
  });

  it('S13 refuses a stranger’s signature whose KeyInfo carries the stranger’s certificate', () => {
    expectRefused(signShape(plain, shape, byStranger), ['signature']);
  });

  it('S13 refuses a stranger’s signature whose KeyInfo carries the pinned certificate', () => {
    expectRefused(signShape(plain, shape, { ...byStranger, certificate: signingKey.certificatePem }), ['signature']);
  });

  it('S13 ignores KeyInfo: a foreign certificate in it changes nothing', () => {
    const xml = signShape(plain, shape, { certificate: strangersKey.certificatePem });
    expect(verifyResponse(encode(xml), expected).ok).toBe(true);
  });

  it('S13 refuses when no certificate is pinned', () => {
    expectRefused(signed, ['certificate'], { ...expected, certificates: [] });
  });

  it('S13 refuses when the pinned certificate cannot be read', () => {
    expectRefused(signed, ['certificate'], { ...expected, certificates: ['-----BEGIN CERTIFICATE-----'] });
  });

  it('S08 refuses RSA of 1024 bits', async () => {
    const weak = await rsa(1024);
    expectRefused(signShape(plain, shape, weak), ['certificate'], { ...expected, certificates: [weak.certificate] });
  });

  it('S08 does not verify with a weak certificate that is pinned beside a strong one', async () => {
    const weak = await rsa(1024);
    const certificates = [weak.certificate, signingKey.certificatePem];
    expectRefused(signShape(plain, shape, weak), ['signature'], { ...expected, certificates });
  });

  it('S08 does not verify an RSA signature method with an EC key', async () => {
    const ec = await certificateOf({ name: 'ECDSA', namedCurve: 'P-256' });
    expectRefused(signed, ['signature'], { ...expected, certificates: [ec.certificate] });
  });

  it.each(['loadSignature', 'checkSignature', 'getSignedReferences'] as const)('S13 refuses when %s throws', (call) => {
    vi.spyOn(SignedXml.prototype, call).mockImplementation(() => {
      throw new Error('out of memory');
    });
    expectRefused(signed, ['signature']);
  });

  it.each<[string, CheckName, string[]]>([
    ['no octets', 'signature', []],
    ['empty octets', 'signature', ['']],
    ['two sets of octets', 'signature', [responseXml(ASSERTION_XML), ASSERTION_XML]],
    ['octets that are not XML', 'xml', ['<a']],
    ['octets of another element', 'signature', ['<a/>']],
  ])('S11 refuses when verification yields %s', (_title, check, octets) => {
    vi.spyOn(SignedXml.prototype, 'getSignedReferences').mockReturnValue(octets);
    expectRefused(signed, [check]);
  });

  it('says whether the content was changed or the key is another one', () => {
    const changed = verifyResponse(encode(edit(signed, 'ada@acme.example', 'eve@acme.example')), expected);
    expect(changed.ok ? [] : changed.reasons).toMatchObject([
      { sentence: expect.stringContaining('changed after it was signed') },
    ]);
    const foreign = verifyResponse(encode(signShape(plain, shape, byStranger)), expected);
    expect(foreign.ok ? [] : foreign.reasons).toMatchObject([
      { sentence: expect.stringContaining('does not match any certificate') },
    ]);
  });

  it('S13 refuses when verification says false', () => {
    vi.spyOn(SignedXml.prototype, 'checkSignature').mockReturnValue(false as unknown as undefined);
    expectRefused(signed, ['signature']);
  });
});

describe('one good signature does not excuse a bad one', () => {
  it('refuses a good response around an assertion signed by a stranger', () => {
    const inner = signShape(plain, 'assertion', byStranger);
    expectRefused(signShape(inner, 'response'), ['signature']);
  });

  it('refuses a good assertion in a response signed by a stranger', () => {
    const outer = signShape(signShape(plain, 'assertion'), 'response', byStranger);
    expectRefused(outer, ['signature']);
  });
});

describe('S08 what our verifier accepts besides RSA-SHA256', () => {
  const METHODS = 'http://www.w3.org/2001/04/xmldsig-more#';
  it.each([
    ['rsa-sha384', 'sha384'],
    ['rsa-sha512', 'sha512'],
  ])('%s', (method, hash) => {
    const xml = signedBy(`${METHODS}${method}`, (octets) => sign(hash, octets, signingKey.privateKeyPem));
    expect(verifyResponse(encode(xml), expected).ok).toBe(true);
  });

  it.each([
    ['ecdsa-sha256', 'sha256', 'P-256'],
    ['ecdsa-sha384', 'sha384', 'P-384'],
    ['ecdsa-sha512', 'sha512', 'P-521'],
  ])('%s', async (method, hash, namedCurve) => {
    const ec = await certificateOf({ name: 'ECDSA', namedCurve });
    const xml = signedBy(`${METHODS}${method}`, (octets) =>
      sign(hash, octets, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
    );
    const certificates = [ec.certificate];
    expect(verifyResponse(encode(xml), { ...expected, certificates }).ok).toBe(true);
  });
});

/** A signed response whose SignedInfo names another method, signed again by `signOctets`. */
function signedBy(method: string, signOctets: (octets: Buffer) => Buffer): string {
  const signed = signedAfter('response');
  const signedInfo = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(signed)![0];
  return resign(signed, expandedTags(signedInfo).replace(RSA_SHA256, method), signOctets);
}

it('S08 does not take an ECDSA signature under the name of RSA, though the pinned key is that EC key', async () => {
  const ec = await certificateOf({ name: 'ECDSA', namedCurve: 'P-256' });
  const byEc = (octets: Buffer) => sign('sha256', octets, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
  expectRefused(signedBy(RSA_SHA256, byEc), ['signature'], { ...expected, certificates: [ec.certificate] });
});

it('S13 says in words that there is no certificate', () => {
  const verdict = verifyResponse(encode(signedAfter('both')), { ...expected, certificates: [] });
  expect(verdict.ok ? [] : verdict.reasons).toMatchObject([{ sentence: expect.stringContaining('no certificate') }]);
});

const MATRIX = [1, 2, 3].flatMap((tenant) => [1, 2, 3].map((door) => [tenant, door] as const));
describe('S28 a response counts only at its own connection, though all share one certificate', () => {
  const acs = (tenant: number) => `https://rollcall.example/t${tenant}/saml/acs`;
  const entity = (tenant: number) => `https://rollcall.example/t${tenant}/saml/metadata`;
  const issuer = (tenant: number) => `https://identity.example/t${tenant}`;
  it.each(MATRIX)('response for tenant %i at the ACS of tenant %i', (tenant, door) => {
    const xml = createResponse({
      ...signInAnswer,
      issuer: issuer(tenant),
      audience: entity(tenant),
      acsUrl: acs(tenant),
    });
    const at = { ...expected, identityProvider: issuer(door), serviceProvider: entity(door), acsUrl: acs(door) };
    const reasons: CheckName[] = ['response-issuer', 'assertion-issuer', 'destination', 'recipient', 'audience'];
    if (tenant === door) expect(verifyResponse(encode(xml), at).ok).toBe(true);
    else expectRefused(xml, reasons, at);
  });
});
