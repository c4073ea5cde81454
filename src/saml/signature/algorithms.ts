// Which algorithms count, as one table, and the classes xml-crypto needs for them. Talks to: node:crypto.
// Everything not listed here is refused: SHA-1, HMAC (whose key would be the public certificate), inclusive
// canonicalization, XSLT, XPath, base64 transforms. An algorithm is tied to its key type, so a key is never read as
// another kind.

import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import type { HashAlgorithm, SignatureAlgorithm, SignedXml } from 'xml-crypto';

export const ENVELOPED_SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
/** Comments are refused before this matters, so both forms give the same octets (core 5.4.4 permits both). */
const EXCLUSIVE_C14N_WITH_COMMENTS = `${EXCLUSIVE_C14N}WithComments`;
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

export const CANONICALIZATIONS: readonly string[] = [EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS];

export const DIGESTS: ReadonlyMap<string, string> = new Map([
  [SHA256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

interface SignatureKind {
  readonly keyType: 'rsa' | 'ec';
  readonly hash: string;
}

export const SIGNATURES: ReadonlyMap<string, SignatureKind> = new Map<string, SignatureKind>([
  [RSA_SHA256, { keyType: 'rsa', hash: 'sha256' }],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', { keyType: 'rsa', hash: 'sha384' }],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', { keyType: 'rsa', hash: 'sha512' }],
  ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256', { keyType: 'ec', hash: 'sha256' }],
  ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384', { keyType: 'ec', hash: 'sha384' }],
  ['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512', { keyType: 'ec', hash: 'sha512' }],
]);

/** Digests of nothing: what a canonicalization that failed silently would sign (CVE-2025-66568). */
export const EMPTY_DIGESTS: readonly string[] = [...DIGESTS.values()].map((hash) => createHash(hash).digest('base64'));

const WEAK_RSA_BITS = 2048;
const ELLIPTIC_CURVES: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** Why a key is too weak or of a kind we do not verify with; undefined when it is good. */
export function weaknessOf(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa')
    return modulusLength < WEAK_RSA_BITS ? `an RSA key of ${modulusLength} bits` : undefined;
  if (key.asymmetricKeyType === 'ec')
    return ELLIPTIC_CURVES.includes(namedCurve) ? undefined : `the curve ${namedCurve}`;
  return `a key of type ${key.asymmetricKeyType}`;
}

function hashClass(uri: string, hash: string): new () => HashAlgorithm {
  return class implements HashAlgorithm {
    getAlgorithmName = () => uri;
    getHash = (xml: string) => createHash(hash).update(xml, 'utf8').digest('base64');
  };
}

// ECDSA values in XML Signature are r and s side by side, not the DER sequence (xmldsig-core1 section 6.4.3).
const withEncoding = (key: KeyObject) => ({ key, dsaEncoding: 'ieee-p1363' as const });

function signatureClass(uri: string, { keyType, hash }: SignatureKind): new () => SignatureAlgorithm {
  return class implements SignatureAlgorithm {
    getAlgorithmName = () => uri;
    getSignature = (signedInfo: unknown, key: unknown): string =>
      sign(hash, Buffer.from(String(signedInfo), 'utf8'), withEncoding(key as KeyObject)).toString('base64');
    verifySignature = (material: string, key: unknown, value: string): boolean =>
      (key as KeyObject).asymmetricKeyType === keyType &&
      verify(hash, Buffer.from(material, 'utf8'), withEncoding(key as KeyObject), Buffer.from(value, 'base64'));
  };
}

const pick = <Value>(all: Record<string, Value>, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));

/** Leaves `signature` with the algorithms of this table and no others. Keys given to it must be KeyObjects. */
export function restrictAlgorithms(signature: SignedXml): SignedXml {
  signature.HashAlgorithms = Object.fromEntries([...DIGESTS].map(([uri, hash]) => [uri, hashClass(uri, hash)]));
  signature.SignatureAlgorithms = Object.fromEntries(
    [...SIGNATURES].map(([uri, algorithm]) => [uri, signatureClass(uri, algorithm)]),
  );
  signature.CanonicalizationAlgorithms = pick(signature.CanonicalizationAlgorithms, [
    ENVELOPED_SIGNATURE,
    ...CANONICALIZATIONS,
  ]);
  return signature;
}
