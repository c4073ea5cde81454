// Responses as text, to be bent by hand and signed by hand: hostile ones must not depend on our own writer.

import { createHmac, type KeyLike } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { ACS, IDP, REQUEST_ID, SP, signingKey } from './identities.ts';

export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const INCLUSIVE = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const RSA_SHA1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
export const HMAC_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const SHA1 = 'http://www.w3.org/2000/09/xmldsig#sha1';

export type Shape = 'response' | 'assertion' | 'both';
export const SHAPES: readonly Shape[] = ['response', 'assertion', 'both'];

export const ASSERTION_XML =
  `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" IssueInstant="2026-11-25T10:00:00Z">` +
  `<saml:Issuer>${IDP}</saml:Issuer>` +
  `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">ada@acme.example</saml:NameID>` +
  `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
  `<saml:SubjectConfirmationData NotOnOrAfter="2026-11-25T10:05:00Z" Recipient="${ACS}" InResponseTo="${REQUEST_ID}"/>` +
  `</saml:SubjectConfirmation></saml:Subject>` +
  `<saml:Conditions NotBefore="2026-11-25T10:00:00Z" NotOnOrAfter="2026-11-25T10:05:00Z">` +
  `<saml:AudienceRestriction><saml:Audience>${SP}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
  `<saml:AuthnStatement AuthnInstant="2026-11-25T10:00:00Z" SessionIndex="_s1" SessionNotOnOrAfter="2026-11-25T18:00:00Z">` +
  `<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>` +
  `</saml:AuthnContext></saml:AuthnStatement>` +
  `<saml:AttributeStatement><saml:Attribute Name="givenName"><saml:AttributeValue>Ada</saml:AttributeValue></saml:Attribute>` +
  `</saml:AttributeStatement></saml:Assertion>`;

/** A response around `assertion`, unsigned. */
export const responseXml = (assertion: string): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
  `ID="_r1" Version="2.0" IssueInstant="2026-11-25T10:00:00Z" Destination="${ACS}" InResponseTo="${REQUEST_ID}">` +
  `<saml:Issuer>${IDP}</saml:Issuer>` +
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` +
  `${assertion}</samlp:Response>`;

/** `text` with every `from` replaced; throws when there is none, so that a bent document is really bent. */
export function edit(text: string, from: string | RegExp, to: string): string {
  const edited = text.replaceAll(typeof from === 'string' ? from : new RegExp(from.source, 'g'), () => to);
  if (edited === text) throw new Error(`nothing to replace: ${from}`);
  return edited;
}

/** `text` with the first `from` replaced. */
export function editFirst(text: string, from: string, to: string): string {
  const at = text.indexOf(from);
  if (at < 0) throw new Error(`nothing to replace: ${from}`);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

export interface SigningWays {
  readonly privateKey?: KeyLike;
  readonly certificate?: string;
  readonly signatureAlgorithm?: string;
  readonly digestAlgorithm?: string;
  readonly transforms?: string[];
  readonly canonicalization?: string;
  /** InclusiveNamespaces/@PrefixList of the reference. */
  readonly prefixes?: string[];
}

/** The reference implementation of signing, with every knob an attacker has. */
function signWith(xml: string, part: 'Response' | 'Assertion', ways: SigningWays = {}): string {
  const signature = new SignedXml({
    privateKey: ways.privateKey ?? signingKey.privateKeyPem,
    publicCert: ways.certificate ?? signingKey.certificatePem,
    signatureAlgorithm: ways.signatureAlgorithm ?? RSA_SHA256,
    canonicalizationAlgorithm: ways.canonicalization ?? EXCLUSIVE,
  });
  signature.SignatureAlgorithms[HMAC_SHA256] = HmacSha256;
  const xpath = part === 'Response' ? '/*' : "/*/*[local-name(.)='Assertion']";
  signature.addReference({
    xpath,
    digestAlgorithm: ways.digestAlgorithm ?? SHA256,
    transforms: ways.transforms ?? [ENVELOPED, EXCLUSIVE],
    ...(ways.prefixes ? { inclusiveNamespacesPrefixList: ways.prefixes } : {}),
  });
  signature.computeSignature(xml, {
    prefix: 'ds',
    // After the Issuer, where there is one.
    location: { reference: `${xpath}/*[1]`, action: 'after' },
  });
  return signature.getSignedXml();
}

class HmacSha256 {
  getAlgorithmName = () => HMAC_SHA256;
  getSignature = (signedInfo: unknown, key: unknown): string =>
    createHmac('sha256', String(key)).update(String(signedInfo)).digest('base64');
  verifySignature = (): boolean => false;
}

export function signShape(xml: string, shape: Shape, ways: SigningWays = {}): string {
  const inner = shape === 'response' ? xml : signWith(xml, 'Assertion', ways);
  return shape === 'assertion' ? inner : signWith(inner, 'Response', ways);
}

/** A valid response of each shape, bent before it is signed: everything in it is signed by the right key. */
export const signedAfter = (shape: Shape, bend: (xml: string) => string = (xml) => xml): string =>
  signShape(bend(responseXml(ASSERTION_XML)), shape);

/** Puts `signedInfo`, which must be canonical but for its namespace, in place of the first one, signed by `signOctets`. */
export function resign(xml: string, signedInfo: string, signOctets: (octets: Buffer) => Buffer): string {
  const canonical = editFirst(
    signedInfo,
    '<ds:SignedInfo>',
    '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">',
  );
  const value = signOctets(Buffer.from(canonical)).toString('base64');
  return xml
    .replace(/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s, () => signedInfo)
    .replace(/<ds:SignatureValue>.*?<\/ds:SignatureValue>/s, () => `<ds:SignatureValue>${value}</ds:SignatureValue>`);
}

/** Canonical XML has no empty-element tags. */
export const expandedTags = (xml: string): string => xml.replace(/<([\w:]+)([^<>]*)\/>/g, '<$1$2></$1>');
