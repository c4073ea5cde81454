// S26, S27, S31: requests in, as hostile input; what is registered decides where the answer goes.

import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePostMessage, encodeRedirectMessage } from '../../src/saml/binding/message-encoding.ts';
import { redirectUrl } from '../../src/saml/binding/redirect-binding.ts';
import type { CheckName } from '../../src/saml/checks.ts';
import { NAME_ID_FORMATS } from '../../src/saml/names.ts';
import { createAuthnRequest } from '../../src/saml/request/create-authn-request.ts';
import { type AuthnRequest, checkAuthnRequest, parseAuthnRequest } from '../../src/saml/request/parse-authn-request.ts';
import { edit } from './documents.ts';
import { ACS, encode, NOW, REQUEST_ID, SP } from './identities.ts';

const SSO = 'https://identity.example/acme/saml/sso';
const options = { id: REQUEST_ID, issuer: SP, acsUrl: ACS, destination: SSO, now: NOW };
const xml = createAuthnRequest({ ...options, nameIdFormat: NAME_ID_FORMATS.unspecified, forceAuthn: true });

function parsed(text: string): AuthnRequest {
  const outcome = parseAuthnRequest('post', encode(text));
  if (!outcome.ok) throw new Error(outcome.reasons[0]!.sentence);
  return outcome.request;
}

describe('an AuthnRequest of ours', () => {
  const wanted = {
    id: REQUEST_ID,
    issuer: SP,
    version: '2.0',
    destination: SSO,
    acsUrl: ACS,
    acsIndex: undefined,
    protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    nameIdFormat: NAME_ID_FORMATS.unspecified,
    forceAuthn: true,
    isPassive: false,
  };

  it('is read back from the POST binding', () => {
    expect(parseAuthnRequest('post', encodePostMessage(xml))).toEqual({ ok: true, request: wanted });
  });

  it('is read back from the redirect binding, and the endpoint keeps its own query', () => {
    const url = new URL(redirectUrl(`${SSO}?idp=1&x=a%20b`, { samlRequest: xml, relayState: '/people?a=1&b=2' }));
    expect(url.searchParams.get('idp')).toBe('1');
    expect(url.searchParams.get('x')).toBe('a b');
    expect(url.searchParams.get('RelayState')).toBe('/people?a=1&b=2');
    expect(parseAuthnRequest('redirect', url.searchParams.get('SAMLRequest')!)).toEqual({ ok: true, request: wanted });
  });

  it('asks for no password again and for no format unless told to', () => {
    expect(parsed(createAuthnRequest(options))).toMatchObject({ forceAuthn: false, nameIdFormat: undefined });
  });

  it('escapes what it is given', () => {
    const issuer = 'a"b&<c>';
    expect(parsed(createAuthnRequest({ ...options, issuer })).issuer).toBe(issuer);
  });
});

describe('hostile requests', () => {
  const nested = `${'<x>'.repeat(100)}${'</x>'.repeat(100)}`;
  const ROWS: [string, CheckName, string][] = [
    ['S09 DOCTYPE', 'markup', `<!DOCTYPE x>${xml}`],
    ['S09 a comment', 'markup', edit(xml, SP, `${SP}<!---->`)],
    ['S26 depth', 'budget', edit(xml, '</samlp:AuthnRequest>', `${nested}</samlp:AuthnRequest>`)],
    ['a response', 'structure', edit(xml, 'AuthnRequest', 'Response')],
    ['S12 another namespace', 'structure', edit(xml, 'SAML:2.0:protocol', 'SAML:2.0:protocol2')],
    ['no ID', 'ids', edit(xml, ` ID="${REQUEST_ID}"`, '')],
    ['an ID that is no name', 'ids', edit(xml, REQUEST_ID, '&quot;&gt;')],
    ['an ID without end', 'ids', edit(xml, REQUEST_ID, `_${'a'.repeat(300)}`)],
    ['no issuer', 'structure', edit(xml, /<saml:Issuer>.*<\/saml:Issuer>/, '')],
    ['an empty issuer', 'structure', edit(xml, SP, '')],
    ['two issuers', 'structure', edit(xml, '</saml:Issuer>', '</saml:Issuer><saml:Issuer>x</saml:Issuer>')],
  ];
  it.each(ROWS)('refuses %s as %s, by either binding', (_title, check, text) => {
    for (const outcome of [
      parseAuthnRequest('post', encode(text)),
      parseAuthnRequest('redirect', encodeRedirectMessage(text)),
    ]) {
      expect(outcome.ok ? [] : outcome.reasons.map((reason) => reason.check)).toEqual([check]);
    }
  });

  const FIELDS: [string, CheckName, string][] = [
    ['S27 a megabyte of zeros, deflated', 'size', deflateRawSync(Buffer.alloc(1 << 20)).toString('base64')],
    ['S27 a bomb of 100 MB', 'size', deflateRawSync(Buffer.alloc(100 << 20)).toString('base64')],
    ['S27 one byte more than 256 KiB', 'size', deflateRawSync(Buffer.alloc(256 * 1024 + 1, ' ')).toString('base64')],
    ['S27 exactly 256 KiB of nothing', 'xml', deflateRawSync(Buffer.alloc(256 * 1024, ' ')).toString('base64')],
    ['what was never deflated', 'encoding', encode(xml)],
    ['half of the deflated data', 'encoding', deflateRawSync(xml).subarray(0, 90).toString('base64')],
    ['no base64', 'encoding', '%%%'],
    ['nothing', 'encoding', ''],
  ];
  it.each(FIELDS)('refuses %s as %s, by redirect', (_title, check, field) => {
    const outcome = parseAuthnRequest('redirect', field);
    expect(outcome.ok ? [] : outcome.reasons.map((reason) => reason.check)).toEqual([check]);
  });
});

it('S27 stops inflating at the limit, it does not measure afterwards', () => {
  const outcome = parseAuthnRequest('redirect', deflateRawSync(Buffer.alloc(1 << 20)).toString('base64'));
  expect(outcome.ok ? '' : outcome.reasons[0]!.sentence).toBe('The message inflates to more than 262144 bytes.');
});

describe('S31 where the answer goes', () => {
  const OTHER = 'https://rollcall.example/acme/saml/other';
  const registered = {
    entityId: SP,
    assertionConsumerServices: [
      { url: ACS, index: 0 },
      { url: OTHER, index: 7 },
    ],
  };
  const withoutUrl = edit(xml, ` AssertionConsumerServiceURL="${ACS}"`, '');
  const withIndex = (index: string) =>
    edit(xml, `AssertionConsumerServiceURL="${ACS}"`, `AssertionConsumerServiceIndex="${index}"`);
  const withUrl = (url: string) =>
    edit(xml, `AssertionConsumerServiceURL="${ACS}"`, `AssertionConsumerServiceURL="${url}"`);

  it.each([
    ['the ACS URL it names', xml, ACS],
    ['another one that is registered', withUrl(OTHER), OTHER],
    ['the default, when it names none', withoutUrl, ACS],
    ['the one with the index it names', withIndex('7'), OTHER],
    ['no matter whether it names a destination', edit(xml, ` Destination="${SSO}"`, ''), ACS],
  ])('%s', (_title, text, acsUrl) => {
    expect(checkAuthnRequest(parsed(text), registered, SSO)).toMatchObject({ ok: true, acsUrl });
  });

  it.each<[string, CheckName, string]>([
    ['a foreign ACS URL', 'acs-url', withUrl('https://evil.example/acs')],
    ['an ACS URL that begins like ours', 'acs-url', withUrl(`${ACS}.evil.example`)],
    ['an ACS URL with a query added', 'acs-url', withUrl(`${ACS}?x`)],
    ['an ACS URL in other letters', 'acs-url', withUrl(ACS.replace('acs', 'ACS'))],
    ['an empty ACS URL', 'acs-url', withUrl('')],
    ['an unknown index', 'acs-url', withIndex('1')],
    ['an index with a sign', 'acs-url', withIndex('+7')],
    ['another issuer', 'request-issuer', edit(xml, SP, 'https://evil.example')],
    ['another destination', 'destination', edit(xml, SSO, 'https://evil.example/sso')],
    ['another binding', 'binding', edit(xml, 'HTTP-POST', 'HTTP-Artifact')],
    ['another version', 'version', edit(xml, 'Version="2.0"', 'Version="1.1"')],
  ])('refuses %s as %s', (_title, check, text) => {
    const outcome = checkAuthnRequest(parsed(text), registered, SSO);
    expect(outcome).not.toHaveProperty('acsUrl');
    expect(outcome.ok ? [] : outcome.reasons.map((reason) => reason.check)).toEqual([check]);
  });

  it('refuses everything for an app without a registered ACS URL', () => {
    const none = { entityId: SP, assertionConsumerServices: [] };
    expect(checkAuthnRequest(parsed(withoutUrl), none, SSO).ok).toBe(false);
  });
});
