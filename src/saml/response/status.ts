// samlp:Status: the outer code, the codes nested in it, and the message (core 3.2.2). Pure.
// Only the outer code decides; the inner ones and the message explain, and are a stranger's words.

import { PROTOCOL } from '../names.ts';
import { childNamed, type XmlElement } from '../xml/tree.ts';

/** The status codes from the outside in; empty when there is no Status. */
export function statusCodes(response: XmlElement): string[] {
  const codes: string[] = [];
  const status = childNamed(response, PROTOCOL, 'Status');
  let code = status && childNamed(status, PROTOCOL, 'StatusCode');
  while (code) {
    codes.push(code.attributes.get('Value') ?? '');
    code = childNamed(code, PROTOCOL, 'StatusCode');
  }
  return codes;
}

/** What the identity provider says went wrong, in a sentence. */
export function statusSentence(response: XmlElement): string {
  const status = childNamed(response, PROTOCOL, 'Status');
  const message = status && childNamed(status, PROTOCOL, 'StatusMessage')?.text.trim();
  const code = statusCodes(response).at(-1)?.split(':').at(-1) || 'no status';
  return `The identity provider reports a failure: ${code}${message ? ` (${message.slice(0, 200)})` : ''}.`;
}
