// The identity provider's answer: a signed response with a signed assertion, or a signed refusal (core 2.3, 3.2;
// profiles 4.1.4.2). Talks to: node:crypto, through xml-crypto. IDs and times are arguments. The ACS URL must be one
// registered for the service provider; see request/parse-authn-request.ts.

import { secondsAfter, writeInstant } from '../instant.ts';
import { ASSERTION, BASIC_ATTRIBUTE_NAME, BEARER, PASSWORD_PROTECTED_TRANSPORT, PROTOCOL, STATUS } from '../names.ts';
import { type SigningKey, signPart } from '../signature/xml-signature.ts';
import { element, writeXml, type XmlNode } from '../xml/writer.ts';

interface Envelope {
  /** A fresh unguessable ID that is an XML name: `_` and at least 128 random bits. */
  readonly responseId: string;
  /** Entity ID of this identity provider. */
  readonly issuer: string;
  readonly acsUrl: string;
  /** ID of the AuthnRequest that is answered; undefined answers nobody's request. */
  readonly inResponseTo: string | undefined;
  readonly now: Date;
  readonly signingKey: SigningKey;
}

export interface SignInResponse extends Envelope {
  /** As `responseId`, and different from it. */
  readonly assertionId: string;
  /** Entity ID of the service provider. */
  readonly audience: string;
  readonly nameId: string;
  readonly nameIdFormat: string;
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly sessionIndex: string;
  /** When the person proved who they are, which may be long before `now`. */
  readonly authnInstant: Date;
  readonly sessionNotOnOrAfter?: Date;
}

export interface ErrorResponse extends Envelope {
  /** Core 3.2.2.2: whose fault it is; the version mismatch aside. */
  readonly status: 'requester' | 'responder' | 'versionMismatch';
  readonly subStatus?: 'authnFailed' | 'noPassive' | 'requestDenied' | 'unknownPrincipal';
  readonly message?: string;
}

/** How long an assertion may travel: a redirect through one browser. */
const LIFETIME_SECONDS = 300;
/** The service provider's clock may be behind ours. */
const BACKDATE_SECONDS = 30;

/** The XML of a successful response. Attributes without values are left out. */
export function createResponse(answer: SignInResponse): string {
  const status = element('samlp:Status', {}, element('samlp:StatusCode', { Value: STATUS.success }));
  const xml = writeXml(responseElement(answer, status, assertionElement(answer)));
  return signPart(signPart(xml, 'Assertion', answer.signingKey), 'Response', answer.signingKey);
}

/** The XML of a refusal: a signed response without an assertion. */
export function createErrorResponse(answer: ErrorResponse): string {
  const inner = answer.subStatus && element('samlp:StatusCode', { Value: STATUS[answer.subStatus] });
  const status = element(
    'samlp:Status',
    {},
    element('samlp:StatusCode', { Value: STATUS[answer.status] }, inner),
    answer.message !== undefined && element('samlp:StatusMessage', {}, answer.message),
  );
  return signPart(writeXml(responseElement(answer, status)), 'Response', answer.signingKey);
}

function responseElement(answer: Envelope, status: XmlNode, assertion?: XmlNode): XmlNode {
  return element(
    'samlp:Response',
    {
      'xmlns:samlp': PROTOCOL,
      'xmlns:saml': ASSERTION,
      ID: answer.responseId,
      Version: '2.0',
      IssueInstant: writeInstant(answer.now),
      Destination: answer.acsUrl,
      InResponseTo: answer.inResponseTo,
    },
    element('saml:Issuer', {}, answer.issuer),
    status,
    assertion,
  );
}

function assertionElement(answer: SignInResponse): XmlNode {
  const { now, assertionId, issuer, audience, sessionNotOnOrAfter } = answer;
  const times = {
    NotBefore: writeInstant(secondsAfter(now, -BACKDATE_SECONDS)),
    NotOnOrAfter: writeInstant(secondsAfter(now, LIFETIME_SECONDS)),
  };
  const attributes = answer.attributes.filter(({ values }) => values.length > 0).map(attributeElement);
  return element(
    'saml:Assertion',
    { 'xmlns:saml': ASSERTION, ID: assertionId, Version: '2.0', IssueInstant: writeInstant(now) },
    element('saml:Issuer', {}, issuer),
    subjectElement(answer, times.NotOnOrAfter),
    element('saml:Conditions', times, element('saml:AudienceRestriction', {}, element('saml:Audience', {}, audience))),
    element(
      'saml:AuthnStatement',
      {
        AuthnInstant: writeInstant(answer.authnInstant),
        SessionIndex: answer.sessionIndex,
        SessionNotOnOrAfter: sessionNotOnOrAfter && writeInstant(sessionNotOnOrAfter),
      },
      element('saml:AuthnContext', {}, element('saml:AuthnContextClassRef', {}, PASSWORD_PROTECTED_TRANSPORT)),
    ),
    attributes.length > 0 && element('saml:AttributeStatement', {}, ...attributes),
  );
}

function subjectElement(answer: SignInResponse, notOnOrAfter: string): XmlNode {
  const data = { NotOnOrAfter: notOnOrAfter, Recipient: answer.acsUrl, InResponseTo: answer.inResponseTo };
  return element(
    'saml:Subject',
    {},
    element('saml:NameID', { Format: answer.nameIdFormat }, answer.nameId),
    element('saml:SubjectConfirmation', { Method: BEARER }, element('saml:SubjectConfirmationData', data)),
  );
}

function attributeElement({ name, values }: SignInResponse['attributes'][number]): XmlNode {
  const content = values.map((value) => element('saml:AttributeValue', {}, value));
  return element('saml:Attribute', { Name: name, NameFormat: BASIC_ATTRIBUTE_NAME }, ...content);
}
