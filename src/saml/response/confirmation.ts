// SubjectConfirmation: the proof that this response was meant for this browser, here, now (profiles 4.1.4.2, 3.3).
// Pure. Only bearer counts. Of several bearer confirmations one must pass whole: parts of two never add up.

import { type Check, compared, failed, shortened } from '../checks.ts';
import { ASSERTION, BEARER } from '../names.ts';
import { childNamed, childrenNamed, type XmlElement } from '../xml/tree.ts';
import type { ResponseExpectations } from './expectations.ts';
import { timesCheck, withinTimes } from './times.ts';

/** The checks `in-response-to`, `confirmation` and `recipient`, for the bearer confirmation that does best. */
export function confirmationChecks(
  response: XmlElement,
  assertion: XmlElement,
  expected: ResponseExpectations,
): Check[] {
  const outer = inResponseToCheck(response, expected);
  const attempts = bearerConfirmations(assertion).map((data) => [
    outer.ok ? inResponseToCheck(data, expected) : outer,
    confirmationCheck(data, expected),
    compared('recipient', 'The recipient', expected.acsUrl, data.attributes.get('Recipient')),
  ]);
  attempts.sort((one, other) => failed(one).length - failed(other).length);
  return (
    attempts[0] ?? [outer, noBearer(assertion), compared('recipient', 'The recipient', expected.acsUrl, undefined)]
  );
}

/** SubjectConfirmationData of every bearer confirmation that has one. */
export function bearerConfirmations(assertion: XmlElement): XmlElement[] {
  const subject = childNamed(assertion, ASSERTION, 'Subject');
  const confirmations = subject ? childrenNamed(subject, ASSERTION, 'SubjectConfirmation') : [];
  return confirmations
    .filter(({ attributes }) => attributes.get('Method') === BEARER)
    .flatMap((confirmation) => childNamed(confirmation, ASSERTION, 'SubjectConfirmationData') ?? []);
}

function noBearer(assertion: XmlElement): Check {
  const subject = childNamed(assertion, ASSERTION, 'Subject');
  const methods =
    subject &&
    childrenNamed(subject, ASSERTION, 'SubjectConfirmation').map(({ attributes }) => attributes.get('Method'));
  return {
    check: 'confirmation',
    ok: false,
    sentence: 'The subject has no bearer confirmation with data.',
    ...shortened({ expected: BEARER, received: methods?.join(' ') || '(none)' }),
  };
}

function inResponseToCheck({ attributes }: XmlElement, { requestId }: ResponseExpectations): Check {
  if (requestId !== undefined) {
    return compared('in-response-to', 'The request that is answered', requestId, attributes.get('InResponseTo'));
  }
  return {
    check: 'in-response-to',
    ok: false,
    sentence: 'This browser has no open sign-in request, so the response was not asked for.',
    ...shortened({ expected: '(none)', received: attributes.get('InResponseTo') ?? '(none)' }),
  };
}

function confirmationCheck(data: XmlElement, { now }: ResponseExpectations): Check {
  const refuse = (sentence: string, received: string): Check => ({
    check: 'confirmation',
    ok: false,
    sentence,
    ...shortened({ received }),
  });
  const notBefore = data.attributes.get('NotBefore');
  if (notBefore !== undefined) return refuse('A bearer confirmation must not have a NotBefore.', notBefore);
  if (!data.attributes.has('NotOnOrAfter'))
    return refuse('A bearer confirmation must say until when it counts.', '(none)');
  return timesCheck('confirmation', 'the bearer confirmation', { ok: withinTimes(data, now), element: data, now });
}
