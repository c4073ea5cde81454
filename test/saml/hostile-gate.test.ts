// S02-S12, S26: what is refused before any key is touched: size, encoding, markup, budgets, ids, the shape of signatures.
// Each document was valid and rightly signed before it was bent, unless the row says otherwise.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { SignedXml } from 'xml-crypto';
import type { CheckName } from '../../src/saml/checks.ts';
import {
  ASSERTION_XML,
  ENVELOPED,
  EXCLUSIVE,
  edit,
  editFirst,
  HMAC_SHA256,
  INCLUSIVE,
  RSA_SHA1,
  responseXml,
  SHA1,
  SHAPES,
  type SigningWays,
  signedAfter,
  signShape,
} from './documents.ts';
import { encode, signingKey } from './identities.ts';
import { expectFieldRefused, expectRefused } from './refusals.ts';

afterEach(() => vi.restoreAllMocks());

const signed = signedAfter('both');
const inStatus = (xml: string) => editFirst(signed, '<samlp:Status>', `<samlp:Status>${xml}`);
const atNameId = (xml: string) => edit(signed, 'ada@acme.example', xml);
const nested = (levels: number) => '<x>'.repeat(levels) + '</x>'.repeat(levels);
const many = (count: number, each: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => each(index)).join('');

const MARKUP: [string, CheckName, string][] = [
  ['S09 a harmless DOCTYPE', 'markup', `<!DOCTYPE x>${signed}`],
  ['S09 a DOCTYPE with an entity', 'markup', `<!DOCTYPE x [<!ENTITY e "admin">]>${atNameId('&e;')}`],
  ['S09 an external entity', 'markup', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${atNameId('&e;')}`],
  ['S09 an undeclared entity', 'xml', atNameId('&e;')],
  ['S09 a comment in the NameID', 'markup', atNameId('admin@acme.example<!-- -->.evil.example')],
  ['S09 a comment before the document', 'markup', `<!-- -->${signed}`],
  ['S09 a comment after the document', 'markup', `${signed}<!-- -->`],
  ['S06 a comment in the DigestValue', 'markup', editFirst(signed, '<ds:DigestValue>', '<ds:DigestValue><!--x-->')],
  [
    'S06 a comment in the SignatureValue',
    'markup',
    editFirst(signed, '<ds:SignatureValue>', '<ds:SignatureValue><!--x-->'),
  ],
  ['S09 a processing instruction', 'markup', atNameId('<?x y?>ada@acme.example')],
  ['S09 a style sheet', 'markup', `<?xml-stylesheet href="x"?>${signed}`],
  ['S09 XML 1.1', 'xml', `<?xml version="1.1"?>${signed}`],
  ['another encoding', 'encoding', `<?xml version="1.0" encoding="UTF-16"?>${signed}`],
  ['S12 an undeclared prefix', 'xml', inStatus('<evil:x/>')],
  ['S11 a relative namespace', 'xml', inStatus('<evil:x xmlns:evil="relative"/>')],
  ['S11 an empty namespace for a prefix', 'xml', inStatus('<evil:x xmlns:evil=""/>')],
  ['a repeated attribute', 'xml', inStatus('<x a="1" a="2"/>')],
  ['a repeated attribute under two prefixes', 'xml', inStatus('<x xmlns:p="u:x" xmlns:q="u:x" p:a="1" q:a="2"/>')],
  ['two roots', 'xml', `${signed}${signed}`],
  ['an open end', 'xml', signed.slice(0, -3)],
  ['nothing but text', 'xml', 'hello'],
  ['a control character', 'xml', atNameId('ada\u0001')],
  ['a control character by reference', 'xml', atNameId('ada&#1;')],
];

const BUDGETS: [string, CheckName, string][] = [
  ['S26 50 levels', 'budget', inStatus(nested(50))],
  ['S26 20,000 levels', 'budget', inStatus(nested(20_000))],
  ['S26 20,000 open levels', 'budget', '<x>'.repeat(20_000)],
  ['S26 2,001 elements', 'budget', inStatus('<x/>'.repeat(2001))],
  ['S26 40,000 elements', 'budget', inStatus('<x/>'.repeat(40_000))],
  ['S26 65 attributes', 'budget', inStatus(`<x ${many(65, (index) => `a${index}="" `)}/>`)],
  ['S26 10,000 attributes', 'budget', inStatus(`<x ${many(10_000, (index) => `a${index}="" `)}/>`)],
  ['S26 33 namespace declarations', 'budget', inStatus(`<x ${many(33, (index) => `xmlns:p${index}="u:${index}" `)}/>`)],
  ['S26 4,001 attributes', 'budget', inStatus(`<x ${many(50, (index) => `a${index}="" `)}/>`.repeat(81))],
  [
    'S26 1,025 namespace declarations',
    'budget',
    inStatus(`<x ${many(25, (index) => `xmlns:p${index}="u:${index}" `)}/>`.repeat(41)),
  ],
  ['S26 501 CDATA sections', 'budget', inStatus('<![CDATA[x]]>'.repeat(501))],
  [
    'S07 1,800 transforms',
    'transforms',
    editFirst(signed, '<ds:Transforms>', `<ds:Transforms>${`<ds:Transform Algorithm="${EXCLUSIVE}"/>`.repeat(1800)}`),
  ],
  [
    'S07 3,000 transforms',
    'budget',
    editFirst(signed, '<ds:Transforms>', `<ds:Transforms>${'<ds:Transform Algorithm="x"/>'.repeat(3000)}`),
  ],
];

const STRUCTURE: [string, CheckName, string][] = [
  ['a request in place of a response', 'structure', edit(signed, 'samlp:Response', 'samlp:AuthnRequest')],
  ['S12 a response of SAML 1.1', 'structure', edit(signed, 'SAML:2.0:protocol', 'SAML:1.0:protocol')],
  ['S12 an assertion in a foreign namespace', 'structure', inStatus('<x:Assertion xmlns:x="urn:x"/>')],
  ['S12 a Signature in no namespace', 'structure', inStatus('<Signature/>')],
  ['S12 a NameID in the protocol namespace', 'structure', inStatus('<samlp:NameID>admin</samlp:NameID>')],
  ['S03 an ID twice', 'ids', inStatus('<samlp:StatusDetail ID="_a1"/>')],
  ['S03 an ID twice, once as Id of a signature', 'ids', editFirst(signed, '<ds:KeyInfo>', '<ds:KeyInfo Id="_a1">')],
  ['S10 xml:id', 'ids', inStatus('<samlp:StatusDetail xml:id="_x"/>')],
  ['S10 a prefixed ID', 'ids', editFirst(signed, ' ID="_a1"', ' ID="_a1" xmlns:n="urn:n" n:ID="_b"')],
  ['S10 Id on an assertion', 'ids', editFirst(signed, ' ID="_a1"', ' Id="_a1"')],
  ['S10 id beside ID', 'ids', editFirst(signed, ' ID="_a1"', ' ID="_a1" id="_b"')],
  ['an ID that is no name', 'ids', edit(edit(signed, ' ID="_a1"', ' ID="a b"'), '#_a1', '#a b')],
  ['no ID', 'ids', edit(signed, ' ID="_a1"', '')],
  ['no assertion', 'assertion-count', signed.replace(/<saml:Assertion.*<\/saml:Assertion>/s, '')],
  [
    'S23 no assertion, and a failure',
    'status',
    edit(signed.replace(/<saml:Assertion.*<\/saml:Assertion>/s, ''), 'status:Success', 'status:Requester'),
  ],
  [
    'an encrypted assertion',
    'assertion-count',
    signed.replace(/<saml:Assertion.*<\/saml:Assertion>/s, '<saml:EncryptedAssertion/>'),
  ],
  ['two statuses', 'structure', editFirst(signed, '<samlp:Status>', '<samlp:Status/><samlp:Status>')],
  [
    'two status codes',
    'structure',
    editFirst(signed, '<samlp:StatusCode ', '<samlp:StatusCode Value="x"/><samlp:StatusCode '),
  ],
  ['two issuers', 'structure', editFirst(signed, '<saml:Issuer>', '<saml:Issuer>x</saml:Issuer><saml:Issuer>')],
  ['two NameIDs', 'structure', editFirst(signed, '<saml:NameID ', '<saml:NameID>admin</saml:NameID><saml:NameID ')],
  ['two Conditions', 'structure', editFirst(signed, '<saml:Conditions ', '<saml:Conditions/><saml:Conditions ')],
  ['no signature', 'signature', responseXml(ASSERTION_XML)],
];

const OBJECT = '<ds:Object>x</ds:Object></ds:Signature>';
const PREFIXES = `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="xs"/>`;
const withPrefixes = (xml: string) =>
  editFirst(
    signed,
    `<ds:Transform Algorithm="${EXCLUSIVE}"/>`,
    `<ds:Transform Algorithm="${EXCLUSIVE}">${xml}</ds:Transform>`,
  );
const SHAPES_OF_SIGNATURES: [string, CheckName, string][] = [
  [
    'S04 a second Signature in the response',
    'signature-shape',
    signed.replace(/(<ds:Signature .*?<\/ds:Signature>)/s, '$1$1'),
  ],
  [
    'S04 a Signature in the Status',
    'signature-shape',
    inStatus('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'),
  ],
  ['S04 an Object', 'signature-shape', editFirst(signed, '</ds:Signature>', OBJECT)],
  [
    'S05 two SignedInfos',
    'signature-shape',
    editFirst(signed, '<ds:SignedInfo>', '<ds:SignedInfo></ds:SignedInfo><ds:SignedInfo>'),
  ],
  [
    'S05 two SignatureValues',
    'signature-shape',
    editFirst(signed, '<ds:SignatureValue>', '<ds:SignatureValue>AA==</ds:SignatureValue><ds:SignatureValue>'),
  ],
  ['S05 two References', 'signature-shape', signed.replace(/(<ds:Reference .*?<\/ds:Reference>)/s, '$1$1')],
  ['S05 no Reference', 'signature-shape', signed.replace(/<ds:Reference .*?<\/ds:Reference>/s, '')],
  ['S05 an empty URI', 'signature-shape', edit(signed, 'URI="#_a1"', 'URI=""')],
  ['S05 no URI', 'signature-shape', edit(signed, ' URI="#_a1"', '')],
  ['S05 the URI of the other signed element', 'signature-shape', edit(signed, 'URI="#_a1"', 'URI="#_r1"')],
  ['S05 an XPointer', 'signature-shape', edit(signed, 'URI="#_a1"', `URI="#xpointer(id('_a1'))"`)],
  ['S05 a URI on the network', 'signature-shape', edit(signed, 'URI="#_a1"', 'URI="http://evil.example/"')],
  ['S06 an element in the DigestValue', 'digest', editFirst(signed, '<ds:DigestValue>', '<ds:DigestValue><ds:X/>')],
  [
    'S06 text that is not base64 in the SignatureValue',
    'signature-shape',
    editFirst(signed, '<ds:SignatureValue>', '<ds:SignatureValue>!'),
  ],
  [
    'S06 text that is not base64 in the DigestValue',
    'digest',
    editFirst(signed, '<ds:DigestValue>', '<ds:DigestValue>!'),
  ],
  [
    'S11 the digest of nothing',
    'digest',
    signed.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
  ],
  ['S11 an empty digest', 'digest', signed.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>')],
  [
    'S12 a foreign Algorithm attribute',
    'signature-shape',
    editFirst(signed, '<ds:SignatureMethod ', `<ds:SignatureMethod xmlns:x="urn:x" x:Algorithm="${RSA_SHA1}" `),
  ],
  [
    'S08 HMACOutputLength',
    'signature-shape',
    signed.replace(
      /(<ds:SignatureMethod [^>]*)\/>/,
      '$1><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>',
    ),
  ],
  [
    'S08 an algorithm with the name of an inherited property',
    'algorithm',
    editFirst(signed, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'constructor'),
  ],
  [
    'S07 XSLT after canonicalization',
    'transforms',
    editFirst(
      signed,
      '</ds:Transforms>',
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></ds:Transforms>',
    ),
  ],
  [
    'S07 XSLT in place of canonicalization',
    'transforms',
    edit(
      signed,
      `Transform Algorithm="${EXCLUSIVE}"`,
      'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
    ),
  ],
  [
    'S07 XPath',
    'transforms',
    edit(
      signed,
      `Transform Algorithm="${EXCLUSIVE}"`,
      'Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"',
    ),
  ],
  [
    'S07 XPath filter 2',
    'transforms',
    edit(
      signed,
      `Transform Algorithm="${EXCLUSIVE}"`,
      'Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"',
    ),
  ],
  [
    'S07 base64',
    'transforms',
    edit(
      signed,
      `Transform Algorithm="${EXCLUSIVE}"`,
      'Transform Algorithm="http://www.w3.org/2000/09/xmldsig#base64"',
    ),
  ],
  ['S07 no transforms', 'transforms', signed.replace(/<ds:Transforms>.*?<\/ds:Transforms>/s, '<ds:Transforms/>')],
  ['S07 no Transforms element', 'signature-shape', signed.replace(/<ds:Transforms>.*?<\/ds:Transforms>/s, '')],
  [
    'S07 a parameter inside a transform',
    'signature-shape',
    editFirst(
      signed,
      `<ds:Transform Algorithm="${ENVELOPED}"/>`,
      `<ds:Transform Algorithm="${ENVELOPED}"><ds:XPath>1</ds:XPath></ds:Transform>`,
    ),
  ],
  [
    'S08 a parameter of the digest',
    'signature-shape',
    signed.replace(/(<ds:DigestMethod [^>]*)\/>/, '$1><ds:X/></ds:DigestMethod>'),
  ],
  [
    'S12 a Transform in a foreign namespace',
    'signature-shape',
    edit(signed, '<ds:Transform ', '<x:Transform xmlns:x="urn:x" '),
  ],
  ['S07 a parameter of the last transform', 'signature-shape', withPrefixes('<ds:XPath>1</ds:XPath>')],
  ['S07 two lists of prefixes', 'signature-shape', withPrefixes(PREFIXES + PREFIXES)],
  [
    'S07 a list of prefixes with content',
    'signature-shape',
    withPrefixes(PREFIXES.replace('/>', '><ds:X/></ec:InclusiveNamespaces>')),
  ],
  [
    'S07 a list of prefixes with another attribute',
    'signature-shape',
    withPrefixes(PREFIXES.replace('/>', ' x="1"/>')),
  ],
  [
    'S07 a foreign parameter of canonicalization',
    'signature-shape',
    editFirst(
      signed,
      `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"/>`,
      `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"><ds:X/></ds:CanonicalizationMethod>`,
    ),
  ],
];

const plain = responseXml(ASSERTION_XML);
const hmac: SigningWays = { signatureAlgorithm: HMAC_SHA256, privateKey: signingKey.certificatePem };
const RIGHTLY_SIGNED_IN_A_WRONG_WAY: [string, CheckName, SigningWays][] = [
  ['S08 RSA-SHA1', 'algorithm', { signatureAlgorithm: RSA_SHA1 }],
  ['S08 a SHA-1 digest', 'algorithm', { digestAlgorithm: SHA1 }],
  ['S08 HMAC keyed with the public certificate', 'algorithm', hmac],
  ['S07 inclusive canonicalization of SignedInfo', 'algorithm', { canonicalization: INCLUSIVE }],
  ['S07 inclusive canonicalization of the content', 'transforms', { transforms: [ENVELOPED, INCLUSIVE] }],
  ['S07 exclusive canonicalization alone', 'transforms', { transforms: [EXCLUSIVE] }],
  ['S07 the transforms in reverse', 'transforms', { transforms: [EXCLUSIVE, ENVELOPED] }],
  ['S07 enveloped-signature alone', 'transforms', { transforms: [ENVELOPED] }],
  ['S07 three transforms', 'transforms', { transforms: [ENVELOPED, EXCLUSIVE, EXCLUSIVE] }],
];

const TABLES = { MARKUP, BUDGETS, STRUCTURE, SHAPES_OF_SIGNATURES };
describe.each(Object.entries(TABLES))('the gate: %s', (_table, rows) => {
  it.each(rows)('refuses %s as %s, without cryptography', (_title, check, xml) => {
    const crypto = vi.spyOn(SignedXml.prototype, 'checkSignature');
    expectRefused(xml, [check]);
    expect(crypto).not.toHaveBeenCalled();
  });
});

describe.each(SHAPES)('the gate, signed: %s', (shape) => {
  it.each(RIGHTLY_SIGNED_IN_A_WRONG_WAY)('refuses %s as %s', (_title, check, ways) => {
    const xml = signShape(plain, shape, ways);
    const crypto = vi.spyOn(SignedXml.prototype, 'checkSignature');
    expectRefused(xml, [check]);
    expect(crypto).not.toHaveBeenCalled();
  });
});

describe('the gate: the form field', () => {
  const field = encode(signed);
  const ROWS: [string, CheckName, string][] = [
    ['nothing', 'encoding', ''],
    ['one character cut off', 'encoding', field.replace(/=*$/, '').slice(0, -1)],
    ['a half', 'xml', encode(signed.slice(0, signed.length / 2))],
    ['the URL alphabet', 'encoding', '-_-_'],
    ['a foreign character', 'encoding', `${field.slice(0, 40)}*${field.slice(41)}`],
    ['padding in the middle', 'encoding', `${encode('<a/>b')}${field}`],
    ['stray bits in the last character', 'encoding', 'PGEvPh=='],
    ['plain XML', 'encoding', signed],
    ['bytes that are not UTF-8', 'encoding', Buffer.from([0x3c, 0x61, 0xff, 0x3e]).toString('base64')],
    ['S26 one character more than 256 KiB', 'size', 'A'.repeat(256 * 1024 + 1)],
  ];
  it.each(ROWS)('refuses %s as %s', (_title, check, text) => expectFieldRefused(text, [check]));
});
