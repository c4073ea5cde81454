// The service provider's verdict on a SAML response: gate, signature, web SSO profile, in that order (profiles 4.1.4).
// Talks to: node:crypto, through xml-crypto. No clock, no store: time, keys and the open request are arguments.
// Not done here, because it needs memory: using each request and each assertion ID once (the caller's store).

import { type Check, failed, Refusal, refusalOf } from '../checks.ts';
import { readInstant, secondsAfter } from '../instant.ts';
import { ASSERTION } from '../names.ts';
import { pinnedKeys } from '../signature/certificate.ts';
import { verifySignedPart } from '../signature/xml-signature.ts';
import { childNamed, childrenNamed, type XmlElement } from '../xml/tree.ts';
import { bearerConfirmations } from './confirmation.ts';
import { CLOCK_SKEW_SECONDS, type ResponseExpectations } from './expectations.ts';
import { type GatedResponse, gate } from './gate.ts';
import { profileChecks, type Received } from './profile.ts';
import { readSubject, type SamlAttribute } from './subject.ts';

export interface AcceptedResponse {
  readonly ok: true;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly attributes: readonly SamlAttribute[];
  readonly sessionIndex: string | undefined;
  /** Accept it once: remember it until `notOnOrAfter`. */
  readonly assertionId: string;
  /** From here on (skew included) this response would be refused for its age alone. */
  readonly notOnOrAfter: Date;
  /** When the identity provider wants our session over at the latest. */
  readonly sessionNotOnOrAfter: Date | undefined;
  readonly checks: readonly Check[];
}

export interface RefusedResponse {
  readonly ok: false;
  /** Every reason that could be known, never empty. For the tenant's log, not for the browser. */
  readonly reasons: readonly Check[];
  /** All checks that were made; those after a failed signature were made on unverified content and only explain. */
  readonly checks: readonly Check[];
}

/**
 * Judges the `SAMLResponse` form field of the HTTP-POST binding. Never throws.
 * A response, its assertion, or both may be signed; every signature present must hold, and only signed octets are used.
 */
export function verifyResponse(
  samlResponse: string,
  expected: ResponseExpectations,
): AcceptedResponse | RefusedResponse {
  try {
    return judge(samlResponse, expected);
  } catch (error) {
    return refused([refusalOf(error)]);
  }
}

const refused = (checks: readonly Check[]): RefusedResponse => ({ ok: false, reasons: failed(checks), checks });

function judge(samlResponse: string, expected: ResponseExpectations): AcceptedResponse | RefusedResponse {
  const gated = gate(samlResponse);
  const passed: Check = { check: 'structure', ok: true, sentence: 'The response is well-formed and unambiguous.' };
  const verified = verifySignatures(gated, expected.certificates);
  if (!('assertion' in verified)) {
    const { unverifiedResponse, unverifiedAssertion, signed } = gated;
    const unverified = {
      response: unverifiedResponse,
      assertion: unverifiedAssertion,
      responseSigned: signed.response,
    };
    return refused([passed, verified, ...profileChecks(unverified, expected)]);
  }
  const signature: Check = {
    check: 'signature',
    ok: true,
    sentence: `The signature of the ${signedParts(gated)} holds.`,
  };
  const checks = [passed, signature, ...profileChecks(verified, expected)];
  return failed(checks).length > 0 ? refused(checks) : accepted(verified.assertion, checks);
}

const signedParts = ({ signed }: GatedResponse): string =>
  [signed.response && 'response', signed.assertion && 'assertion'].filter(Boolean).join(' and of the ');

/**
 * What the signatures cover, or the check that failed. Where only the assertion is signed, `response` stays as it came:
 * its values are compared and can only lead to refusal, none of them is handed on.
 */
function verifySignatures(gated: GatedResponse, certificates: readonly string[]): Received | Check {
  const { unverifiedXml, unverifiedResponse, signed } = gated;
  try {
    const keys = pinnedKeys(certificates);
    const response = signed.response ? verifySignedPart(unverifiedXml, 'Response', keys) : unverifiedResponse;
    const assertion = signed.assertion
      ? verifySignedPart(unverifiedXml, 'Assertion', keys)
      : signed.response && childNamed(response, ASSERTION, 'Assertion');
    if (!assertion) throw new Refusal('signature', 'The signature covers no assertion.');
    return { response, assertion, responseSigned: signed.response };
  } catch (error) {
    return error instanceof Refusal
      ? error.reason
      : { check: 'signature', ok: false, sentence: 'The signature could not be verified.' };
  }
}

function accepted(assertion: XmlElement, checks: readonly Check[]): AcceptedResponse | RefusedResponse {
  const { nameId, nameIdFormat, attributes, sessionIndex } = readSubject(assertion);
  const assertionId = assertion.attributes.get('ID');
  const notOnOrAfter = lastMoment(assertion);
  if (nameId === undefined || !assertionId || !notOnOrAfter) {
    throw new Refusal('structure', 'The assertion is incomplete.');
  }
  return {
    ok: true,
    nameId,
    nameIdFormat,
    attributes,
    sessionIndex,
    assertionId,
    notOnOrAfter,
    sessionNotOnOrAfter: endOfSession(assertion),
    checks,
  };
}

/** The latest end among the confirmations, or the end of the conditions when that comes first; widened by the skew. */
function lastMoment(assertion: XmlElement): Date | undefined {
  const instant = (element: XmlElement | undefined) => readInstant(element?.attributes.get('NotOnOrAfter'))?.getTime();
  const confirmations = bearerConfirmations(assertion).flatMap((data) => instant(data) ?? []);
  if (confirmations.length === 0) return undefined;
  const conditions = instant(childNamed(assertion, ASSERTION, 'Conditions')) ?? Number.POSITIVE_INFINITY;
  return secondsAfter(new Date(Math.min(Math.max(...confirmations), conditions)), CLOCK_SKEW_SECONDS);
}

/** The earliest SessionNotOnOrAfter of all AuthnStatements. */
function endOfSession(assertion: XmlElement): Date | undefined {
  const ends = childrenNamed(assertion, ASSERTION, 'AuthnStatement').flatMap(
    ({ attributes }) => readInstant(attributes.get('SessionNotOnOrAfter')) ?? [],
  );
  return ends.sort((one, other) => one.getTime() - other.getTime())[0];
}
