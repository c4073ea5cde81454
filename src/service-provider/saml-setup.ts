// Setting SAML up: metadata out and in, the test that comes first, on and off.
// Metadata is a stranger's document behind an administrator's click; certificates count only once a test has passed
// against them, because a change of them asks for a new test.

import { Refusal } from '../accounts/refusal.ts';
import type { Outbound } from '../outbound/guarded-fetch.ts';
import { OutboundError } from '../outbound/target.ts';
import { type IdentityProviderMetadata, parseIdentityProviderMetadata } from '../saml/metadata/read-metadata.ts';
import { serviceProviderMetadata } from '../saml/metadata/write-metadata.ts';
import { NAME_ID_FORMATS } from '../saml/names.ts';
import { samlAddresses, scimBaseUrl } from './saml-addresses.ts';
import type { Actor, SamlConnection, WorkspaceStore } from './workspace.ts';

export interface SamlSetupPorts {
  store: WorkspaceStore;
  fetch: Outbound;
  publicUrl: string;
}

/** The metadata of a workspace's service provider; public. */
export async function workspaceMetadata(ports: SamlSetupPorts, tenant: string): Promise<string> {
  const { slug, name } = await ports.store.settings(tenant);
  const { entityId, acsUrl, signInUrl } = samlAddresses(ports.publicUrl, slug);
  return serviceProviderMetadata({
    entityId,
    acsUrl,
    nameIdFormat: NAME_ID_FORMATS.unspecified,
    displayName: name,
    workspace: {
      orgId: slug,
      name,
      serviceUrl: ports.publicUrl,
      scimBaseUrl: scimBaseUrl(ports.publicUrl, slug),
      signInUrl,
    },
  });
}

async function fetchMetadata(fetch: Outbound, url: string): Promise<string> {
  try {
    const { status, body } = await fetch({
      method: 'GET',
      url,
      headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
    });
    if (status === 200) return body;
    throw new Refusal(
      'remote-failed',
      `The address answered with status ${status} instead of metadata. Check the address, or upload the file.`,
    );
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw new Refusal(
      'remote-failed',
      `The metadata could not be read: ${error.message} You can upload the file instead.`,
    );
  }
}

function usable(metadata: IdentityProviderMetadata): { ssoUrl: string } {
  const weak = metadata.certificates.filter(({ weakness }) => weakness !== undefined);
  if (weak.length === metadata.certificates.length) {
    throw new Refusal('invalid-request', `The identity provider's certificate is not accepted: ${weak[0]?.weakness}.`);
  }
  const ssoUrl = metadata.singleSignOn.redirect;
  if (ssoUrl === undefined) {
    throw new Refusal(
      'invalid-request',
      'The metadata offers no sign-in by redirect (HTTP-Redirect binding), which Rollcall uses.',
    );
  }
  return { ssoUrl };
}

/** Reads the identity provider's metadata from an address or a file and keeps it. SAML that is on stays on. */
export async function readMetadata(
  ports: SamlSetupPorts,
  tenant: string,
  source: { url: string } | { xml: string },
  actor: Actor,
): Promise<void> {
  const url = 'url' in source ? source.url.trim() : null;
  const xml = 'url' in source ? await fetchMetadata(ports.fetch, source.url.trim()) : source.xml;
  const parsed = parseIdentityProviderMetadata(xml);
  if (!parsed.ok) {
    throw new Refusal(
      'invalid-request',
      `This is not the metadata of an identity provider. ${parsed.reasons.map(({ sentence }) => sentence).join(' ')}`,
    );
  }
  const { metadata } = parsed;
  await ports.store.updateSaml(
    tenant,
    {
      idpEntityId: metadata.entityId,
      idpName: metadata.name ?? new URL(usable(metadata).ssoUrl).host,
      ssoUrl: usable(metadata).ssoUrl,
      certificates: metadata.certificates.map(({ pem, subject, fingerprint, notAfter }) => ({
        pem,
        subject,
        fingerprint,
        notAfter: notAfter.toISOString(),
      })),
      metadataUrl: url,
      metadataReadAt: actor.at,
    },
    actor,
  );
}

/** True when this admin has tried a sign-in with what is set up now. */
export async function hasTested(
  store: WorkspaceStore,
  tenant: string,
  connection: SamlConnection,
  person: string,
): Promise<boolean> {
  if (connection.metadataReadAt === null) return false;
  return store.hasPassedTest(tenant, connection.id, person, connection.metadataReadAt);
}

/** @throws Refusal `precondition` before metadata and this admin's own test */
export async function turnOnSaml(store: WorkspaceStore, tenant: string, actor: Actor): Promise<void> {
  const connection = await store.saml(tenant);
  if (connection.certificates.length === 0)
    throw new Refusal('precondition', 'Read the identity provider’s metadata first.');
  if (!(await hasTested(store, tenant, connection, actor.person ?? ''))) {
    throw new Refusal('precondition', 'Test the sign-in first: nobody should be sent to a sign-in that does not work.');
  }
  if (connection.state !== 'on') await store.updateSaml(tenant, { state: 'on', turnedOnAt: actor.at }, actor);
}

/** @param scim what becomes of SCIM while it is enabled; it must be said */
export async function turnOffSaml(
  store: WorkspaceStore,
  tenant: string,
  scim: 'keep' | 'disable' | undefined,
  actor: Actor,
): Promise<void> {
  const connection = await store.scimConnection(tenant);
  if (connection?.state === 'enabled') {
    if (scim === undefined)
      throw new Refusal('precondition', 'SCIM is enabled. Say whether it is kept or disabled with SAML.');
    if (scim === 'disable') await store.disableScim(tenant, actor, 'SAML was turned off');
  }
  await store.updateSaml(tenant, { state: 'off' }, actor);
}
