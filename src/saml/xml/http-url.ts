// Addresses in documents from outside: absolute http or https, or nothing. Pure.
// The text is kept as it was written, because SAML compares addresses letter by letter.

/**
 * `text` when it is an absolute http(s) URL without user name or fragment. Whether http is allowed is the caller's
 * rule.
 */
export function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2048 || !URL.canParse(text)) return undefined;
  const { protocol, username, password, hash } = new URL(text);
  const plain = (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' && hash === '';
  return plain && /^https?:\/\/\S+$/i.test(text) ? text : undefined;
}
