// Metadata in: what the other end says of itself (metadata 2.3, 2.4). Pure but for node:crypto, which reads
// certificates. Hostile input with the same limits as a response. Its signature is not read: an administrator fetched
// it from an address they trust and confirms the certificates before they count.

import { type Check, Refusal, refusalOf } from '../checks.ts';
import { HTTP_POST, HTTP_REDIRECT, METADATA, METADATA_UI, PROTOCOL, XMLDSIG } from '../names.ts';
import { type CertificateDescription, describeCertificate } from '../signature/certificate.ts';
import { httpUrl } from '../xml/http-url.ts';
import { readXml } from '../xml/reader.ts';
import { childNamed, childrenNamed, descendants, isNamed, type XmlElement } from '../xml/tree.ts';
import { readHints, type WorkspaceHints } from './workspace-hints.ts';

export interface IdentityProviderMetadata {
  readonly entityId: string;
  readonly name: string | undefined;
  /** By binding; at least one is there. */
  readonly singleSignOn: { readonly redirect: string | undefined; readonly post: string | undefined };
  /** Those for signing, at least one; a certificate's `weakness` says when its signatures would be refused. */
  readonly certificates: readonly CertificateDescription[];
  readonly nameIdFormats: readonly string[];
}

export interface ServiceProviderMetadata {
  readonly entityId: string;
  readonly name: string | undefined;
  /** POST binding only, at least one, the default first. */
  readonly assertionConsumerServices: readonly { readonly url: string; readonly index?: number }[];
  readonly nameIdFormats: readonly string[];
  readonly certificates: readonly CertificateDescription[];
  /** Only in the metadata of a Rollcall workspace. */
  readonly workspace: WorkspaceHints | undefined;
}

export type ParsedMetadata<Metadata> =
  | { readonly ok: true; readonly metadata: Metadata }
  | { readonly ok: false; readonly reasons: readonly Check[] };

const CERTIFICATE_LIMIT = 8;

/** Reads the metadata of an identity provider. Never throws. `xml` is the text of the file or of the HTTP answer. */
export const parseIdentityProviderMetadata = (xml: string): ParsedMetadata<IdentityProviderMetadata> =>
  parse(() => {
    const { entity, role, ...common } = entityWithRole(xml, 'IDPSSODescriptor');
    const [redirect, post] = [HTTP_REDIRECT, HTTP_POST].map(
      (binding) => endpoints(role, 'SingleSignOnService', binding)[0]?.url,
    );
    if (redirect === undefined && post === undefined) {
      throw new Refusal('structure', 'The metadata gives no address for sign-in by redirect or POST.');
    }
    const certificates = signingCertificates(role);
    if (certificates.length === 0) throw new Refusal('certificate', 'The metadata gives no signing certificate.');
    return { ...common, name: displayName(entity, role), singleSignOn: { redirect, post }, certificates };
  });

/** Reads the metadata of a service provider. Never throws. */
export const parseServiceProviderMetadata = (xml: string): ParsedMetadata<ServiceProviderMetadata> =>
  parse(() => {
    const { entity, role, ...common } = entityWithRole(xml, 'SPSSODescriptor');
    const services = endpoints(role, 'AssertionConsumerService', HTTP_POST);
    if (services.length === 0)
      throw new Refusal('structure', 'The metadata gives no address that takes responses by POST.');
    const workspace = [entity, role].map((each) => readHints(childNamed(each, METADATA, 'Extensions'))).find(Boolean);
    return {
      ...common,
      name: displayName(entity, role) ?? workspace?.name,
      assertionConsumerServices: services.map(({ url, index }) => ({ url, ...(index === undefined ? {} : { index }) })),
      certificates: signingCertificates(role),
      workspace,
    };
  });

function parse<Metadata>(read: () => Metadata): ParsedMetadata<Metadata> {
  try {
    return { ok: true, metadata: read() };
  } catch (error) {
    return { ok: false, reasons: [refusalOf(error)] };
  }
}

function entityWithRole(xml: string, roleName: string) {
  const root = readXml(xml.replace(/^\uFEFF/, ''), 'ignored');
  const entities = [...descendants(root)].filter((each) => isNamed(each, METADATA, 'EntityDescriptor'));
  const withRole = entities.flatMap((entity) =>
    childrenNamed(entity, METADATA, roleName).map((role) => ({ entity, role })),
  );
  const [found, ...more] = withRole.filter(({ role }) => speaksSaml2(role));
  if (!found)
    throw new Refusal('structure', `This is not the metadata of a SAML 2.0 ${ROLE_WORDS[roleName]}.`, {
      received: root.local,
    });
  if (more.length > 0) throw new Refusal('structure', `The metadata describes more than one ${ROLE_WORDS[roleName]}.`);
  const entityId = found.entity.attributes.get('entityID') ?? '';
  if (entityId === '' || entityId.length > 1024)
    throw new Refusal('structure', 'The metadata gives no usable entity ID.');
  const nameIdFormats = childrenNamed(found.role, METADATA, 'NameIDFormat').map(({ text }) => text.trim());
  return { ...found, entityId, nameIdFormats };
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  IDPSSODescriptor: 'identity provider',
  SPSSODescriptor: 'service provider',
};

const speaksSaml2 = (role: XmlElement): boolean =>
  (role.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/).includes(PROTOCOL);

/** Endpoints of one binding; addresses that are not http(s) are passed over. The default first (metadata 2.2.3). */
function endpoints(role: XmlElement, local: string, binding: string) {
  const usable = childrenNamed(role, METADATA, local)
    .filter(({ attributes }) => attributes.get('Binding') === binding)
    .flatMap(({ attributes }) => {
      const url = httpUrl(attributes.get('Location'));
      const index = attributes.get('index');
      const isDefault = ['true', '1'].includes(attributes.get('isDefault') ?? '');
      return url === undefined
        ? []
        : [{ url, index: index && /^\d{1,5}$/.test(index) ? Number(index) : undefined, isDefault }];
    });
  return usable.sort((one, other) => Number(other.isDefault) - Number(one.isDefault));
}

/** KeyDescriptors for signing; one without `use` serves for both signing and encryption (metadata 2.4.1.1). */
function signingCertificates(role: XmlElement): CertificateDescription[] {
  const texts = childrenNamed(role, METADATA, 'KeyDescriptor')
    .filter(({ attributes }) => (attributes.get('use') ?? 'signing') === 'signing')
    .flatMap((descriptor) => [...descendants(descriptor)].filter((each) => isNamed(each, XMLDSIG, 'X509Certificate')))
    .map(({ text }) => text.replace(/\s/g, ''));
  const distinct = [...new Set(texts)];
  if (distinct.length > CERTIFICATE_LIMIT) {
    throw new Refusal('budget', `The metadata gives more than ${CERTIFICATE_LIMIT} certificates.`);
  }
  return distinct.map(describeCertificate);
}

function displayName(entity: XmlElement, role: XmlElement): string | undefined {
  const extensions = childNamed(role, METADATA, 'Extensions');
  const info = extensions && childNamed(extensions, METADATA_UI, 'UIInfo');
  const organization = childNamed(entity, METADATA, 'Organization');
  const names = [
    ...(info ? childrenNamed(info, METADATA_UI, 'DisplayName') : []),
    ...(organization ? childrenNamed(organization, METADATA, 'OrganizationDisplayName') : []),
  ];
  const english = names.find(({ allAttributes }) =>
    allAttributes.some(({ name, value }) => name === 'xml:lang' && value === 'en'),
  );
  return (english ?? names[0])?.text.trim().slice(0, 200) || undefined;
}
