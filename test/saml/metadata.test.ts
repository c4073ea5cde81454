// S32: metadata out and in, for both roles; hostile metadata; the hints of our own workspaces.

import { describe, expect, it } from 'vitest';
import type { CheckName } from '../../src/saml/checks.ts';
import { parseIdentityProviderMetadata, parseServiceProviderMetadata } from '../../src/saml/metadata/read-metadata.ts';
import type { WorkspaceHints } from '../../src/saml/metadata/workspace-hints.ts';
import { identityProviderMetadata, serviceProviderMetadata } from '../../src/saml/metadata/write-metadata.ts';
import { NAME_ID_FORMATS } from '../../src/saml/names.ts';
import { certificateBase64 } from '../../src/saml/signature/certificate.ts';
import { edit } from './documents.ts';
import { ACS, IDP, NOW, SP, signingKey, strangersKey } from './identities.ts';
import { certificateOf } from './odd-certificates.ts';

const SSO = 'https://identity.example/acme/saml/sso';
const workspace: WorkspaceHints = {
  orgId: 'acme',
  name: 'Acme "& Sons"',
  serviceUrl: 'https://rollcall.example',
  scimBaseUrl: 'https://rollcall.example/acme/scim/v2',
  signInUrl: 'https://rollcall.example/acme',
};
const spOptions = {
  entityId: SP,
  acsUrl: ACS,
  nameIdFormat: NAME_ID_FORMATS.unspecified,
  displayName: 'Acme in Rollcall',
};
const spXml = serviceProviderMetadata({ ...spOptions, workspace });
const idpXml = identityProviderMetadata({
  entityId: IDP,
  singleSignOnUrl: SSO,
  nameIdFormats: [NAME_ID_FORMATS.unspecified, NAME_ID_FORMATS.persistent],
  signingCertificates: [signingKey.certificatePem, strangersKey.certificatePem],
  displayName: 'Acme directory',
});

describe('metadata of our own, read back', () => {
  it('service provider, with the hints of the workspace', () => {
    expect(parseServiceProviderMetadata(spXml)).toEqual({
      ok: true,
      metadata: {
        entityId: SP,
        name: 'Acme in Rollcall',
        assertionConsumerServices: [{ url: ACS, index: 0 }],
        nameIdFormats: [NAME_ID_FORMATS.unspecified],
        certificates: [],
        workspace,
      },
    });
    expect(spXml).toContain('WantAssertionsSigned="true"');
  });

  it('service provider, without hints and name', () => {
    const { displayName: _, ...bare } = spOptions;
    expect(parseServiceProviderMetadata(serviceProviderMetadata(bare))).toMatchObject({
      ok: true,
      metadata: { name: undefined, workspace: undefined },
    });
  });

  it('identity provider, with both certificates and their validity', () => {
    const outcome = parseIdentityProviderMetadata(idpXml);
    expect(outcome).toMatchObject({
      ok: true,
      metadata: {
        entityId: IDP,
        name: 'Acme directory',
        singleSignOn: { redirect: SSO, post: SSO },
        nameIdFormats: [NAME_ID_FORMATS.unspecified, NAME_ID_FORMATS.persistent],
        certificates: [
          {
            pem: signingKey.certificatePem,
            subject: 'CN=Identity of the tests',
            notBefore: NOW,
            notAfter: new Date('2027-11-25T10:00:00Z'),
          },
          { pem: strangersKey.certificatePem },
        ],
      },
    });
    expect(outcome.ok && outcome.metadata.certificates[0]).not.toHaveProperty('weakness');
  });
});

describe('hints that cannot be used are left out, the rest is read', () => {
  it.each([
    ['OrgID', ''],
    ['Name', ''],
    ['ServiceURL', 'javascript:alert(1)'],
    ['SCIMBaseURL', 'ftp://x'],
    ['SignInURL', 'https://user:secret@rollcall.example/acme'],
    ['SignInURL', '/acme'],
  ])('%s="%s"', (attribute, value) => {
    const outcome = parseServiceProviderMetadata(
      edit(spXml, new RegExp(` ${attribute}="[^"]*"`), ` ${attribute}="${value}"`),
    );
    expect(outcome).toMatchObject({ ok: true, metadata: { entityId: SP, workspace: undefined } });
  });
});

describe('metadata as other products write it', () => {
  it('comments, a byte order mark, an XML declaration, a certificate broken into lines, no use', () => {
    const base64 = certificateBase64(signingKey.certificatePem);
    const lines = `\n${base64.replace(/.{64}/g, '$&\n')}\n`;
    const xml = edit(edit(idpXml, base64, lines), ' use="signing"', '').replace(
      '<md:IDPSSO',
      '<!-- by hand --><md:IDPSSO',
    );
    const outcome = parseIdentityProviderMetadata(`\uFEFF<?xml version="1.0" encoding="utf-8"?>\n${xml}`);
    expect(outcome.ok && outcome.metadata.certificates.map(({ pem }) => pem)).toEqual([
      signingKey.certificatePem,
      strangersKey.certificatePem,
    ]);
  });

  it('one entity with the role inside EntitiesDescriptor', () => {
    const both = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${spXml}${idpXml}</md:EntitiesDescriptor>`;
    expect(parseIdentityProviderMetadata(both)).toMatchObject({ ok: true, metadata: { entityId: IDP } });
    expect(parseServiceProviderMetadata(both)).toMatchObject({ ok: true, metadata: { entityId: SP } });
  });

  it('the default ACS URL first, other bindings and schemes passed over', () => {
    const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
    const services =
      `<md:AssertionConsumerService Binding="${post}" Location="https://a.example/" index="1"/>` +
      `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact" Location="https://b.example/" index="2"/>` +
      `<md:AssertionConsumerService Binding="${post}" Location="javascript:alert(1)" index="3"/>`;
    const outcome = parseServiceProviderMetadata(
      edit(spXml, '<md:AssertionConsumerService ', `${services}<md:AssertionConsumerService `),
    );
    expect(outcome.ok && outcome.metadata.assertionConsumerServices).toEqual([
      { url: ACS, index: 0 },
      { url: 'https://a.example/', index: 1 },
    ]);
  });

  it('says why signatures with a weak certificate will be refused', async () => {
    const weak = await certificateOf({
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    });
    const xml = edit(idpXml, certificateBase64(signingKey.certificatePem), certificateBase64(weak.certificate));
    const outcome = parseIdentityProviderMetadata(xml);
    expect(outcome.ok && outcome.metadata.certificates[0]?.weakness).toBe('an RSA key of 1024 bits');
  });
});

describe('S32 hostile metadata', () => {
  const keys = Array.from(
    { length: 9 },
    (_, index) =>
      `<md:KeyDescriptor><ds:X509Certificate xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${index}</ds:X509Certificate></md:KeyDescriptor>`,
  );
  const ROWS: [string, CheckName, string][] = [
    ['a DOCTYPE', 'markup', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${idpXml}`],
    ['a processing instruction', 'markup', `<?xml-stylesheet href="x"?>${idpXml}`],
    [
      '2,001 elements',
      'budget',
      edit(idpXml, '</md:EntityDescriptor>', `${'<x/>'.repeat(2001)}</md:EntityDescriptor>`),
    ],
    [
      '49 levels',
      'budget',
      edit(idpXml, '</md:EntityDescriptor>', `${'<x>'.repeat(49)}${'</x>'.repeat(49)}</md:EntityDescriptor>`),
    ],
    ['more than 256 KiB', 'size', `${idpXml}${' '.repeat(256 * 1024)}`],
    ['HTML', 'xml', '<!doctype html><p>Sign in'],
    ['nothing', 'xml', ''],
    ['the metadata of a service provider', 'structure', spXml],
    [
      'two identity providers',
      'structure',
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${idpXml}${idpXml}</md:EntitiesDescriptor>`,
    ],
    [
      'SAML 1.1',
      'structure',
      edit(
        idpXml,
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"',
        'protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"',
      ),
    ],
    [
      'S12 the role in a foreign namespace',
      'structure',
      edit(
        edit(idpXml, '<md:IDPSSO', '<x:IDPSSO').replace('</md:IDPSSO', '</x:IDPSSO'),
        'xmlns:md=',
        'xmlns:x="urn:x" xmlns:md=',
      ),
    ],
    ['no entity ID', 'structure', edit(idpXml, ` entityID="${IDP}"`, '')],
    ['no certificate', 'certificate', edit(idpXml, /<md:KeyDescriptor.*<\/md:KeyDescriptor>/, '')],
    ['only a certificate for encryption', 'certificate', edit(idpXml, 'use="signing"', 'use="encryption"')],
    [
      'a certificate that is none',
      'certificate',
      edit(idpXml, /<ds:X509Certificate>[^<]*/, '<ds:X509Certificate>AAAA'),
    ],
    ['nine certificates', 'budget', edit(idpXml, /<md:KeyDescriptor.*<\/md:KeyDescriptor>/, keys.join(''))],
    ['an address that is a script', 'structure', edit(idpXml, `Location="${SSO}"`, 'Location="javascript:alert(1)"')],
    ['no address', 'structure', edit(idpXml, /<md:SingleSignOnService [^>]*>/, '')],
  ];
  it.each(ROWS)('refuses %s as %s', (_title, check, xml) => {
    const outcome = parseIdentityProviderMetadata(xml);
    expect(outcome.ok ? [] : outcome.reasons.map((reason) => reason.check)).toEqual([check]);
  });

  it('refuses a service provider without an ACS URL for POST', () => {
    const outcome = parseServiceProviderMetadata(edit(spXml, 'HTTP-POST', 'HTTP-Artifact'));
    expect(outcome.ok ? [] : outcome.reasons.map((reason) => reason.check)).toEqual(['structure']);
  });
});
