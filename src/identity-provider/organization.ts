// An organization: its settings, and the key with which it signs what it says of its people.

import { createSelfSignedCertificate } from '../saml/signature/self-signed-certificate.ts';
import type { SigningKey } from '../saml/signature/xml-signature.ts';
import { createId } from '../secrets/identifier.ts';
import type { Sealer } from '../secrets/seal.ts';

export interface OrganizationSettings {
  slug: string;
  name: string;
}

export interface StoredSigningKey {
  id: string;
  /** Sealed. */
  privateKey: string;
  /** PEM. */
  certificate: string;
}

export interface OrganizationStore {
  /** Makes the organization with its *Default* role and signing key. @throws Refusal `conflict` when the slug is taken */
  createOrganization(settings: OrganizationSettings, key: StoredSigningKey, at: Date): Promise<string>;
  organizations(): Promise<{ tenant: string; slug: string }[]>;
  tenantBySlug(slug: string): Promise<string | undefined>;
  settings(tenant: string): Promise<OrganizationSettings>;
  /** The newest key is the one that signs. */
  signingKey(tenant: string): Promise<StoredSigningKey>;
}

const keyPurpose = 'saml signing key';
const certificateDays = 3_650;

/** A new key for an organization, its private part sealed. */
export async function createSigningKey(sealer: Sealer, name: string, at: Date): Promise<StoredSigningKey> {
  const { privateKeyPem, certificatePem } = await createSelfSignedCertificate({
    subject: `Rollcall ${name}`,
    notBefore: at,
    days: certificateDays,
  });
  return { id: createId(at), privateKey: sealer.seal(privateKeyPem, keyPurpose), certificate: certificatePem };
}

export function openSigningKey(sealer: Sealer, key: StoredSigningKey): SigningKey {
  return { privateKeyPem: sealer.open(key.privateKey, keyPurpose), certificatePem: key.certificate };
}
