/*
 * The identity providers one can choose, and what each calls the values we give it. Their words, as they write them, so
 * they are data and not part of the catalogue. Pure.
 */
export interface IdentityProviderNames {
  readonly kind: string;
  readonly name: string;
  readonly acsUrl: string;
  readonly entityId: string;
  readonly nameId: string;
}

const OTHER: IdentityProviderNames = {
  kind: 'other',
  name: 'Another identity provider',
  acsUrl: 'Assertion consumer service URL',
  entityId: 'Entity ID',
  nameId: 'NameID',
};

export const IDENTITY_PROVIDERS: readonly IdentityProviderNames[] = [
  { kind: 'rollcall', name: 'Rollcall', acsUrl: 'ACS URL', entityId: 'Entity ID', nameId: 'NameID' },
  {
    kind: 'onelogin',
    name: 'OneLogin',
    acsUrl: 'ACS (Consumer) URL',
    entityId: 'Audience (EntityID)',
    nameId: 'SAML nameID',
  },
  {
    kind: 'okta',
    name: 'Okta',
    acsUrl: 'Single sign-on URL',
    entityId: 'Audience URI (SP Entity ID)',
    nameId: 'Application username',
  },
  {
    kind: 'entra',
    name: 'Microsoft Entra ID',
    acsUrl: 'Reply URL (Assertion Consumer Service URL)',
    entityId: 'Identifier (Entity ID)',
    nameId: 'Unique User Identifier (Name ID)',
  },
  { kind: 'google', name: 'Google Workspace', acsUrl: 'ACS URL', entityId: 'Entity ID', nameId: 'Name ID' },
  { kind: 'jumpcloud', name: 'JumpCloud', acsUrl: 'ACS URLs', entityId: 'SP Entity ID', nameId: 'SAMLSubject NameID' },
  { kind: 'ping', name: 'PingOne', acsUrl: 'ACS URLs', entityId: 'Entity ID', nameId: 'saml_subject' },
  {
    kind: 'keycloak',
    name: 'Keycloak',
    acsUrl: 'Assertion Consumer Service POST Binding URL',
    entityId: 'Client ID',
    nameId: 'Name ID format',
  },
  OTHER,
];

export function namesOf(kind: string | null): IdentityProviderNames {
  return IDENTITY_PROVIDERS.find((provider) => provider.kind === kind) ?? OTHER;
}
