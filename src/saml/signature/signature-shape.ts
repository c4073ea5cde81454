// The only shape of ds:Signature that is let through to cryptography (core 5.4, xmldsig-core 4). Pure.
// A signature is a small program for the verifier. Here it may say one thing: the digest of the element that
// contains me, enveloped and exclusively canonicalized, signed with one of the listed algorithms.

import { Refusal } from '../checks.ts';
import { XMLDSIG } from '../names.ts';
import { isNamed, type XmlElement } from '../xml/tree.ts';
import {
  CANONICALIZATIONS,
  DIGESTS,
  EMPTY_DIGESTS,
  ENVELOPED_SIGNATURE,
  EXCLUSIVE_C14N,
  SIGNATURES,
} from './algorithms.ts';

const SIGNABLE_ID = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const BASE64_TEXT = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Refuses `signature` unless it has that one shape and covers `parent`.
 * Throws Refusal: `signature-shape`, `transforms`, `algorithm`, `digest`, `ids`.
 */
export function checkSignatureShape(signature: XmlElement, parent: XmlElement): void {
  const [signedInfo, signatureValue, keyInfo] = signature.children;
  // KeyInfo may hold anything: nothing reads it, only pinned certificates count.
  exactChildren(signature, keyInfo ? ['SignedInfo', 'SignatureValue', 'KeyInfo'] : ['SignedInfo', 'SignatureValue']);
  exactAttributes(signature, ['Id']);
  exactChildren(signedInfo!, ['CanonicalizationMethod', 'SignatureMethod', 'Reference']);
  exactAttributes(signedInfo!, ['Id']);
  exactAttributes(signatureValue!, ['Id']);
  base64Text(signatureValue!, 'signature-shape');
  const [canonicalization, method, reference] = signedInfo!.children;
  checkCanonicalization(canonicalization!);
  exactChildren(method!, []);
  allowedAlgorithm(method!, [...SIGNATURES.keys()]);
  checkReference(reference!, parent);
}

function checkReference(reference: XmlElement, parent: XmlElement): void {
  exactChildren(reference, ['Transforms', 'DigestMethod', 'DigestValue']);
  exactAttributes(reference, ['Id', 'URI', 'Type']);
  const id = parent.attributes.get('ID') ?? '';
  const uri = reference.attributes.get('URI') ?? '';
  if (!SIGNABLE_ID.test(id))
    throw new Refusal('ids', 'The signed element has no ID that can be referred to.', { received: id });
  if (uri !== `#${id}`) {
    throw new Refusal('signature-shape', 'The signature refers to something other than the element it stands in.', {
      expected: `#${id}`,
      received: uri,
    });
  }
  const [transforms, digestMethod, digestValue] = reference.children;
  checkTransforms(transforms!);
  exactChildren(digestMethod!, []);
  allowedAlgorithm(digestMethod!, [...DIGESTS.keys()]);
  exactAttributes(digestValue!, []);
  base64Text(digestValue!, 'digest');
  const digest = digestValue!.text.replace(/\s/g, '');
  if (EMPTY_DIGESTS.includes(digest))
    throw new Refusal('digest', 'The digest is that of nothing.', { received: digest });
}

function checkTransforms(transforms: XmlElement): void {
  const algorithms = transforms.children.map(({ attributes }) => attributes.get('Algorithm') ?? '');
  const [enveloped = '', canonicalization = ''] = algorithms;
  const legal =
    transforms.children.length === 2 &&
    enveloped === ENVELOPED_SIGNATURE &&
    CANONICALIZATIONS.includes(canonicalization);
  if (!legal) {
    throw new Refusal('transforms', 'The transforms must be enveloped-signature and then exclusive canonicalization.', {
      expected: `${ENVELOPED_SIGNATURE} ${EXCLUSIVE_C14N}`,
      received: algorithms.slice(0, 4).join(' '),
    });
  }
  exactChildren(transforms, ['Transform', 'Transform']);
  exactChildren(transforms.children[0]!, []);
  exactAttributes(transforms.children[0]!, ['Algorithm']);
  checkCanonicalization(transforms.children[1]!);
}

/** Exclusive canonicalization may carry InclusiveNamespaces/@PrefixList and nothing else. */
function checkCanonicalization(method: XmlElement): void {
  allowedAlgorithm(method, CANONICALIZATIONS);
  const [inclusive, ...more] = method.children;
  if (!inclusive) return;
  if (more.length > 0 || !isNamed(inclusive, EXCLUSIVE_C14N, 'InclusiveNamespaces') || inclusive.children.length > 0) {
    throw new Refusal('signature-shape', 'The canonicalization has a parameter that is not a list of prefixes.');
  }
  exactAttributes(inclusive, ['PrefixList']);
}

function allowedAlgorithm(method: XmlElement, allowed: readonly string[]): void {
  exactAttributes(method, ['Algorithm']);
  const received = method.attributes.get('Algorithm') ?? '';
  if (!allowed.includes(received)) {
    throw new Refusal('algorithm', `The algorithm of ${method.local} is not accepted.`, {
      expected: allowed.join(' '),
      received,
    });
  }
}

function exactChildren(element: XmlElement, locals: readonly string[]): void {
  const same =
    element.children.length === locals.length &&
    locals.every((local, index) => isNamed(element.children[index]!, XMLDSIG, local));
  if (same) return;
  throw new Refusal('signature-shape', `${element.local} must hold exactly: ${locals.join(', ') || 'no elements'}.`, {
    received: element.children.map(({ local }) => local).join(', '),
  });
}

/** Prefixed attributes count as foreign: a verifier that looks at local names only would read them as ours. */
function exactAttributes(element: XmlElement, names: readonly string[]): void {
  const foreign = element.allAttributes.find(({ name }) => !names.includes(name));
  if (foreign) {
    throw new Refusal('signature-shape', `${element.local} has an attribute that has no place there.`, {
      received: foreign.name,
    });
  }
}

function base64Text(element: XmlElement, check: 'digest' | 'signature-shape'): void {
  if (element.children.length > 0 || !BASE64_TEXT.test(element.text)) {
    throw new Refusal(check, `${element.local} must hold base64 and nothing else.`, { received: element.text });
  }
}
