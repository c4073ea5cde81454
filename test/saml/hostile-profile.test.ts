// S15-S21, S23, S24, S36: rightly signed responses that say the wrong thing. Each row is bent before it is signed, in
// all three shapes, and must be refused for exactly the reasons named.

import { describe, expect, it } from 'vitest';
import type { CheckName } from '../../src/saml/checks.ts';
import type { ResponseExpectations } from '../../src/saml/response/expectations.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { edit, editFirst, SHAPES, signedAfter } from './documents.ts';
import { ACS, encode, expected, IDP, REQUEST_ID, SP } from './identities.ts';
import { expectRefused } from './refusals.ts';

const replace = (from: string | RegExp, to: string) => (xml: string) => edit(xml, from, to);
const first = (from: string, to: string) => (xml: string) => editFirst(xml, from, to);
const inData = (from: string, to: string) =>
  first(`<saml:SubjectConfirmationData ${from}`, `<saml:SubjectConfirmationData ${to}`);
const DATA_START = 'NotOnOrAfter="2026-11-25T10:05:00Z"';
const CONFIRMATION = /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/;
const BEARER = 'cm:bearer"';

const ROWS: [string, CheckName[], (xml: string) => string][] = [
  ['S15 no Recipient', ['recipient'], replace(` Recipient="${ACS}"`, '')],
  ['S15 another Recipient', ['recipient'], replace(`Recipient="${ACS}"`, 'Recipient="https://evil.example/acs"')],
  [
    'S15 a Recipient in other letters',
    ['recipient'],
    replace(`Recipient="${ACS}"`, `Recipient="${ACS.toUpperCase()}"`),
  ],
  [
    'S15 a Recipient that begins like ours',
    ['recipient'],
    replace(`Recipient="${ACS}"`, `Recipient="${ACS}/../other"`),
  ],
  [
    'S16 another Destination',
    ['destination'],
    replace(`Destination="${ACS}"`, 'Destination="https://evil.example/acs"'),
  ],
  ['S16 an empty Destination', ['destination'], replace(`Destination="${ACS}"`, 'Destination=""')],
  ['S17 another Audience', ['audience'], replace(`<saml:Audience>${SP}<`, '<saml:Audience>https://other.example<')],
  ['S17 an Audience with white space', ['audience'], replace(`<saml:Audience>${SP}<`, `<saml:Audience> ${SP}<`)],
  ['S17 no AudienceRestriction', ['audience'], replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '')],
  ['S17 an empty AudienceRestriction', ['audience'], replace(/<saml:Audience>.*<\/saml:Audience>/, '')],
  [
    'S17 a second AudienceRestriction without us',
    ['audience'],
    replace(
      '</saml:Conditions>',
      '<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
    ),
  ],
  ['S17 no Conditions', ['audience', 'clock'], replace(/<saml:Conditions.*<\/saml:Conditions>/, '')],
  [
    'S17 a condition nobody understands',
    ['audience'],
    replace('</saml:Conditions>', '<saml:Condition/></saml:Conditions>'),
  ],
  [
    'S17 a condition in a foreign namespace',
    ['audience'],
    replace('</saml:Conditions>', '<x:OneTimeUse xmlns:x="urn:x"/></saml:Conditions>'),
  ],
  [
    'S18 a NotBefore without time zone',
    ['clock'],
    replace('NotBefore="2026-11-25T10:00:00Z"', 'NotBefore="2026-11-25T10:00:00"'),
  ],
  [
    'S18 a NotOnOrAfter that is a date',
    ['clock'],
    replace(
      '<saml:Conditions NotBefore="2026-11-25T10:00:00Z" NotOnOrAfter="2026-11-25T10:05:00Z">',
      '<saml:Conditions NotOnOrAfter="2026-11-26">',
    ),
  ],
  [
    'S18 an empty NotOnOrAfter',
    ['clock'],
    replace(
      '<saml:Conditions NotBefore="2026-11-25T10:00:00Z" NotOnOrAfter="2026-11-25T10:05:00Z">',
      '<saml:Conditions NotOnOrAfter="">',
    ),
  ],
  [
    'S18 the 31st of February',
    ['clock'],
    replace('NotBefore="2026-11-25T10:00:00Z"', 'NotBefore="2026-02-31T10:00:00Z"'),
  ],
  [
    'S18 a session that has ended',
    ['session'],
    replace('SessionNotOnOrAfter="2026-11-25T18:00:00Z"', 'SessionNotOnOrAfter="2026-11-25T09:59:00Z"'),
  ],
  [
    'S18 an unreadable end of the session',
    ['session'],
    replace('SessionNotOnOrAfter="2026-11-25T18:00:00Z"', 'SessionNotOnOrAfter="tomorrow"'),
  ],
  [
    'S19 another issuer of the response',
    ['response-issuer'],
    first(`<saml:Issuer>${IDP}<`, '<saml:Issuer>https://evil.example<'),
  ],
  [
    'S19 another issuer of the assertion',
    ['assertion-issuer'],
    replace(
      `IssueInstant="2026-11-25T10:00:00Z"><saml:Issuer>${IDP}<`,
      'IssueInstant="2026-11-25T10:00:00Z"><saml:Issuer>https://evil.example<',
    ),
  ],
  [
    'S19 other issuers',
    ['response-issuer', 'assertion-issuer'],
    replace(`<saml:Issuer>${IDP}<`, '<saml:Issuer>https://evil.example<'),
  ],
  [
    'S19 an issuer of another format',
    ['response-issuer', 'assertion-issuer'],
    replace('<saml:Issuer>', '<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">'),
  ],
  [
    'S20 another request in the response',
    ['in-response-to'],
    first(`InResponseTo="${REQUEST_ID}"`, 'InResponseTo="_other"'),
  ],
  ['S20 no request in the response', ['in-response-to'], first(` InResponseTo="${REQUEST_ID}"`, '')],
  [
    'S20 another request in the confirmation',
    ['in-response-to'],
    replace(`InResponseTo="${REQUEST_ID}"/>`, 'InResponseTo="_other"/>'),
  ],
  ['S20 no request in the confirmation', ['in-response-to'], replace(` InResponseTo="${REQUEST_ID}"/>`, '/>')],
  ['S23 a status of failure beside a good assertion', ['status'], replace('status:Success', 'status:Responder')],
  [
    'S23 Success nested in a failure',
    ['status'],
    replace(
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>',
      '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Requester"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:StatusCode>',
    ),
  ],
  ['S23 no status', ['status'], replace(/<samlp:Status>.*<\/samlp:Status>/, '')],
  ['S23 a status without a code', ['status'], replace(/<samlp:StatusCode.*?\/>/, '')],
  ['S24 holder-of-key', ['confirmation', 'recipient'], replace(BEARER, 'cm:holder-of-key"')],
  ['S24 sender-vouches', ['confirmation', 'recipient'], replace(BEARER, 'cm:sender-vouches"')],
  ['S24 no confirmation', ['confirmation', 'recipient'], replace(CONFIRMATION, '')],
  [
    'S24 a confirmation without data',
    ['confirmation', 'recipient'],
    replace(/<saml:SubjectConfirmationData.*?\/>/, ''),
  ],
  [
    'S24 a bearer confirmation with NotBefore',
    ['confirmation'],
    inData(DATA_START, `NotBefore="2026-11-25T10:00:00Z" ${DATA_START}`),
  ],
  ['S24 a bearer confirmation without end', ['confirmation'], inData(`${DATA_START} `, '')],
  [
    'S24 two bearer confirmations that are only good together',
    ['recipient'],
    replace(
      '</saml:Subject>',
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:${BEARER}><saml:SubjectConfirmationData Recipient="${ACS}"/></saml:SubjectConfirmation></saml:Subject>`,
    ),
  ],
  ['no NameID', ['name-id'], replace(/<saml:NameID .*<\/saml:NameID>/, '')],
  ['an empty NameID', ['name-id'], replace('ada@acme.example', '')],
  ['a NameID of white space', ['name-id'], replace('ada@acme.example', ' ')],
  ['a NameID with an element in it', ['name-id'], replace('ada@acme.example', 'ada@acme.example<x/>')],
  ['a NameID of 257 characters', ['name-id'], replace('ada@acme.example', 'a'.repeat(257))],
  ['an encrypted NameID', ['name-id'], replace(/<saml:NameID .*<\/saml:NameID>/, '<saml:EncryptedID/>')],
  ['no subject', ['confirmation', 'recipient', 'name-id'], replace(/<saml:Subject>.*<\/saml:Subject>/, '')],
  ['no AuthnStatement', ['authn-statement'], replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, '')],
  [
    'a sign-in in the future',
    ['authn-statement'],
    replace('AuthnInstant="2026-11-25T10:00:00Z"', 'AuthnInstant="2026-11-25T10:01:01Z"'),
  ],
  ['an unreadable sign-in', ['authn-statement'], replace('AuthnInstant="2026-11-25T10:00:00Z"', 'AuthnInstant="1"')],
  ['no version of the response', ['version'], first(' Version="2.0"', '')],
  ['no version of the assertion', ['version'], replace('ID="_a1" Version="2.0"', 'ID="_a1"')],
  ['another version of the response', ['version'], first('Version="2.0"', 'Version="2.1"')],
  ['another version of the assertion', ['version'], replace('ID="_a1" Version="2.0"', 'ID="_a1" Version="1.1"')],
];

describe.each(SHAPES)('the web SSO profile, signed: %s', (shape) => {
  it.each(ROWS)('refuses %s: %j', (_title, checks, bend) => {
    // The two confirmations of one row are compared after the first has been spoilt.
    const spoilt = _title.includes('only good together')
      ? (xml: string) => bend(edit(xml, `Recipient="${ACS}"`, 'Recipient="x"'))
      : bend;
    expectRefused(signedAfter(shape, spoilt), checks);
  });

  it('gives every reason at once, with the value expected and the value received', () => {
    const xml = signedAfter(shape, (plain) =>
      edit(edit(plain, SP, 'https://other.example'), `Recipient="${ACS}"`, 'Recipient="https://x"'),
    );
    const verdict = verifyResponse(encode(xml), expected);
    expect(verdict.ok ? [] : verdict.reasons).toMatchObject([
      { check: 'recipient', expected: ACS, received: 'https://x' },
      { check: 'audience', expected: SP, received: 'https://other.example' },
    ]);
  });

  it('explains the other checks even when the signature does not hold', () => {
    const xml = edit(signedAfter(shape), SP, 'https://other.example');
    expectRefused(xml, ['signature', 'audience']);
  });

  it('S21 refuses a response nobody asked for', () => {
    const unsolicited = { ...expected, requestId: undefined };
    expectRefused(signedAfter(shape), ['in-response-to'], unsolicited);
    expectRefused(signedAfter(shape, replace(/ InResponseTo="[^"]*"/, '')), ['in-response-to'], unsolicited);
  });
});

it.each(['response', 'both'] as const)('S16, S19 a signed response must carry Destination and Issuer: %s', (shape) => {
  expectRefused(signedAfter(shape, replace(/ Destination="[^"]*"/, '')), ['destination']);
  expectRefused(signedAfter(shape, first(`<saml:Issuer>${IDP}</saml:Issuer><samlp:Status>`, '<samlp:Status>')), [
    'response-issuer',
  ]);
});

it('names the attributes that are missing', () => {
  const requiredAttributes = ['givenName', 'familyName'];
  expectRefused(signedAfter('both'), ['attributes'], { ...expected, requiredAttributes });
  expect(verifyResponse(encode(signedAfter('both')), { ...expected, requiredAttributes: ['givenName'] }).ok).toBe(true);
});

it('S24 accepts one whole bearer confirmation beside another method', () => {
  const other = '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>';
  expect(
    verifyResponse(encode(signedAfter('both', replace('</saml:NameID>', `</saml:NameID>${other}`))), expected).ok,
  ).toBe(true);
});

it('S24 accepts the second of two bearer confirmations when that one is whole', () => {
  const spoilt = `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:${BEARER}><saml:SubjectConfirmationData Recipient="x"/></saml:SubjectConfirmation>`;
  const xml = signedAfter('both', replace('</saml:NameID>', `</saml:NameID>${spoilt}`));
  expect(verifyResponse(encode(xml), expected).ok).toBe(true);
});

describe('S18 the edges of time, one minute of skew, to the second', () => {
  const longLived = (xml: string) => edit(xml, DATA_START, 'NotOnOrAfter="2026-11-25T12:00:00Z"');
  const conditions = (xml: string) =>
    edit(
      xml,
      '<saml:Conditions NotBefore="2026-11-25T10:00:00Z" NotOnOrAfter="2026-11-25T12:00:00Z"',
      '<saml:Conditions NotBefore="2026-11-25T10:00:00Z" NotOnOrAfter="2026-11-25T10:05:00Z"',
    );
  const confirmation = (xml: string) =>
    edit(
      xml,
      '<saml:SubjectConfirmationData NotOnOrAfter="2026-11-25T12:00:00Z"',
      '<saml:SubjectConfirmationData NotOnOrAfter="2026-11-25T10:05:00Z"',
    );
  const session = (xml: string) =>
    edit(xml, 'SessionNotOnOrAfter="2026-11-25T18:00:00Z"', 'SessionNotOnOrAfter="2026-11-25T10:05:00Z"');
  const at = (time: string): ResponseExpectations => ({ ...expected, now: new Date(`2026-11-25T${time}Z`) });
  const EDGES: [string, CheckName[], string, (xml: string) => string][] = [
    [
      'one second before NotBefore',
      ['clock'],
      '09:58:59',
      (xml) => edit(xml, 'AuthnInstant="2026-11-25T10:00:00Z"', 'AuthnInstant="2026-11-25T09:00:00Z"'),
    ],
    ['NotBefore itself', [], '09:59:00', (xml) => xml],
    ['the last second of Conditions', [], '10:05:59', (xml) => conditions(longLived(xml))],
    ['NotOnOrAfter of Conditions', ['clock'], '10:06:00', (xml) => conditions(longLived(xml))],
    ['the last second of the confirmation', [], '10:05:59', (xml) => confirmation(longLived(xml))],
    ['NotOnOrAfter of the confirmation', ['confirmation'], '10:06:00', (xml) => confirmation(longLived(xml))],
    ['the last second of the session', [], '10:05:59', (xml) => session(longLived(xml))],
    ['SessionNotOnOrAfter', ['session'], '10:06:00', (xml) => session(longLived(xml))],
  ];
  it.each(EDGES)('%s: %j', (_title, checks, time, bend) => {
    const xml = signedAfter('both', bend);
    if (checks.length > 0) expectRefused(xml, checks, at(time));
    else expect(verifyResponse(encode(xml), at(time)).ok).toBe(true);
  });
});

describe('S36 a NameID is taken letter by letter', () => {
  it.each([
    'ADA@acme.example',
    'ada@acme.example ',
    ' ada@acme.example',
    'ａda@acme.example',
    'ada@acme.example\u200b',
    'İda@acme.example',
    'a\u0301da',
    '\u00e1da',
  ])('%j', (nameId) => {
    const verdict = verifyResponse(encode(signedAfter('both', replace('ada@acme.example', nameId))), expected);
    expect(verdict.ok && verdict.nameId).toBe(nameId);
  });
});
