// RelayState: where the person wanted to go (bindings 3.4.3, 3.5.3). Pure.
// It comes back through a stranger's browser, so it is only ever a path on our own origin, never an address.

const RELAY_STATE_BYTES = 80;
/** Printable ASCII without backslash: browsers read `\` as `/`, and drop tabs and line breaks inside an address. */
const LOCAL_PATH = /^\/(?!\/)[\x21-\x5B\x5D-\x7E]*$/;

/** `value` when it is a relative path on our origin of at most 80 bytes, else `/`. */
export function safeRelayState(value: string | undefined): string {
  if (value === undefined || value.length > RELAY_STATE_BYTES || !LOCAL_PATH.test(value)) return '/';
  const { origin, pathname, search, hash } = new URL(value, 'https://own.invalid');
  // Dot segments can give birth to a second leading slash (`/.//evil`): what is returned is the resolved path,
  // checked again.
  const resolved = `${pathname}${search}${hash}`;
  return origin === 'https://own.invalid' && LOCAL_PATH.test(resolved) ? resolved : '/';
}
