// The filter grammar of RFC 7644 figure 1, whole: precedence (not, and, or), grouping, value paths. Pure.
// Recursive descent over a token list, linear in the text; limits are checked while reading (8 KiB, depth 32, 64 terms),
// so a hostile filter costs no more than its own length.
import { ScimError } from '../errors.ts';
import type { Comparison, Filter, Literal } from './tree.ts';

export const filterLimits = { bytes: 8192, depth: 32, terms: 64 } as const;

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: '(' | ')' | '[' | ']'; readonly at: number };

const comparisons: ReadonlySet<string> = new Set(['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le']);
const pathPattern = /^(urn:[^\s"()[\]]+:)?[a-z][-$_a-z0-9]*(\.[$a-z][-$_a-z0-9]*)?$/i;
const numberPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids raw control characters in strings.
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const wordPattern = /[^\s"()[\]]+/y;

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  terms: number;
}

/** Parses a filter. Throws ScimError invalidFilter, naming the position. */
export function parseFilter(text: string): Filter {
  if (text.length > filterLimits.bytes) throw refuse(`The filter is longer than ${filterLimits.bytes} characters.`);
  const cursor: Cursor = { tokens: tokenize(text), at: 0, depth: 0, terms: 0 };
  const filter = parseOr(cursor, false);
  const rest = cursor.tokens[cursor.at];
  if (rest) throw refuse(`The filter has something after its end, at position ${rest.at + 1}.`);
  return filter;
}

/** `attr`, `attr.sub`, `attr[filter]` and `attr[filter].sub`, as PATCH paths have them (RFC 7644 figure 7). */
export function parseValuePath(text: string): { path: string; filter?: Filter; sub?: string } {
  const open = text.indexOf('[');
  if (open < 0) return { path: text.trim() };
  const close = text.lastIndexOf(']');
  const sub = text.slice(close + 1).trim();
  if (close < open || (sub !== '' && !/^\.[$a-z][-$_a-z0-9]*$/i.test(sub))) {
    throw new ScimError('invalidPath', `The path "${text.slice(0, 200)}" is not well formed.`, text.slice(0, 200));
  }
  const path = text.slice(0, open).trim();
  if (text.length > filterLimits.bytes) throw refuse(`The path is longer than ${filterLimits.bytes} characters.`);
  const cursor: Cursor = { tokens: tokenize(text.slice(open + 1, close)), at: 0, depth: 0, terms: 0 };
  const filter = parseOr(cursor, true);
  if (cursor.at < cursor.tokens.length) throw refuse('The filter inside the path has something after its end.');
  return sub ? { path, filter, sub: sub.slice(1) } : { path, filter };
}

function refuse(detail: string): ScimError {
  return new ScimError('invalidFilter', detail);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (/\s/.test(character)) {
      at += 1;
    } else if (character === '(' || character === ')' || character === '[' || character === ']') {
      tokens.push({ kind: character, at });
      at += 1;
    } else {
      const pattern = character === '"' ? stringPattern : wordPattern;
      pattern.lastIndex = at;
      const match = pattern.exec(text)?.[0];
      if (match === undefined)
        throw refuse(`The string that starts at position ${at + 1} of the filter is not closed.`);
      tokens.push(
        character === '"' ? { kind: 'string', value: stringValue(match), at } : { kind: 'word', text: match, at },
      );
      at += match.length;
    }
  }
  return tokens;
}

function stringValue(quoted: string): string {
  const value = JSON.parse(quoted) as string;
  if (!value.isWellFormed() || value.includes('\0'))
    throw refuse('The filter compares with a string that is not valid Unicode text.');
  return value;
}

function word(cursor: Cursor, wanted: string): boolean {
  const token = cursor.tokens[cursor.at];
  return token?.kind === 'word' && token.text.toLowerCase() === wanted;
}

function parseOr(cursor: Cursor, inElement: boolean): Filter {
  cursor.depth += 1;
  if (cursor.depth > filterLimits.depth) throw refuse(`The filter is nested deeper than ${filterLimits.depth} levels.`);
  const terms = [parseAnd(cursor, inElement)];
  while (word(cursor, 'or')) {
    cursor.at += 1;
    terms.push(parseAnd(cursor, inElement));
  }
  cursor.depth -= 1;
  return terms.length === 1 ? terms[0]! : { op: 'or', terms };
}

function parseAnd(cursor: Cursor, inElement: boolean): Filter {
  const terms = [parseTerm(cursor, inElement)];
  while (word(cursor, 'and')) {
    cursor.at += 1;
    terms.push(parseTerm(cursor, inElement));
  }
  return terms.length === 1 ? terms[0]! : { op: 'and', terms };
}

function parseTerm(cursor: Cursor, inElement: boolean): Filter {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === '(') return parseGroup(cursor, inElement);
  if (word(cursor, 'not') && cursor.tokens[cursor.at + 1]?.kind === '(') {
    cursor.at += 1;
    return { op: 'not', term: parseGroup(cursor, inElement) };
  }
  if (token?.kind !== 'word') throw missing(cursor, 'an attribute');
  if (!pathPattern.test(token.text))
    throw refuse(`"${token.text.slice(0, 100)}" in the filter is not an attribute path.`);
  cursor.at += 1;
  cursor.terms += 1;
  if (cursor.terms > filterLimits.terms) throw refuse(`The filter has more than ${filterLimits.terms} comparisons.`);
  return parseTest(cursor, token.text, inElement);
}

function parseGroup(cursor: Cursor, inElement: boolean): Filter {
  cursor.at += 1;
  const filter = parseOr(cursor, inElement);
  expect(cursor, ')');
  return filter;
}

function parseTest(cursor: Cursor, path: string, inElement: boolean): Filter {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === '[') {
    if (inElement) throw refuse('A value filter in brackets cannot hold another one.');
    cursor.at += 1;
    const filter = parseOr(cursor, true);
    expect(cursor, ']');
    return { op: 'has', path, filter };
  }
  if (token?.kind !== 'word') throw missing(cursor, 'an operator');
  const op = token.text.toLowerCase();
  cursor.at += 1;
  if (op === 'pr') return { op, path };
  if (!comparisons.has(op))
    throw refuse(
      `"${token.text.slice(0, 100)}" is not a filter operator; use eq, ne, co, sw, ew, gt, ge, lt, le or pr.`,
    );
  return { op: op as Comparison, path, value: parseLiteral(cursor) };
}

function parseLiteral(cursor: Cursor): Literal {
  const token = cursor.tokens[cursor.at];
  if (token?.kind === 'string') {
    cursor.at += 1;
    return token.value;
  }
  if (token?.kind !== 'word') throw missing(cursor, 'a value');
  cursor.at += 1;
  if (token.text === 'true') return true;
  if (token.text === 'false') return false;
  if (token.text === 'null') return null;
  if (numberPattern.test(token.text) && Number.isFinite(Number(token.text))) return Number(token.text);
  throw refuse(`The value ${token.text.slice(0, 100)} in the filter must be in double quotes.`);
}

function expect(cursor: Cursor, kind: ')' | ']'): void {
  if (cursor.tokens[cursor.at]?.kind !== kind) throw missing(cursor, `"${kind}"`);
  cursor.at += 1;
}

function missing(cursor: Cursor, what: string): ScimError {
  const token = cursor.tokens[cursor.at];
  return refuse(
    token ? `The filter needs ${what} at position ${token.at + 1}.` : `The filter ends where it needs ${what}.`,
  );
}
