// What every answer to a browser carries, and which writing requests are believed to come from our own pages.
// Cookies: `__Host-` and Secure over https; over http, which is for localhost alone, another name per end, because ports
// of one host share their cookies.

import { Problem } from './problem.ts';

export interface SiteIdentity {
  /** `workspace` or `identity`: names the cookie. */
  name: 'workspace' | 'identity';
  /** Origin as configured; links are built from it, never from the Host header. */
  publicUrl: string;
}

function isSecure(site: SiteIdentity): boolean {
  return site.publicUrl.startsWith('https:');
}

export function cookieName(site: SiteIdentity, purpose: 'session' | 'saml'): string {
  const name = `rollcall_${site.name}${purpose === 'session' ? '' : '_saml'}`;
  return isSecure(site) ? `__Host-${name}` : name;
}

/** The session cookie is Lax: a Strict one, set by the cross-site POST of a SAML response, is missing on the next page. */
export function sessionCookie(site: SiteIdentity, value: string, maxAgeSeconds: number): string {
  return `${cookieName(site, 'session')}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${isSecure(site) ? '; Secure' : ''}`;
}

/** Binds a SAML request to its browser. It must arrive with a cross-site POST, hence None, which needs Secure. */
export function samlCookie(site: SiteIdentity, value: string, maxAgeSeconds: number): string {
  return `${cookieName(site, 'saml')}=${value}; Path=/; HttpOnly; Secure; SameSite=None; Max-Age=${maxAgeSeconds}`;
}

export function readCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * Refuses a writing request that does not come from a page of this origin. `Sec-Fetch-Site` is set by the browser and
 * cannot be forged by a page; sibling sites count as foreign. Without it, Origin must be ours; without both, only a
 * program without our cookie is let through (it has nothing to ride on).
 * @throws {Problem} cross-site
 */
export function refuseCrossSite(request: Request, site: SiteIdentity): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const fetchSite = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const hasCookie = readCookie(request, cookieName(site, 'session')) !== undefined;
  if (fetchSite === 'same-origin') return;
  if (fetchSite === 'none' && !hasCookie) return;
  if (fetchSite === null && origin === site.publicUrl) return;
  if (fetchSite === null && origin === null && !hasCookie) return;
  throw new Problem(
    'cross-site',
    'This request came from another site and was refused. Use the page of this address itself.',
  );
}

/** Headers of every answer. `nonce` marks our own scripts and styles; `formAction` is the one origin a SAML form posts to. */
export function securityHeaders(
  site: SiteIdentity,
  options: { nonce?: string; formAction?: string } = {},
): Record<string, string> {
  const source = options.nonce === undefined ? "'none'" : `'nonce-${options.nonce}'`;
  const policy = [
    "default-src 'none'",
    `script-src ${source}${options.nonce === undefined ? '' : " 'strict-dynamic'"}`,
    `style-src ${source}`,
    "font-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    `form-action ${options.formAction ?? "'self'"}`,
  ].join('; ');
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(isSecure(site) ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  };
}
