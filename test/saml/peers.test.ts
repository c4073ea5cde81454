// Both roles against implementations that are not ours: samlify and node-saml read what our identity provider signs, and
// our service provider reads what samlify's identity provider signs, in the three places a signature can stand.

import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import * as samlify from 'samlify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { redirectUrl } from '../../src/saml/binding/redirect-binding.ts';
import { parseIdentityProviderMetadata, parseServiceProviderMetadata } from '../../src/saml/metadata/read-metadata.ts';
import { identityProviderMetadata, serviceProviderMetadata } from '../../src/saml/metadata/write-metadata.ts';
import { HTTP_POST, NAME_ID_FORMATS } from '../../src/saml/names.ts';
import { createAuthnRequest } from '../../src/saml/request/create-authn-request.ts';
import { checkAuthnRequest, parseAuthnRequest } from '../../src/saml/request/parse-authn-request.ts';
import { verifyResponse } from '../../src/saml/response/verify-response.ts';
import { ACS, encode, expected, IDP, NOW, REQUEST_ID, SP, signingKey, validXml } from './identities.ts';

const SSO = 'https://identity.example/acme/saml/sso';

const ourServiceProvider = serviceProviderMetadata({
  entityId: SP,
  acsUrl: ACS,
  nameIdFormat: NAME_ID_FORMATS.emailAddress,
});
const ourIdentityProvider = identityProviderMetadata({
  entityId: IDP,
  singleSignOnUrl: SSO,
  nameIdFormats: [NAME_ID_FORMATS.unspecified],
  signingCertificates: [signingKey.certificatePem],
});

// samlify wants a schema validator; neither peer takes a clock.
samlify.setSchemaValidator({ validate: () => Promise.resolve('not validated here') });
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: NOW }));
afterEach(() => void vi.useRealTimers());

describe('our response, read by peers', () => {
  it('samlify', async () => {
    const sp = samlify.ServiceProvider({ metadata: ourServiceProvider });
    const idp = samlify.IdentityProvider({ metadata: ourIdentityProvider });
    const { extract } = await sp.parseLoginResponse(idp, 'post', { body: { SAMLResponse: encode(validXml()) } });
    expect(extract).toMatchObject({
      nameID: 'ada@acme.example',
      audience: SP,
      attributes: { givenName: 'Ada', groups: ['Engineering', 'R&D <"quoted">'] },
      response: { inResponseTo: REQUEST_ID, destination: ACS },
    });
  });

  it('node-saml, which wants both signatures', async () => {
    const peer = new SAML({
      callbackUrl: ACS,
      issuer: SP,
      audience: SP,
      idpIssuer: IDP,
      idpCert: signingKey.certificatePem,
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: true,
      validateInResponseTo: ValidateInResponseTo.never,
    });
    const { profile } = await peer.validatePostResponseAsync({ SAMLResponse: encode(validXml()) });
    expect(profile).toMatchObject({
      nameID: 'ada@acme.example',
      issuer: IDP,
      sessionIndex: '_session-1',
      givenName: 'Ada',
    });
  });
});

describe('our AuthnRequest, read by samlify', () => {
  it('from the redirect binding', async () => {
    const sp = samlify.ServiceProvider({ metadata: ourServiceProvider });
    const idp = samlify.IdentityProvider({ metadata: ourIdentityProvider });
    const samlRequest = createAuthnRequest({ id: REQUEST_ID, issuer: SP, acsUrl: ACS, destination: SSO, now: NOW });
    const query = Object.fromEntries(new URL(redirectUrl(SSO, { samlRequest })).searchParams);
    const { extract } = await idp.parseLoginRequest(sp, 'redirect', { query });
    expect(extract).toMatchObject({
      request: { id: REQUEST_ID, destination: SSO, assertionConsumerServiceUrl: ACS },
      issuer: SP,
    });
  });
});

describe('requests of peers, read by us', () => {
  const registered = { entityId: SP, assertionConsumerServices: [{ url: ACS }] };

  it.each(['redirect', 'post'] as const)('samlify, by %s', (binding) => {
    const sp = samlify.ServiceProvider({ metadata: ourServiceProvider });
    const idp = samlify.IdentityProvider({ metadata: ourIdentityProvider });
    const { context } = sp.createLoginRequest(idp, binding);
    const message = binding === 'redirect' ? new URL(context).searchParams.get('SAMLRequest')! : context;
    const parsed = parseAuthnRequest(binding, message);
    expect(parsed.ok && checkAuthnRequest(parsed.request, registered, SSO)).toMatchObject({ ok: true, acsUrl: ACS });
  });

  it('node-saml, by redirect', async () => {
    const peer = new SAML({ callbackUrl: ACS, issuer: SP, idpCert: signingKey.certificatePem, entryPoint: SSO });
    const address = await peer.getAuthorizeUrlAsync('', undefined, {});
    const parsed = parseAuthnRequest('redirect', new URL(address).searchParams.get('SAMLRequest')!);
    expect(parsed.ok && checkAuthnRequest(parsed.request, registered, SSO)).toMatchObject({ ok: true, acsUrl: ACS });
  });
});

describe('responses of samlify’s identity provider, read by us', () => {
  const AUTHN_STATEMENT =
    '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="_s"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>';
  // Its own template makes no AuthnStatement, which the web SSO profile wants.
  const template = samlify.SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}', AUTHN_STATEMENT);

  async function respond(wants: { wantAssertionsSigned: boolean; wantMessageSigned: boolean }): Promise<string> {
    const sp = samlify.ServiceProvider({
      entityID: SP,
      assertionConsumerService: [{ Binding: HTTP_POST, Location: ACS }],
      ...wants,
    });
    const idp = samlify.IdentityProvider({
      entityID: IDP,
      singleSignOnService: [{ Binding: HTTP_POST, Location: SSO }],
      singleLogoutService: [{ Binding: HTTP_POST, Location: SSO }],
      signingCert: signingKey.certificatePem,
      privateKey: signingKey.privateKeyPem,
      loginResponseTemplate: { context: template, attributes: [] },
    });
    const tags = {
      ID: '_r',
      AssertionID: '_a',
      Issuer: IDP,
      IssueInstant: NOW.toISOString(),
      Destination: ACS,
      Audience: SP,
      SubjectRecipient: ACS,
      InResponseTo: REQUEST_ID,
      StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
      ConditionsNotBefore: NOW.toISOString(),
      ConditionsNotOnOrAfter: '2026-11-25T10:05:00.000Z',
      SubjectConfirmationDataNotOnOrAfter: '2026-11-25T10:05:00.000Z',
      NameIDFormat: NAME_ID_FORMATS.emailAddress,
      NameID: 'ada@acme.example',
      AttributeStatement: '',
    };
    const fill = (text: string) => ({ id: '_r', context: samlify.SamlLib.replaceTagsByValue(text, tags) });
    const { context } = await idp.createLoginResponse(sp, { extract: {} }, 'post', {}, fill);
    return context;
  }

  it.each([
    ['the assertion', { wantAssertionsSigned: true, wantMessageSigned: false }],
    ['the response', { wantAssertionsSigned: false, wantMessageSigned: true }],
    ['both', { wantAssertionsSigned: true, wantMessageSigned: true }],
  ])('signed: %s', async (_title, wants) => {
    const verdict = verifyResponse(await respond(wants), expected);
    expect(verdict.ok ? [] : verdict.reasons).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, nameId: 'ada@acme.example', sessionIndex: '_s', assertionId: '_a' });
  });
});

describe('metadata of samlify, read by us', () => {
  it('identity provider', () => {
    const idp = samlify.IdentityProvider({
      entityID: IDP,
      singleSignOnService: [{ Binding: HTTP_POST, Location: SSO }],
      singleLogoutService: [{ Binding: HTTP_POST, Location: SSO }],
      signingCert: signingKey.certificatePem,
    });
    const parsed = parseIdentityProviderMetadata(idp.getMetadata());
    expect(parsed).toMatchObject({
      ok: true,
      metadata: { entityId: IDP, singleSignOn: { post: SSO, redirect: undefined } },
    });
  });

  it('service provider', () => {
    const sp = samlify.ServiceProvider({
      entityID: SP,
      assertionConsumerService: [{ Binding: HTTP_POST, Location: ACS }],
    });
    const parsed = parseServiceProviderMetadata(sp.getMetadata());
    expect(parsed).toMatchObject({
      ok: true,
      metadata: { entityId: SP, assertionConsumerServices: [{ url: ACS }], workspace: undefined },
    });
  });
});
