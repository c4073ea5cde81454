// The body of a request as text, under a limit and as JSON media types only. Talks to: the request's stream.
// RFC 7644 section 3.1 asks for application/scim+json; any JSON type and none at all are read too, nothing else is.
import { ScimError } from '../../scim/errors.ts';
import { readBounded } from '../bounded-body.ts';

const maxBodyBytes = 5 * 1024 * 1024;

const jsonType = /^(?:application\/(?:[a-z0-9.-]+\+)?json|text\/json)$/;

/** Throws ScimError unsupportedMediaType for a type or charset that is clearly something else. */
export function requireJson(contentType: string | null, contentEncoding: string | null): void {
  if (contentEncoding && contentEncoding.trim().toLowerCase() !== 'identity') {
    throw new ScimError('unsupportedMediaType', 'Compressed request bodies are not read; send the JSON as it is.');
  }
  if (contentType === null || contentType.trim() === '') return;
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters
    .find((each) => each.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '')
    .trim();
  if (jsonType.test(type) && (charset === undefined || charset === 'utf-8' || charset === 'utf8')) return;
  throw new ScimError(
    'unsupportedMediaType',
    'The body must be JSON in UTF-8, with the Content-Type application/scim+json or application/json.',
  );
}

const strict = new TextDecoder('utf-8', { fatal: true });

export async function readBody(request: Request): Promise<string> {
  const bytes = await readBounded(request, maxBodyBytes);
  if (!bytes) {
    throw new ScimError(
      'tooLarge',
      `The request body is larger than ${maxBodyBytes / 1024 / 1024} MiB; send it in parts.`,
    );
  }
  try {
    return strict.decode(bytes);
  } catch {
    throw new ScimError('invalidSyntax', 'The request body is not valid UTF-8.');
  }
}
