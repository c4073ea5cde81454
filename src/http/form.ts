// A posted form: bounded, and of the one type forms have. Talks to: the network, through Request.

import { readBounded } from './bounded-body.ts';
import { Problem } from './problem.ts';

const limit = 524_288;

/** The fields of an application/x-www-form-urlencoded body. @throws {Problem} too-large, invalid-request */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    throw new Problem('invalid-request', 'A form was expected.');
  const body = await readBounded(request, limit);
  if (!body) throw new Problem('too-large', 'The form is larger than 512 KiB.');
  return new URLSearchParams(body.toString('utf8'));
}
