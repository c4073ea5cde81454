/*
 * Shows, while somebody types, how an OrgID or a credential will be read. The server reads them anew and has the last
 * word; this only takes the surprise away. Pure.
 */

/** `acme` of `acme`, `acme.example.com` and `https://host/acme/scim/v2`; undefined where no name can be read. */
export function readOrgId(typed: string): string | undefined {
  const text = typed.trim().replace(/^https?:\/\//i, '');
  const [host = '', ...path] = text.split(/[?#]/)[0]?.split('/') ?? [];
  const first = path.find((part) => part !== '');
  const word = (first ?? host.split('.')[0] ?? '').toLowerCase();
  return /^[a-z0-9-]{2,40}$/.test(word) ? word : undefined;
}

/** The token of `Authorization: Bearer t`, `Bearer t` and `t`; undefined while it is none. */
export function readCredential(typed: string): string | undefined {
  const token = typed
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^authorization\s*[:=]?\s*/i, '')
    .replace(/^bearer\s*:?\s+/i, '')
    .trim();
  return /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}

/** The last four characters of a token's random part: what it is recognized by. */
export function hintOf(token: string): string {
  const random = /^rollcall_scim_([^_]+)_[^_]+$/.exec(token)?.[1] ?? token;
  return random.slice(-4);
}
