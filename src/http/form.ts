// A posted form: bounded, and of the one type forms have. Talks to: the network, through Request.

import { Problem } from './problem.ts';

const limit = 524_288;

/** The fields of an application/x-www-form-urlencoded body. @throws {Problem} too-large, invalid-request */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new Problem('invalid-request', 'A form was expected.');
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limit) throw new Problem('too-large', 'The form is larger than 512 KiB.');
  let size = 0;
  const chunks: Uint8Array[] = [];
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > limit) throw new Problem('too-large', 'The form is larger than 512 KiB.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
