// The SAML identity provider: metadata, and the answer to an app's request for somebody who is signed in here.
// Answers go to registered ACS URLs only (S31), whatever a request says, and only for people who have the app.

import { identityProviderMetadata } from '../saml/metadata/write-metadata.ts';
import { NAME_ID_FORMATS } from '../saml/names.ts';
import { type AuthnRequest, checkAuthnRequest, parseAuthnRequest } from '../saml/request/parse-authn-request.ts';
import { createErrorResponse, createResponse } from '../saml/response/create-response.ts';
import { describeCertificate } from '../saml/signature/certificate.ts';
import { randomSecret } from '../secrets/digest.ts';
import { createId } from '../secrets/identifier.ts';
import type { Sealer } from '../secrets/seal.ts';
import { type OrganizationStore, openSigningKey } from './organization.ts';

export interface SignOnAddresses {
  entityId: string;
  metadataUrl: string;
  ssoUrl: string;
}

/** @param publicUrl origin of the site, no trailing slash */
export function signOnAddresses(publicUrl: string, slug: string): SignOnAddresses {
  const metadataUrl = `${publicUrl}/${slug}/saml/metadata`;
  return { entityId: metadataUrl, metadataUrl, ssoUrl: `${publicUrl}/${slug}/saml/sso` };
}

/** An app as sign-on knows it, and one person's login there. */
export interface SignOnApp {
  id: string;
  name: string;
  entityId: string;
  acsUrls: string[];
}

export interface SignOnLogin {
  /** NameID: the user name at the app, by default the user name here. */
  userName: string;
  maySignIn: boolean;
  attributes: { name: string; values: string[] }[];
}

export interface SignOnStore {
  appByEntityId(tenant: string, entityId: string): Promise<SignOnApp | undefined>;
  /** undefined when the person does not have the app. */
  login(tenant: string, app: string, person: string): Promise<SignOnLogin | undefined>;
  recordSignOn(
    tenant: string,
    entry: {
      id: string;
      at: Date;
      person: string;
      app: string;
      outcome: 'answered' | 'refused';
      detail: string | null;
    },
  ): Promise<void>;
}

export interface SignOnPorts {
  organizations: OrganizationStore;
  store: SignOnStore;
  sealer: Sealer;
  publicUrl: string;
  now(): Date;
}

export async function organizationMetadata(ports: SignOnPorts, tenant: string): Promise<string> {
  const [{ slug, name }, key] = await Promise.all([
    ports.organizations.settings(tenant),
    ports.organizations.signingKey(tenant),
  ]);
  const { entityId, ssoUrl } = signOnAddresses(ports.publicUrl, slug);
  return identityProviderMetadata({
    entityId,
    singleSignOnUrl: ssoUrl,
    nameIdFormats: [NAME_ID_FORMATS.unspecified, NAME_ID_FORMATS.emailAddress],
    signingCertificates: [key.certificate],
    displayName: name,
  });
}

/** What an app's administrator needs from this identity provider. */
export async function signOnFacts(ports: SignOnPorts, tenant: string) {
  const [{ slug }, key] = await Promise.all([
    ports.organizations.settings(tenant),
    ports.organizations.signingKey(tenant),
  ]);
  const { entityId, ssoUrl, metadataUrl } = signOnAddresses(ports.publicUrl, slug);
  const { pem, fingerprint, notAfter } = describeCertificate(key.certificate);
  return { issuer: entityId, ssoUrl, metadataUrl, certificate: { pem, fingerprint, notAfter: notAfter.toISOString() } };
}

/** A request that may be answered, before it is known who is at the browser. */
export interface PendingSignOn {
  app: SignOnApp;
  request: AuthnRequest;
  acsUrl: string;
  relayState: string | undefined;
}

export type ReadSignOn =
  | { ok: true; pending: PendingSignOn }
  | { ok: false; problem: 'request-unreadable' | 'app-unknown' | 'request-refused' };

/** Reads and checks a request. A refused one is answered on our own page: nothing is posted to an unknown address. */
export async function readSignOn(
  ports: SignOnPorts,
  tenant: string,
  input: { binding: 'redirect' | 'post'; samlRequest: string; relayState: string | undefined },
): Promise<ReadSignOn> {
  const parsed = parseAuthnRequest(input.binding, input.samlRequest);
  if (!parsed.ok) return { ok: false, problem: 'request-unreadable' };
  const app = await ports.store.appByEntityId(tenant, parsed.request.issuer);
  if (!app) return { ok: false, problem: 'app-unknown' };
  const { slug } = await ports.organizations.settings(tenant);
  const registered = { entityId: app.entityId, assertionConsumerServices: app.acsUrls.map((url) => ({ url })) };
  const checked = checkAuthnRequest(parsed.request, registered, signOnAddresses(ports.publicUrl, slug).ssoUrl);
  if (!checked.ok) return { ok: false, problem: 'request-refused' };
  return { ok: true, pending: { app, request: parsed.request, acsUrl: checked.acsUrl, relayState: input.relayState } };
}

export interface SignOnAnswer {
  /** Where the form posts. */
  action: string;
  xml: string;
  relayState: string | undefined;
  outcome: 'answered' | 'refused';
}

/** The signed answer for a person who is signed in here: an assertion, or a refusal the app can show. */
export async function answerSignOn(
  ports: SignOnPorts,
  tenant: string,
  pending: PendingSignOn,
  subject: { person: string; authenticatedAt: Date },
): Promise<SignOnAnswer> {
  const { app, request, acsUrl, relayState } = pending;
  const now = ports.now();
  const [{ slug }, key, login] = await Promise.all([
    ports.organizations.settings(tenant),
    ports.organizations.signingKey(tenant),
    ports.store.login(tenant, app.id, subject.person),
  ]);
  const envelope = {
    responseId: `_${randomSecret()}`,
    issuer: signOnAddresses(ports.publicUrl, slug).entityId,
    acsUrl,
    inResponseTo: request.id,
    now,
    signingKey: openSigningKey(ports.sealer, key),
  };
  const refusal = !login
    ? `This person does not have ${app.name}.`
    : login.maySignIn
      ? null
      : `This person may not sign in to ${app.name}.`;
  const outcome = refusal === null ? 'answered' : 'refused';
  await ports.store.recordSignOn(tenant, {
    id: createId(now),
    at: now,
    person: subject.person,
    app: app.id,
    outcome,
    detail: refusal,
  });
  if (!login || refusal !== null) {
    const xml = createErrorResponse({
      ...envelope,
      status: 'responder',
      subStatus: 'requestDenied',
      ...(refusal ? { message: refusal } : {}),
    });
    return { action: acsUrl, xml, relayState, outcome };
  }
  const xml = createResponse({
    ...envelope,
    assertionId: `_${randomSecret()}`,
    audience: app.entityId,
    nameId: login.userName,
    nameIdFormat: NAME_ID_FORMATS.unspecified,
    attributes: login.attributes,
    sessionIndex: `_${randomSecret()}`,
    authnInstant: subject.authenticatedAt,
  });
  return { action: acsUrl, xml, relayState, outcome };
}
