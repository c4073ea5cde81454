// Adding an app from its SAML metadata: an address or the XML itself. Talks to: the address that was pasted.
// Metadata of a Rollcall workspace says besides where its SCIM is; it prefills, an administrator confirms.

import { Refusal } from '../accounts/refusal.ts';
import { OutboundError } from '../outbound/target.ts';
import type { ExchangeFunction } from '../provisioning/target/client.ts';
import { workspaceBaseUrl } from '../provisioning/target/spelling.ts';
import { parseServiceProviderMetadata, type ServiceProviderMetadata } from '../saml/metadata/read-metadata.ts';
import type { AppStore, Connector } from './app.ts';
import type { Cause } from './directory.ts';

export type MetadataSource = { url: string } | { xml: string };

function refuse(detail: string): never {
  const error = { pointer: '/metadata', detail };
  throw new Refusal('invalid-request', detail, { errors: [error] });
}

async function load(exchange: ExchangeFunction, url: string): Promise<string> {
  const response = await exchange({ method: 'GET', url: url.trim(), maxBytes: 262_144 }).catch((error) => {
    if (!(error instanceof OutboundError)) throw error;
    throw new Refusal('remote-failed', error.message, { errors: [{ pointer: '/metadata', detail: error.message }] });
  });
  if (response.status !== 200) {
    const detail = `The address answered ${response.status}, not with metadata. Copy the metadata URL from the app’s SAML page.`;
    throw new Refusal('remote-failed', detail, { errors: [{ pointer: '/metadata', detail }] });
  }
  return response.body;
}

export async function readAppMetadata(
  exchange: ExchangeFunction,
  source: MetadataSource,
): Promise<ServiceProviderMetadata> {
  const xml = 'url' in source ? await load(exchange, source.url) : source.xml;
  const parsed = parseServiceProviderMetadata(xml);
  if (!parsed.ok) refuse(parsed.reasons[0]?.sentence ?? 'This is not SAML metadata of an app.');
  return parsed.metadata;
}

/** What metadata says, for a form. */
export function previewOf(metadata: ServiceProviderMetadata) {
  const { entityId, assertionConsumerServices, workspace } = metadata;
  return {
    name: workspace?.name ?? metadata.name ?? new URL(assertionConsumerServices[0]?.url ?? entityId).host,
    entityId,
    acsUrls: assertionConsumerServices.map(({ url }) => url),
    orgId: workspace?.orgId ?? null,
    baseUrl: workspace?.scimBaseUrl ?? null,
    signInUrl: workspace?.signInUrl ?? null,
  };
}

export interface AddAppInput {
  connector: Connector;
  name: string;
  metadata: MetadataSource;
  assignTo: string | undefined;
}

export async function addApp(
  ports: { exchange: ExchangeFunction; apps: AppStore },
  tenant: string,
  input: AddAppInput,
  cause: Cause,
): Promise<string> {
  const metadata = await readAppMetadata(ports.exchange, input.metadata);
  const { workspace } = metadata;
  if (input.connector === 'rollcall' && !workspace)
    refuse('This is not the metadata of a Rollcall workspace. Add it as a generic SCIM v2 app.');
  const { entityId, acsUrls, signInUrl } = previewOf(metadata);
  const host = workspace ? new URL(workspace.serviceUrl).origin : null;
  const isRollcall = input.connector === 'rollcall' && workspace && host !== null;
  return ports.apps.addApp(
    tenant,
    {
      ...{ connector: input.connector, name: input.name, entityId, acsUrls, signInUrl },
      host: isRollcall ? host : null,
      orgId: isRollcall ? workspace.orgId : null,
      baseUrl: isRollcall ? workspaceBaseUrl(host, workspace.orgId) : (workspace?.scimBaseUrl ?? ''),
    },
    cause,
    input.assignTo,
  );
}
