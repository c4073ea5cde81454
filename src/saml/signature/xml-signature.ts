// XML signatures by xml-crypto: verifying against pinned keys, and signing. Talks to: node:crypto, through xml-crypto.
// Verification hands back the parsed signed octets, never a node of the document that arrived: what was not signed
// cannot be read by mistake. KeyInfo is ignored, and everything thrown is a refusal.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { Refusal } from '../checks.ts';
import { ASSERTION, PROTOCOL, XMLDSIG } from '../names.ts';
import { readXml } from '../xml/reader.ts';
import { isNamed, type XmlElement } from '../xml/tree.ts';
import { ENVELOPED_SIGNATURE, EXCLUSIVE_C14N, RSA_SHA256, restrictAlgorithms, SHA256 } from './algorithms.ts';

export type SignedPart = 'Response' | 'Assertion';

const NAMESPACE_OF = { Response: PROTOCOL, Assertion: ASSERTION } as const;

/**
 * The element `part` as its signature covers it, read from the signed octets.
 * `unverifiedXml` must have passed the gate. Throws Refusal `signature`.
 */
export function verifySignedPart(unverifiedXml: string, part: SignedPart, keys: readonly KeyObject[]): XmlElement {
  let signedOctets: string | undefined;
  for (const key of keys) signedOctets ??= verifyWith(unverifiedXml, part, key);
  if (signedOctets === undefined) {
    throw new Refusal('signature', `The signature of the ${part} does not match any certificate of this connection.`);
  }
  const verified = readXml(signedOctets);
  if (!isNamed(verified, NAMESPACE_OF[part], part)) {
    throw new Refusal('signature', `The signature covers something other than the ${part}.`, {
      received: verified.local,
    });
  }
  return verified;
}

function verifyWith(unverifiedXml: string, part: SignedPart, publicCert: KeyObject): string | undefined {
  const signature = restrictAlgorithms(new SignedXml({ publicCert, getCertFromKeyInfo: () => null }));
  let valid: boolean;
  try {
    signature.loadSignature(signatureNode(unverifiedXml, part));
    valid = signature.checkSignature(unverifiedXml);
  } catch {
    return undefined;
  }
  if (!valid) throw new Refusal('signature', `The ${part} was changed after it was signed.`);
  const [octets, ...more] = signature.getSignedReferences();
  if (!octets || more.length > 0)
    throw new Refusal('signature', 'The signature covers nothing, or more than one thing.');
  return octets;
}

function signatureNode(unverifiedXml: string, part: SignedPart): Element {
  const response = new DOMParser({ onError: onErrorStopParsing }).parseFromString(unverifiedXml, 'text/xml')
    .documentElement!;
  const parent = part === 'Response' ? response : childOf(response, ASSERTION, 'Assertion');
  return childOf(parent, XMLDSIG, 'Signature');
}

function childOf(parent: Element, namespace: string, local: string): Element {
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    const { namespaceURI, localName } = child as Element;
    if (namespaceURI === namespace && localName === local) return child as Element;
  }
  throw new Refusal('signature', `${parent.localName} holds no ${local}.`);
}

/** What our identity provider signs with: the private key and the certificate that its metadata publishes, both PEM. */
export interface SigningKey {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/**
 * `xml` with `part` signed (RSA-SHA256, exclusive canonicalization), the signature after its Issuer as the schema
 * wants.
 */
export function signPart(xml: string, part: SignedPart, key: SigningKey): string {
  const named = (local: string, namespace: string) => `*[local-name(.)='${local}' and namespace-uri(.)='${namespace}']`;
  const xpath = part === 'Response' ? '/*' : `/*/${named('Assertion', ASSERTION)}`;
  const signature = restrictAlgorithms(
    new SignedXml({
      privateKey: createPrivateKey(key.privateKeyPem),
      publicCert: key.certificatePem,
      signatureAlgorithm: RSA_SHA256,
      canonicalizationAlgorithm: EXCLUSIVE_C14N,
    }),
  );
  signature.addReference({ xpath, digestAlgorithm: SHA256, transforms: [ENVELOPED_SIGNATURE, EXCLUSIVE_C14N] });
  const location = { reference: `${xpath}/${named('Issuer', ASSERTION)}`, action: 'after' } as const;
  signature.computeSignature(xml, { prefix: 'ds', location });
  return signature.getSignedXml();
}
