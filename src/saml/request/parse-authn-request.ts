// The identity provider's reading of an AuthnRequest, and its verdict against what is registered (core 3.4.1). Pure.
// A request is a stranger's words: signatures on it are not needed and not read, because the answer goes to a
// registered ACS URL whatever the request says.

import { decodePostMessage, decodeRedirectMessage } from '../binding/message-encoding.ts';
import { type Check, compared, failed, Refusal, refusalOf, shortened } from '../checks.ts';
import { ASSERTION, HTTP_POST, PROTOCOL } from '../names.ts';
import { readXml } from '../xml/reader.ts';
import { childNamed, childrenNamed, isNamed, type XmlElement } from '../xml/tree.ts';

export interface AuthnRequest {
  readonly id: string;
  readonly issuer: string;
  readonly version: string | undefined;
  readonly destination: string | undefined;
  readonly acsUrl: string | undefined;
  readonly acsIndex: string | undefined;
  readonly protocolBinding: string | undefined;
  readonly nameIdFormat: string | undefined;
  readonly forceAuthn: boolean;
  readonly isPassive: boolean;
}

export type ParsedAuthnRequest =
  | { readonly ok: true; readonly request: AuthnRequest }
  | { readonly ok: false; readonly reasons: readonly Check[] };

/** Reads the `SAMLRequest` parameter of either binding. Never throws; what is read is still to be checked. */
export function parseAuthnRequest(binding: 'redirect' | 'post', samlRequest: string): ParsedAuthnRequest {
  try {
    const xml = binding === 'redirect' ? decodeRedirectMessage(samlRequest) : decodePostMessage(samlRequest);
    return { ok: true, request: readRequest(readXml(xml)) };
  } catch (error) {
    return { ok: false, reasons: [refusalOf(error)] };
  }
}

const REQUEST_ID = /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/;

function readRequest(root: XmlElement): AuthnRequest {
  if (!isNamed(root, PROTOCOL, 'AuthnRequest')) {
    throw new Refusal('structure', 'The message is not an AuthnRequest.', { received: root.local });
  }
  const id = root.attributes.get('ID') ?? '';
  if (!REQUEST_ID.test(id)) throw new Refusal('ids', 'The request has no ID that can be answered.', { received: id });
  const [issuer, ...more] = childrenNamed(root, ASSERTION, 'Issuer');
  if (!issuer || issuer.text === '' || more.length > 0) {
    throw new Refusal('structure', 'The request does not say which service provider it comes from.');
  }
  return {
    id,
    issuer: issuer.text,
    version: root.attributes.get('Version'),
    destination: root.attributes.get('Destination'),
    acsUrl: root.attributes.get('AssertionConsumerServiceURL'),
    acsIndex: root.attributes.get('AssertionConsumerServiceIndex'),
    protocolBinding: root.attributes.get('ProtocolBinding'),
    nameIdFormat: childNamed(root, PROTOCOL, 'NameIDPolicy')?.attributes.get('Format'),
    forceAuthn: isTrue(root.attributes.get('ForceAuthn')),
    isPassive: isTrue(root.attributes.get('IsPassive')),
  };
}

const isTrue = (text: string | undefined): boolean => text === 'true' || text === '1';

/** What this identity provider knows of the service provider whose entity ID is the request's issuer. */
export interface RegisteredServiceProvider {
  readonly entityId: string;
  /** The first is the default, for requests that name none. */
  readonly assertionConsumerServices: readonly { readonly url: string; readonly index?: number }[];
}

export type CheckedAuthnRequest =
  | { readonly ok: true; readonly acsUrl: string; readonly checks: readonly Check[] }
  | { readonly ok: false; readonly reasons: readonly Check[]; readonly checks: readonly Check[] };

/**
 * Where the answer may go. An ACS URL that is not registered letter by letter is refused, and nothing may be posted
 * to it.
 * `destination` is the address at which the request arrived.
 */
export function checkAuthnRequest(
  request: AuthnRequest,
  registered: RegisteredServiceProvider,
  destination: string,
): CheckedAuthnRequest {
  const acsUrl = registeredAcsUrl(request, registered);
  const checks: Check[] = [
    compared('version', 'The SAML version', '2.0', request.version),
    compared('request-issuer', 'The issuer of the request', registered.entityId, request.issuer),
    acsUrlCheck(acsUrl, request, registered),
  ];
  if (request.destination !== undefined) {
    checks.push(compared('destination', 'The destination of the request', destination, request.destination));
  }
  if (request.protocolBinding !== undefined) {
    checks.push(compared('binding', 'The binding asked for', HTTP_POST, request.protocolBinding));
  }
  const reasons = failed(checks);
  return acsUrl !== undefined && reasons.length === 0 ? { ok: true, acsUrl, checks } : { ok: false, reasons, checks };
}

function registeredAcsUrl(request: AuthnRequest, registered: RegisteredServiceProvider): string | undefined {
  const { assertionConsumerServices } = registered;
  if (request.acsUrl !== undefined) return assertionConsumerServices.find(({ url }) => url === request.acsUrl)?.url;
  if (request.acsIndex === undefined) return assertionConsumerServices[0]?.url;
  return assertionConsumerServices.find(({ index }) => String(index) === request.acsIndex)?.url;
}

function acsUrlCheck(acsUrl: string | undefined, request: AuthnRequest, registered: RegisteredServiceProvider): Check {
  const sentence =
    acsUrl === undefined
      ? 'The address to answer to is not registered for this app.'
      : 'The address to answer to is registered.';
  const expected = registered.assertionConsumerServices.map(({ url }) => url).join(' ');
  const received = request.acsUrl ?? request.acsIndex ?? '(the default)';
  return { check: 'acs-url', ok: acsUrl !== undefined, sentence, ...shortened({ expected, received }) };
}
