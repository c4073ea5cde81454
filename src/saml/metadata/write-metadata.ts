// Metadata out: how each end introduces itself to the other (metadata 2.3.2, 2.4.3, 2.4.4; mdui 2.1). Pure.
// Not signed: it is fetched over https from its owner, and an administrator confirms what it says.

import { HTTP_POST, HTTP_REDIRECT, METADATA, METADATA_UI, PROTOCOL, XMLDSIG } from '../names.ts';
import { certificateBase64 } from '../signature/certificate.ts';
import { element, writeXml, type XmlNode } from '../xml/writer.ts';
import { hintsElement, type WorkspaceHints } from './workspace-hints.ts';

export interface ServiceProviderMetadataOptions {
  readonly entityId: string;
  readonly acsUrl: string;
  readonly nameIdFormat: string;
  readonly displayName?: string;
  readonly workspace?: WorkspaceHints;
}

/** The XML of a service provider's EntityDescriptor. */
export function serviceProviderMetadata(options: ServiceProviderMetadataOptions): string {
  const { entityId, acsUrl, nameIdFormat, displayName, workspace } = options;
  const role = element(
    'md:SPSSODescriptor',
    { protocolSupportEnumeration: PROTOCOL, AuthnRequestsSigned: 'false', WantAssertionsSigned: 'true' },
    displayName !== undefined && displayNameElement(displayName),
    element('md:NameIDFormat', {}, nameIdFormat),
    element('md:AssertionConsumerService', { Binding: HTTP_POST, Location: acsUrl, index: '0', isDefault: 'true' }),
  );
  return entityDescriptor(entityId, workspace && element('md:Extensions', {}, hintsElement(workspace)), role);
}

export interface IdentityProviderMetadataOptions {
  readonly entityId: string;
  /** Answers both the redirect and the POST binding. */
  readonly singleSignOnUrl: string;
  readonly nameIdFormats: readonly string[];
  /** PEM; two while a new one is being introduced. */
  readonly signingCertificates: readonly string[];
  readonly displayName?: string;
}

/** The XML of an identity provider's EntityDescriptor. Throws Refusal `certificate` when one cannot be read. */
export function identityProviderMetadata(options: IdentityProviderMetadataOptions): string {
  const { entityId, singleSignOnUrl, nameIdFormats, signingCertificates, displayName } = options;
  const role = element(
    'md:IDPSSODescriptor',
    { protocolSupportEnumeration: PROTOCOL, WantAuthnRequestsSigned: 'false' },
    displayName !== undefined && displayNameElement(displayName),
    ...signingCertificates.map(keyDescriptor),
    ...nameIdFormats.map((format) => element('md:NameIDFormat', {}, format)),
    ...[HTTP_REDIRECT, HTTP_POST].map((binding) =>
      element('md:SingleSignOnService', { Binding: binding, Location: singleSignOnUrl }),
    ),
  );
  return entityDescriptor(entityId, undefined, role);
}

const entityDescriptor = (entityID: string, extensions: XmlNode | undefined, role: XmlNode): string =>
  writeXml(element('md:EntityDescriptor', { 'xmlns:md': METADATA, entityID }, extensions, role));

function displayNameElement(displayName: string): XmlNode {
  const name = element('mdui:DisplayName', { 'xml:lang': 'en' }, displayName);
  return element('md:Extensions', {}, element('mdui:UIInfo', { 'xmlns:mdui': METADATA_UI }, name));
}

function keyDescriptor(pem: string): XmlNode {
  const certificate = element('ds:X509Certificate', {}, certificateBase64(pem));
  const keyInfo = element('ds:KeyInfo', { 'xmlns:ds': XMLDSIG }, element('ds:X509Data', {}, certificate));
  return element('md:KeyDescriptor', { use: 'signing' }, keyInfo);
}
