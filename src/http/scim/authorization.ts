// The Authorization header in the spellings people paste it in (RFC 6750 section 2.1, and the vendors' forms). Pure.
// A token without "Bearer", or with the header's own name pasted in front, is taken only when it carries our prefix:
// nothing else is ever guessed.

const tokenPrefix = 'rollcall_scim_';

const pattern = /^(authorization\s*:?\s*)?((?:bearer\s+)*)(authorization\s*:?\s*)?((?:bearer\s+)*)(\S+)$/i;

/** The token, or undefined when the header holds none that could be one. */
export function readToken(header: string | null): string | undefined {
  const match = pattern.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const [, pasted, scheme, pastedInside, , token = ''] = match;
  if (token.toLowerCase() === 'bearer') return undefined;
  const plain = scheme && !pasted && !pastedInside;
  return plain || token.startsWith(tokenPrefix) ? token : undefined;
}
