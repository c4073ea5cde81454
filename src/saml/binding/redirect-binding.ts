// The HTTP-Redirect binding, outwards: a message in the query of a URL (bindings 3.4). Pure but for zlib.
// The endpoint may have a query of its own (Microsoft's and Google's do); it is kept.

import { encodeRedirectMessage } from './message-encoding.ts';

/**
 * The address to send the browser to. `destination` must be an absolute URL; `relayState` is at most 80 bytes (3.4.3).
 */
export function redirectUrl(destination: string, message: { samlRequest: string; relayState?: string }): string {
  const url = new URL(destination);
  url.searchParams.set('SAMLRequest', encodeRedirectMessage(message.samlRequest));
  if (message.relayState !== undefined) url.searchParams.set('RelayState', message.relayState);
  return url.href;
}
