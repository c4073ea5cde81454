// The path of a request's URL, which is in its normal form already: nothing is parsed for it. Pure.

/** @param url absolute; of a Request. @returns without query and fragment, percent-encoded as it came */
export function pathnameOf(url: string): string {
  const from = url.indexOf('/', url.indexOf('://') + 3);
  if (from === -1) return '/';
  const rest = url.slice(from);
  const end = rest.search(/[?#]/);
  return end === -1 ? rest : rest.slice(0, end);
}
