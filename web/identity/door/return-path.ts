/* Where a sign-in goes on: a path of this origin and nothing else, whatever the address says. Pure. */

/** @returns path and query; undefined for `//elsewhere.example`, `/\elsewhere.example` and anything that is no path */
export function returnPath(text: string | null, origin: string): string | undefined {
  if (text === null || !/^\/(?![/\\])/.test(text) || !URL.canParse(text, origin)) return undefined;
  const url = new URL(text, origin);
  return url.origin === origin ? url.pathname + url.search : undefined;
}
