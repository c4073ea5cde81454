// The address of an outbound request, parsed once and judged before anything is resolved. Pure.

import { type AddressRules, allowsLoopback } from './address-rules.ts';

/** The address cannot be used; the message is a sentence for an administrator. */
export class OutboundError extends Error {
  override name = 'OutboundError';
  /** `refused`: by our rules. `unreachable`: no connection or it broke. `timeout`, `too-large`: a limit. */
  readonly kind: 'refused' | 'unreachable' | 'timeout' | 'too-large';
  constructor(kind: OutboundError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

/**
 * Parses an address typed by an administrator.
 * https only; plain http for localhost and names under .localhost, and only where loopback is allowed.
 * @throws {OutboundError} refused
 */
export function parseTarget(address: string, rules: AddressRules): URL {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u0020\u007f\\]/.test(address))
    throw new OutboundError('refused', 'The address contains a space, a backslash or a control character.');
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new OutboundError('refused', 'This is not an address. It should look like https://app.example/scim/v2.');
  }
  if (url.username !== '' || url.password !== '')
    throw new OutboundError('refused', 'Leave user name and password out of the address.');
  if (url.hash !== '') throw new OutboundError('refused', 'Leave the part after # out of the address.');
  if (url.protocol === 'http:') {
    if (!isLocalName(url.hostname) || !allowsLoopback(rules)) {
      throw new OutboundError('refused', 'The address must begin with https://.');
    }
  } else if (url.protocol !== 'https:') {
    throw new OutboundError('refused', 'The address must begin with https://.');
  }
  const port = url.port === '' ? 443 : Number(url.port);
  if (url.protocol === 'https:' && port !== 443 && port < 1024) {
    throw new OutboundError('refused', `Port ${port} is not used for web addresses.`);
  }
  return url;
}

/** Names under .localhost are this machine's (RFC 6761 section 6.3); Node does not resolve them by itself. */
export function loopbackName(hostname: string): boolean {
  return isLocalName(hostname);
}
