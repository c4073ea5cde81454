// How a SAML message travels: base64 in a form field (bindings 3.5) or deflated and base64 in a URL (bindings 3.4).
// Pure but for zlib. Every limit is applied before the next step costs anything; an inflating bomb stops at the limit.

import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Refusal } from '../checks.ts';

/** Of the base64 text as received, and of the inflated message. */
const MESSAGE_LIMIT = 256 * 1024;

/** Bytes of strict base64: its alphabet, correct padding, no stray bits. Line breaks (RFC 2045) are taken out first. */
function decodeBase64(text: string): Buffer {
  if (text.length > MESSAGE_LIMIT) {
    throw new Refusal('size', `The message is longer than ${MESSAGE_LIMIT} characters.`, {
      received: `${text.length} characters`,
    });
  }
  const compact = text.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(compact, 'base64');
  // Buffer reads past what it does not understand; only what it would write the same way was base64.
  if (compact === '' || bytes.toString('base64') !== compact) {
    throw new Refusal('encoding', 'The message is not complete base64.');
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('encoding', 'The message is not UTF-8.');
  }
}

/** The XML of a message sent by the HTTP-POST binding. Throws Refusal: `size` or `encoding`. */
export const decodePostMessage = (field: string): string => decodeUtf8(decodeBase64(field));

/** The XML of a message sent by the HTTP-Redirect binding. Throws Refusal: `size` or `encoding`. */
export function decodeRedirectMessage(parameter: string): string {
  const deflated = decodeBase64(parameter);
  try {
    return decodeUtf8(inflateRawSync(deflated, { maxOutputLength: MESSAGE_LIMIT }));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal('size', `The message inflates to more than ${MESSAGE_LIMIT} bytes.`);
    }
    throw new Refusal('encoding', 'The message is not deflated data.');
  }
}

export const encodePostMessage = (xml: string): string => Buffer.from(xml, 'utf8').toString('base64');

export const encodeRedirectMessage = (xml: string): string => deflateRawSync(xml).toString('base64');
