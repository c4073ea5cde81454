// What our own workspaces add to their metadata, so that pasting one address fills a whole form at the identity
// provider (extension point: metadata 2.3.2, md:Extensions). Pure. Hints, not proof: they prefill fields that a person
// confirms. Metadata without them is just as good.

import { ROLLCALL_METADATA } from '../names.ts';
import { httpUrl } from '../xml/http-url.ts';
import { childNamed, type XmlElement } from '../xml/tree.ts';
import { element, type XmlNode } from '../xml/writer.ts';

export interface WorkspaceHints {
  /** The workspace's slug, which is its OrgID. */
  readonly orgId: string;
  readonly name: string;
  /** Host and address of the service, without the workspace: `https://rollcall.example`. */
  readonly serviceUrl: string;
  /** SCIM base URL of the workspace. */
  readonly scimBaseUrl: string;
  /** Where people start to sign in. */
  readonly signInUrl: string;
}

export function hintsElement(hints: WorkspaceHints): XmlNode {
  return element('rollcall:Workspace', {
    'xmlns:rollcall': ROLLCALL_METADATA,
    OrgID: hints.orgId,
    Name: hints.name,
    ServiceURL: hints.serviceUrl,
    SCIMBaseURL: hints.scimBaseUrl,
    SignInURL: hints.signInUrl,
  });
}

/** The hints in md:Extensions; undefined when there are none, or when they are not whole or not http addresses. */
export function readHints(extensions: XmlElement | undefined): WorkspaceHints | undefined {
  const workspace = extensions && childNamed(extensions, ROLLCALL_METADATA, 'Workspace');
  if (!workspace) return undefined;
  const orgId = workspace.attributes.get('OrgID');
  const name = workspace.attributes.get('Name');
  const serviceUrl = httpUrl(workspace.attributes.get('ServiceURL'));
  const scimBaseUrl = httpUrl(workspace.attributes.get('SCIMBaseURL'));
  const signInUrl = httpUrl(workspace.attributes.get('SignInURL'));
  if (!orgId || !name || !serviceUrl || !scimBaseUrl || !signInUrl) return undefined;
  return { orgId, name, serviceUrl, scimBaseUrl, signInUrl };
}
