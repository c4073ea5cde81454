// Bound values as PostgreSQL reads them, in text. Pure.

// biome-ignore lint/suspicious/noControlCharactersInRegex: what JSON writes with a letter, and an array literal as it is.
const unlikeJson = /[\u0000-\u001f\ud800-\udfff]/;

/** In an array literal. JSON quotes the same way as long as there is nothing else to escape, and at half the cost. */
function quoted(text: string): string {
  if (!unlikeJson.test(text)) return JSON.stringify(text);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function element(value: unknown): string {
  const wire = toWire(value);
  if (wire === null) return 'NULL';
  if (Array.isArray(value)) return wire.toString();
  return quoted(typeof wire === 'string' ? wire : `\\x${wire.toString('hex')}`);
}

/** Null for null and undefined; arrays as array literals; dates in UTC; other objects as JSON; bytes as they are. */
export function toWire(value: unknown): string | Buffer | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return `{${value.map(element).join(',')}}`;
  return JSON.stringify(value);
}
