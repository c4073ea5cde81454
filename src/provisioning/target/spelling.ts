// What an administrator types about an app, in any spelling, made into what is sent. Pure.
// An OrgID may come as the slug, with the domain behind it, or as an address; a credential with or without the header's
// name and scheme in front of it.

/** The word that names a workspace; undefined when none can be read. `acme`, `acme.example.com`, `https://host/acme/scim/v2` */
export function normalizeOrgId(typed: string): string | undefined {
  const text = typed.trim();
  const address = /^https?:\/\/([^/?#]+)([^?#]*)/i.exec(text);
  const host = address?.[1] ?? text.split('/')[0] ?? '';
  const [first] = (address?.[2] ?? text.slice(host.length)).split('/').filter((part) => part !== '');
  // An address with a path names the workspace there; one without names it by the host's first label.
  const word = (first ?? host.split('.')[0] ?? '').toLowerCase();
  return /^[a-z0-9-]{2,40}$/.test(word) ? word : undefined;
}

/** The token alone: `Authorization: Bearer t`, `Authorization: t`, `Bearer t` and `t` are all `t`. */
export function normalizeCredential(typed: string): string | undefined {
  const token = typed
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^authorization\s*[:=]?\s*/i, '')
    .replace(/^bearer\s*:?\s+/i, '')
    .trim();
  return token === '' || /\s/.test(token) || !/^[\x21-\x7e]+$/.test(token) ? undefined : token;
}

/** A base URL as requests are appended to it: no slash, query or fragment at its end. */
export function normalizeBaseUrl(typed: string): string | undefined {
  const text = typed.trim();
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Where a Rollcall workspace speaks SCIM. @param host origin of the service */
export function workspaceBaseUrl(host: string, orgId: string): string {
  return `${host.replace(/\/+$/, '')}/${orgId}/scim/v2`;
}

/** What a saved credential is bound to: it never goes anywhere else. */
export function originOf(baseUrl: string): string | undefined {
  return URL.canParse(baseUrl) ? new URL(baseUrl).origin : undefined;
}
