// The service provider's question: who is at this browser? (core 3.4.1; profiles 4.1.4.1). Pure.
// It is not signed: the identity provider answers registered ACS URLs only, so it gives nothing away.

import { writeInstant } from '../instant.ts';
import { ASSERTION, HTTP_POST, PROTOCOL } from '../names.ts';
import { element, writeXml } from '../xml/writer.ts';

export interface AuthnRequestOptions {
  /** A fresh unguessable ID that is an XML name; the caller remembers it, bound to this browser. */
  readonly id: string;
  /** Entity ID of this service provider. */
  readonly issuer: string;
  readonly acsUrl: string;
  /** SingleSignOnService of the identity provider. */
  readonly destination: string;
  readonly now: Date;
  readonly nameIdFormat?: string;
  /** Asks for the password again even where a session exists. */
  readonly forceAuthn?: boolean;
}

/** The XML of an AuthnRequest, for redirectUrl or postBindingPage. */
export function createAuthnRequest(options: AuthnRequestOptions): string {
  return writeXml(
    element(
      'samlp:AuthnRequest',
      {
        'xmlns:samlp': PROTOCOL,
        'xmlns:saml': ASSERTION,
        ID: options.id,
        Version: '2.0',
        IssueInstant: writeInstant(options.now),
        Destination: options.destination,
        ForceAuthn: options.forceAuthn ? 'true' : undefined,
        AssertionConsumerServiceURL: options.acsUrl,
        ProtocolBinding: HTTP_POST,
      },
      element('saml:Issuer', {}, options.issuer),
      options.nameIdFormat !== undefined &&
        element('samlp:NameIDPolicy', { Format: options.nameIdFormat, AllowCreate: 'true' }),
    ),
  );
}
