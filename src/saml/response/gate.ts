// The gate in front of every SAML response: all that can be refused without a key is refused here, in one linear pass
// and before any DOM exists (core 3.2, 5.4; web SSO profile 4.1.4). Pure.
// What comes out is well-formed and unambiguous, and still unverified: nothing in it may be believed.

import { decodePostMessage } from '../binding/message-encoding.ts';
import { Refusal } from '../checks.ts';
import { ASSERTION, PROTOCOL, STATUS, XMLDSIG } from '../names.ts';
import { checkSignatureShape } from '../signature/signature-shape.ts';
import { readXml } from '../xml/reader.ts';
import { childNamed, childrenNamed, descendants, isNamed, type XmlElement } from '../xml/tree.ts';
import { statusCodes, statusSentence } from './status.ts';

export interface GatedResponse {
  readonly unverifiedXml: string;
  readonly unverifiedResponse: XmlElement;
  readonly unverifiedAssertion: XmlElement;
  /** Where signatures stand that have the permitted shape. At least one is true. */
  readonly signed: { readonly response: boolean; readonly assertion: boolean };
}

/**
 * Reads the SAMLResponse form field as far as it can be read without a key.
 * Throws Refusal with the first thing that is wrong: size, base64, UTF-8, markup, budgets, structure, ids,
 * the count of assertions, the shape and algorithms of signatures.
 */
export function gate(samlResponse: string): GatedResponse {
  const unverifiedXml = decodePostMessage(samlResponse);
  const unverifiedResponse = readXml(unverifiedXml);
  if (!isNamed(unverifiedResponse, PROTOCOL, 'Response')) {
    throw new Refusal('structure', 'The message is not a SAML response.', {
      expected: `{${PROTOCOL}}Response`,
      received: `{${unverifiedResponse.namespace}}${unverifiedResponse.local}`,
    });
  }
  refuseBorrowedNames(unverifiedResponse);
  checkIds(unverifiedResponse);
  const unverifiedAssertion = onlyAssertion(unverifiedResponse);
  refuseRepeats(unverifiedResponse, unverifiedAssertion);
  const signed = checkSignatures(unverifiedResponse, unverifiedAssertion);
  return { unverifiedXml, unverifiedResponse, unverifiedAssertion, signed };
}

const HOME_OF: ReadonlyMap<string, string> = new Map([
  ...['Response', 'Status', 'StatusCode'].map((local) => [local, PROTOCOL] as const),
  ...['Assertion', 'EncryptedAssertion', 'Issuer', 'Subject', 'NameID', 'SubjectConfirmation'].map(
    (local) => [local, ASSERTION] as const,
  ),
  ...['Conditions', 'AudienceRestriction', 'AuthnStatement', 'AttributeStatement'].map(
    (local) => [local, ASSERTION] as const,
  ),
  ...['Signature', 'SignedInfo', 'SignatureValue'].map((local) => [local, XMLDSIG] as const),
]);

/** A SAML name in a foreign namespace has no honest use in a response; a careless reader would take it for ours. */
function refuseBorrowedNames(root: XmlElement): void {
  for (const { local, namespace } of descendants(root)) {
    const home = HOME_OF.get(local);
    if (home !== undefined && home !== namespace) {
      throw new Refusal('structure', `${local} appears in a foreign namespace.`, {
        expected: home,
        received: namespace,
      });
    }
  }
}

/**
 * Every ID once. `Id` is the spelling of XML Signature, `ID` that of SAML; every other spelling, and every prefix
 * (xml:id), is refused, so that no two readers can disagree about which element a reference means.
 */
function checkIds(root: XmlElement): void {
  const seen = new Set<string>();
  for (const { namespace, allAttributes } of descendants(root)) {
    const spelling = namespace === PROTOCOL || namespace === ASSERTION ? 'ID' : 'Id';
    for (const { name, local, value } of allAttributes) {
      if (local.toLowerCase() !== 'id') continue;
      if (name !== spelling) {
        throw new Refusal('ids', 'An attribute imitates an ID.', { expected: spelling, received: name });
      }
      if (seen.has(value)) throw new Refusal('ids', 'Two elements have the same ID.', { received: value });
      seen.add(value);
    }
  }
}

function onlyAssertion(response: XmlElement): XmlElement {
  const all = [...descendants(response)].filter(({ namespace }) => namespace === ASSERTION);
  const assertions = all.filter(({ local }) => local === 'Assertion');
  if (all.some(({ local }) => local === 'EncryptedAssertion')) {
    throw new Refusal('assertion-count', 'The assertion is encrypted. Turn encryption off at the identity provider.');
  }
  if (assertions.length === 0 && statusCodes(response)[0] !== STATUS.success) {
    throw new Refusal('status', statusSentence(response), {
      expected: STATUS.success,
      received: statusCodes(response).join(' '),
    });
  }
  const [assertion] = childrenNamed(response, ASSERTION, 'Assertion');
  if (assertions.length !== 1 || !assertion) {
    throw new Refusal('assertion-count', 'A response must hold exactly one assertion, directly inside it.', {
      expected: '1',
      received: String(assertions.length),
    });
  }
  return assertion;
}

/** Elements of which the schemas allow one: a second one would make "the" issuer or subject a matter of taste. */
function refuseRepeats(response: XmlElement, assertion: XmlElement): void {
  const single: [XmlElement, string, string[]][] = [
    [response, PROTOCOL, ['Status', 'Extensions']],
    [response, ASSERTION, ['Issuer']],
    [assertion, ASSERTION, ['Issuer', 'Subject', 'Conditions', 'Advice']],
  ];
  const subject = childNamed(assertion, ASSERTION, 'Subject');
  const status = childNamed(response, PROTOCOL, 'Status');
  if (subject) single.push([subject, ASSERTION, ['NameID', 'EncryptedID', 'BaseID']]);
  if (status) single.push([status, PROTOCOL, ['StatusCode']]);
  for (const [parent, namespace, locals] of single) {
    for (const local of locals) {
      if (childrenNamed(parent, namespace, local).length <= 1) continue;
      throw new Refusal('structure', `${parent.local} holds more than one ${local}.`);
    }
  }
}

function checkSignatures(response: XmlElement, assertion: XmlElement): GatedResponse['signed'] {
  const ofResponse = childrenNamed(response, XMLDSIG, 'Signature');
  const ofAssertion = childrenNamed(assertion, XMLDSIG, 'Signature');
  const everywhere = [...descendants(response)].filter((element) => isNamed(element, XMLDSIG, 'Signature'));
  if (ofResponse.length > 1 || ofAssertion.length > 1 || everywhere.length > ofResponse.length + ofAssertion.length) {
    throw new Refusal('signature-shape', 'A signature must stand directly in the element it signs, one in each.');
  }
  if (everywhere.length === 0) throw new Refusal('signature', 'Neither the response nor its assertion is signed.');
  for (const signature of ofResponse) checkSignatureShape(signature, response);
  for (const signature of ofAssertion) checkSignatureShape(signature, assertion);
  return { response: ofResponse.length === 1, assertion: ofAssertion.length === 1 };
}
