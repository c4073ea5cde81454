// Every check of the web browser SSO profile that needs no key (profiles 4.1.4.2, 4.1.4.3; core 2.4, 2.5, 2.7, 3.2).
// Pure. All checks are made even when one fails, so that an administrator sees everything that is wrong at once. They
// are run on what the signature covers; run on anything else their result is only an explanation.

import { type Check, compared, shortened } from '../checks.ts';
import { readInstant, secondsAfter } from '../instant.ts';
import { ASSERTION, ENTITY_FORMAT, STATUS } from '../names.ts';
import { childNamed, childrenNamed, type XmlElement } from '../xml/tree.ts';
import { confirmationChecks } from './confirmation.ts';
import { CLOCK_SKEW_SECONDS, type ResponseExpectations } from './expectations.ts';
import { statusCodes, statusSentence } from './status.ts';
import { readSubject } from './subject.ts';
import { timesCheck, withinTimes } from './times.ts';

export interface Received {
  readonly response: XmlElement;
  readonly assertion: XmlElement;
  readonly responseSigned: boolean;
}

export function profileChecks(received: Received, expected: ResponseExpectations): Check[] {
  const { response, assertion } = received;
  return [
    versionCheck(response, assertion),
    statusCheck(response),
    responseIssuerCheck(received, expected),
    issuerCheck('assertion-issuer', assertion, expected),
    destinationCheck(received, expected),
    ...confirmationChecks(response, assertion, expected),
    audienceCheck(assertion, expected),
    clockCheck(assertion, expected),
    sessionCheck(assertion, expected),
    nameIdCheck(assertion),
    authnStatementCheck(assertion, expected),
    attributesCheck(assertion, expected),
  ];
}

function versionCheck(response: XmlElement, assertion: XmlElement): Check {
  const versions = new Set([response, assertion].map(({ attributes }) => attributes.get('Version') ?? '(none)'));
  return compared('version', 'The SAML version', '2.0', [...versions].join(' and '));
}

function statusCheck(response: XmlElement): Check {
  const received = statusCodes(response)[0] ?? '(none)';
  const ok = received === STATUS.success;
  const sentence = ok ? 'The identity provider reports success.' : statusSentence(response);
  return { check: 'status', ok, sentence, expected: STATUS.success, ...shortened({ received }) };
}

/** The issuer of a response may be left out only where the response itself is not signed (profiles 4.1.4.2). */
function responseIssuerCheck({ response, responseSigned }: Received, expected: ResponseExpectations): Check {
  if (!responseSigned && !childNamed(response, ASSERTION, 'Issuer')) {
    return {
      check: 'response-issuer',
      ok: true,
      sentence: 'The response names no issuer of its own; its assertion does.',
    };
  }
  return issuerCheck('response-issuer', response, expected);
}

function issuerCheck(
  check: 'response-issuer' | 'assertion-issuer',
  parent: XmlElement,
  expected: ResponseExpectations,
): Check {
  const issuer = childNamed(parent, ASSERTION, 'Issuer');
  const format = issuer?.attributes.get('Format') ?? ENTITY_FORMAT;
  if (format !== ENTITY_FORMAT) return compared(check, 'The format of the issuer', ENTITY_FORMAT, format);
  return compared(check, `The issuer of the ${parent.local.toLowerCase()}`, expected.identityProvider, issuer?.text);
}

/** Destination is optional, but a signed response delivered by browser must carry it (bindings 3.5.5.2). */
function destinationCheck({ response, responseSigned }: Received, { acsUrl }: ResponseExpectations): Check {
  const destination = response.attributes.get('Destination');
  if (destination === undefined && !responseSigned) {
    return {
      check: 'destination',
      ok: true,
      sentence: 'The response names no destination and is not signed; the recipient counts.',
    };
  }
  return compared('destination', 'The destination of the response', acsUrl, destination);
}

const UNDERSTOOD_CONDITIONS = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'];

function audienceCheck(assertion: XmlElement, { serviceProvider }: ResponseExpectations): Check {
  const conditions = childNamed(assertion, ASSERTION, 'Conditions');
  const unknown = conditions?.children.find(
    ({ namespace, local }) => namespace !== ASSERTION || !UNDERSTOOD_CONDITIONS.includes(local),
  );
  if (unknown) {
    // Core 2.5.1.1: an assertion with a condition that is not understood must not be relied on.
    const sentence = 'The assertion sets a condition that is not understood here.';
    return { check: 'audience', ok: false, sentence, ...shortened({ received: unknown.local }) };
  }
  const restrictions = conditions ? childrenNamed(conditions, ASSERTION, 'AudienceRestriction') : [];
  const audiences = restrictions.map((each) => childrenNamed(each, ASSERTION, 'Audience').map(({ text }) => text));
  const ok = audiences.length > 0 && audiences.every((restriction) => restriction.includes(serviceProvider));
  const received = ok ? serviceProvider : audiences.flat().join(' ') || undefined;
  return compared(
    'audience',
    'The audience',
    serviceProvider,
    ok || received !== serviceProvider ? received : '(not in all)',
  );
}

function clockCheck(assertion: XmlElement, { now }: ResponseExpectations): Check {
  const conditions = childNamed(assertion, ASSERTION, 'Conditions');
  const ok = conditions !== undefined && withinTimes(conditions, now);
  return timesCheck('clock', 'the assertion', { ok, element: conditions, now });
}

function sessionCheck(assertion: XmlElement, { now }: ResponseExpectations): Check {
  const ends = childrenNamed(assertion, ASSERTION, 'AuthnStatement').flatMap(
    ({ attributes }) => attributes.get('SessionNotOnOrAfter') ?? [],
  );
  const over = ends.find((text) => {
    const end = readInstant(text);
    return !end || now >= secondsAfter(end, CLOCK_SKEW_SECONDS);
  });
  if (over === undefined)
    return { check: 'session', ok: true, sentence: 'The session at the identity provider has not ended.' };
  const sentence = 'The session at the identity provider has ended, or its end cannot be read.';
  return { check: 'session', ok: false, sentence, ...shortened({ expected: now.toISOString(), received: over }) };
}

function nameIdCheck(assertion: XmlElement): Check {
  const { nameId } = readSubject(assertion);
  if (nameId !== undefined)
    return { check: 'name-id', ok: true, sentence: 'The subject has a NameID.', ...shortened({ received: nameId }) };
  return { check: 'name-id', ok: false, sentence: 'The subject has no NameID of 1 to 256 characters of plain text.' };
}

function authnStatementCheck(assertion: XmlElement, { now }: ResponseExpectations): Check {
  const statements = childrenNamed(assertion, ASSERTION, 'AuthnStatement');
  const early = statements.find(({ attributes }) => {
    const instant = readInstant(attributes.get('AuthnInstant'));
    return !instant || instant > secondsAfter(now, CLOCK_SKEW_SECONDS);
  });
  if (statements.length > 0 && !early) {
    return { check: 'authn-statement', ok: true, sentence: 'The assertion says when the person signed in.' };
  }
  const sentence = early
    ? 'The assertion says that the person signed in at a time that is not readable or in the future.'
    : 'The assertion does not say that the person signed in.';
  return { check: 'authn-statement', ok: false, sentence };
}

function attributesCheck(assertion: XmlElement, { requiredAttributes = [] }: ResponseExpectations): Check {
  const names = readSubject(assertion).attributes.map(({ name }) => name);
  const missing = requiredAttributes.filter((name) => !names.includes(name));
  const ok = missing.length === 0;
  return {
    check: 'attributes',
    ok,
    sentence: ok
      ? `The assertion carries ${names.length} attributes.`
      : `Attributes are missing: ${missing.join(', ')}.`,
    ...(ok ? {} : { expected: requiredAttributes.join(', ') }),
    ...shortened({ received: names.join(', ') || '(none)' }),
  };
}
