// How two values of an attribute are compared (RFC 7643 section 2.3, RFC 7644 section 3.4.2.2): strings by caseExact,
// dates as instants, the rest as they are. Pure.
// The store keeps the same form beside each resource, so that SQL and the evaluator cannot disagree.
import type { Json } from './json.ts';
import type { Attribute } from './schema/attribute.ts';

// RFC 7643 section 2.3.5 wants xsd:dateTime; a date alone is taken as its midnight.
const datePattern = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[-+]\d{2}:\d{2})?)?$/;

/** Without case and in one composition: 7644 section 7.8 asks for a precis-like preparation; NFKC is the part that matters. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Milliseconds since 1970, undefined when the text is no date. A time without a zone is UTC. */
export function instantOf(text: string): number | undefined {
  const match = datePattern.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const milliseconds = (fraction || '.').slice(0, 4).padEnd(4, '0');
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${milliseconds}${zone}`);
  if (Number.isNaN(instant)) return undefined;
  // Date.parse takes 31 February for 3 March.
  const local = new Date(Date.parse(`${year}-${month}-${day}T00:00:00Z`));
  return local.getUTCDate() === Number(day) ? instant : undefined;
}

/** The form in which a value of `attribute` is compared; also for the literal it is compared with. */
export function comparable(attribute: Attribute, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (attribute.type === 'dateTime') {
    const instant = instantOf(value);
    // Fixed width, so that the order of the text is the order of time.
    return instant === undefined ? value : new Date(instant).toISOString();
  }
  const folded = attribute.caseExact || attribute.type === 'binary' ? value : foldCase(value);
  // " ada" beside "ada" would be two people with one name.
  return attribute.uniqueness === 'none' ? folded : folded.trim();
}

/** Order by code point, as PostgreSQL's "C" collation has it for UTF-8; JavaScript's < goes by UTF-16 unit. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return isSurrogate(a) !== isSurrogate(b) ? (isSurrogate(a) ? 1 : -1) : a - b;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
