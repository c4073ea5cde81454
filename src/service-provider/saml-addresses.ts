// Where a workspace's SAML service provider answers; the same before SAML is on, so that the other end can be set up
// first. Pure.

export interface SamlAddresses {
  entityId: string;
  metadataUrl: string;
  acsUrl: string;
  /** Where people start; the identity provider's tile points here. */
  signInUrl: string;
}

/** @param publicUrl origin of the site, no trailing slash */
export function samlAddresses(publicUrl: string, slug: string): SamlAddresses {
  const metadataUrl = `${publicUrl}/${slug}/saml/metadata`;
  return {
    entityId: metadataUrl,
    metadataUrl,
    acsUrl: `${publicUrl}/${slug}/saml/acs`,
    signInUrl: `${publicUrl}/${slug}/saml/start`,
  };
}

/** Base URL of the workspace's SCIM service provider. */
export function scimBaseUrl(publicUrl: string, slug: string): string {
  return `${publicUrl}/${slug}/scim/v2`;
}
