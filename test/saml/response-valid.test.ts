// Responses that must be accepted: three places of signatures, our own writer, other spellings of the same document.

import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createResponse } from '../../src/saml/response/create-response.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import {
  ASSERTION_XML,
  EXCLUSIVE,
  edit,
  editFirst,
  expandedTags,
  resign,
  responseXml,
  SHAPES,
  signedAfter,
  signShape,
} from './documents.ts';
import { encode, expected, IDP, signInAnswer, signingKey, strangersKey } from './identities.ts';

const accept = (xml: string, wanted = expected) => {
  const verdict = verifyResponse(encode(xml), wanted);
  expect(verdict.ok ? [] : verdict.reasons).toEqual([]);
  if (!verdict.ok) throw new Error('refused');
  return verdict;
};

describe.each(SHAPES)('a valid response, signed: %s', (shape) => {
  it('gives NameID, attributes, session and assertion ID', () => {
    expect(accept(signedAfter(shape))).toMatchObject({
      nameId: 'ada@acme.example',
      nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
      attributes: [{ name: 'givenName', values: ['Ada'] }],
      sessionIndex: '_s1',
      assertionId: '_a1',
      notOnOrAfter: new Date('2026-11-25T10:06:00Z'),
      sessionNotOnOrAfter: new Date('2026-11-25T18:00:00Z'),
    });
  });

  it.each([
    [
      'other prefixes',
      (xml: string) => edit(edit(xml, 'samlp', 'p'), 'saml:', 'a:').replaceAll('xmlns:saml=', 'xmlns:a='),
    ],
    ['an XML declaration', (xml: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`],
    ['line breaks between elements', (xml: string) => edit(xml, /></, '>\n  <')],
  ])('accepts %s', (_name, bend) => {
    accept(signedAfter(shape, bend));
  });

  it('reads a CDATA section as text', () => {
    const xml = signedAfter(shape, (plain) => edit(plain, 'ada@acme.example', '<![CDATA[ada@]]>acme.example'));
    expect(accept(xml).nameId).toBe('ada@acme.example');
  });

  it('is verified by any of several pinned certificates', () => {
    const certificates = [strangersKey.certificatePem, ...expected.certificates];
    accept(signedAfter(shape), { ...expected, certificates });
  });
});

it('accepts what our identity provider creates, letter by letter', () => {
  const attributes = [{ name: '__proto__', values: ['<&>"\'', 'line\nbreak\r\ttab', '𝔸 ß İ'] }];
  const nameId = 'Ada & <Lovelace>';
  const verdict = accept(createResponse({ ...signInAnswer, attributes, nameId }));
  expect(verdict).toMatchObject({ nameId, attributes, sessionIndex: '_session-1', assertionId: '_assertion-1' });
});

it('accepts an unsigned response that names no issuer and no destination around a signed assertion', () => {
  const xml = editFirst(signedAfter('assertion'), `<saml:Issuer>${IDP}</saml:Issuer>`, '');
  accept(xml.replace(/ Destination="[^"]*"/, ''));
});

it('accepts a list of prefixes to canonicalize inclusively', () => {
  const xml = edit(responseXml(ASSERTION_XML), '<saml:AttributeValue>', '<saml:AttributeValue xmlns:xs="urn:xs">');
  const signed = signShape(xml, 'assertion', { prefixes: ['xs', 'saml'] });
  // The reference signer gives the list to both transforms, where it belongs to canonicalization alone.
  const signedInfo = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s
    .exec(signed)![0]
    .replace(/<InclusiveNamespaces [^>]*enveloped-signature"\/>/, '')
    .replace(/<InclusiveNamespaces [^>]*>/, `<InclusiveNamespaces xmlns="${EXCLUSIVE}" PrefixList="xs saml"/>`);
  const resigned = resign(signed, expandedTags(signedInfo), (octets) =>
    sign('sha256', octets, signingKey.privateKeyPem),
  );
  expect(resigned).toContain('PrefixList="xs saml"');
  expect(accept(resigned).nameId).toBe('ada@acme.example');
});

it('hands on the earliest end of several sessions', () => {
  const second =
    '<saml:AuthnStatement AuthnInstant="2026-11-25T10:00:00Z" SessionNotOnOrAfter="2026-11-25T12:00:00Z"><saml:AuthnContext/></saml:AuthnStatement>';
  const xml = signedAfter('both', (plain) =>
    edit(plain, '<saml:AttributeStatement>', `${second}<saml:AttributeStatement>`),
  );
  expect(accept(xml)).toMatchObject({ sessionIndex: '_s1', sessionNotOnOrAfter: new Date('2026-11-25T12:00:00Z') });
});

it('lists every check with a tick', () => {
  const { checks } = accept(signedAfter('both'));
  expect(checks.every(({ ok }) => ok)).toBe(true);
  expect(checks.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['signature', 'audience', 'recipient', 'clock', 'name-id', 'attributes', 'in-response-to']),
  );
});

it('accepts a base64 field broken into lines', () => {
  const lines = encode(signedAfter('both')).replace(/.{76}/g, '$&\r\n');
  expect(verifyResponse(lines, expected).ok).toBe(true);
});
