// Filter text as clients write it (bare values, booleans in quotes, `emails[type eq "work"].value eq "x"`, names no schema
// has) as RFC 7644 section 3.4.2.2 has it. Pure.
// Works on tokens and gives up at the first thing it does not understand: the text then reaches the strict parser as it
// came, which refuses it with a sentence. Notes name attributes and never values: a filter may hold a secret.
import { filterLimits } from '../../scim/filter/parse.ts';
import { type ResolvedPath, resolvePath } from '../../scim/path.ts';
import { type Attribute, subAttribute } from '../../scim/schema/attribute.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewriteName } from './urns.ts';

interface Reader {
  readonly rewriting: Rewriting;
  readonly tokens: readonly string[];
  readonly notes: string[];
  at: number;
  depth: number;
}

class NotUnderstood extends Error {}

const tokenPattern = /\s*("(?:[^"\\]|\\.)*"|[()[\]]|[^\s"()[\]]+)/y;
const joins: ReadonlySet<string> = new Set(['and', 'or']);

/** The whole text of a `filter` parameter. */
export function rewriteFilter(rewriting: Rewriting, text: string): string {
  return rewriteText(rewriting, text, undefined);
}

/** The text between the brackets of a value path over `attribute`. */
export function rewriteElementFilter(rewriting: Rewriting, text: string, attribute: Attribute): string {
  return rewriteText(rewriting, text, attribute);
}

function rewriteText(rewriting: Rewriting, text: string, element: Attribute | undefined): string {
  if (text.length > filterLimits.bytes) return text;
  const tokens = tokensOf(text);
  if (!tokens) return text;
  const reader: Reader = { rewriting, tokens, notes: [], at: 0, depth: 0 };
  try {
    const rewritten = readTerms(reader, element);
    if (reader.at < tokens.length || reader.notes.length === 0) return text;
    for (const words of reader.notes) note(rewriting, words);
    return rewritten;
  } catch (error) {
    if (error instanceof NotUnderstood) return text;
    throw error;
  }
}

/** Undefined: a string is not closed. Stops at the first one, so that the work is linear in the text. */
function tokensOf(text: string): string[] | undefined {
  const whole = text.trimEnd();
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < whole.length) {
    const token = tokenPattern.exec(whole)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function next(reader: Reader): string {
  const token = reader.tokens[reader.at];
  if (token === undefined) throw new NotUnderstood();
  reader.at += 1;
  return token;
}

function readTerms(reader: Reader, element: Attribute | undefined): string {
  reader.depth += 1;
  if (reader.depth > filterLimits.depth) throw new NotUnderstood();
  const parts = [readTerm(reader, element)];
  while (joins.has(reader.tokens[reader.at]?.toLowerCase() ?? '')) {
    parts.push(next(reader).toLowerCase(), readTerm(reader, element));
  }
  reader.depth -= 1;
  return parts.join(' ');
}

function readTerm(reader: Reader, element: Attribute | undefined): string {
  const token = next(reader);
  if (token === '(') return readGroup(reader, element);
  if (token.toLowerCase() === 'not' && reader.tokens[reader.at] === '(') {
    reader.at += 1;
    return `not ${readGroup(reader, element)}`;
  }
  if (/^["()[\]]/.test(token)) throw new NotUnderstood();
  const path = element ? token : rewriteName(reader.rewriting, token, (words) => reader.notes.push(words));
  const found = element ? undefined : resolvePath(reader.rewriting.type, path);
  if (reader.tokens[reader.at] === '[') return readValuePath(reader, path, found);
  const leaf = element ? subAttribute(element, token) : leafOf(found);
  return readComparison(reader, path, leaf);
}

function readGroup(reader: Reader, element: Attribute | undefined): string {
  const inner = readTerms(reader, element);
  if (next(reader) !== ')') throw new NotUnderstood();
  return `(${inner})`;
}

/** `attr[filter]`, and `attr[filter].sub op value`, which the grammar does not have: one value must meet both. */
function readValuePath(reader: Reader, path: string, found: ResolvedPath | undefined): string {
  const attribute = found?.attribute;
  if (!attribute || found.sub) throw new NotUnderstood();
  reader.at += 1;
  const inner = readTerms(reader, attribute);
  if (next(reader) !== ']') throw new NotUnderstood();
  const after = reader.tokens[reader.at];
  if (!after?.startsWith('.')) return `${path}[${inner}]`;
  reader.at += 1;
  const name = after.slice(1);
  const comparison = readComparison(reader, name, subAttribute(attribute, name));
  reader.notes.push(`read the "${after}" behind the brackets of "${path}" as a part of the filter inside them`);
  return `${path}[${/\bor\b/i.test(inner) ? `(${inner})` : inner} and ${comparison}]`;
}

/** What a path is compared by: a complex attribute by its `value`. */
function leafOf(found: ResolvedPath | undefined): Attribute | undefined {
  const { attribute, sub } = found ?? {};
  if (!attribute || sub) return sub;
  return attribute.subAttributes ? subAttribute(attribute, 'value') : attribute;
}

function readComparison(reader: Reader, path: string, leaf: Attribute | undefined): string {
  const operator = next(reader);
  if (!/^[a-z]{2}$/i.test(operator)) throw new NotUnderstood();
  if (operator.toLowerCase() === 'pr') return `${path} pr`;
  const value = next(reader);
  if (/^[()[\]]/.test(value)) throw new NotUnderstood();
  const read = readLiteral(value, leaf);
  if (read.words) reader.notes.push(`${read.words} "${path}" in the filter`);
  return `${path} ${operator.toLowerCase()} ${read.value}`;
}

function readLiteral(value: string, leaf: Attribute | undefined): { value: string; words?: string } {
  const plain = value.replace(/^"(.*)"$/s, '$1');
  if (leaf?.type === 'boolean') {
    const read = /^(true|false)$/i.test(plain) ? plain.toLowerCase() : undefined;
    return read && read !== value ? { value: read, words: 'read as true or false the value compared with' } : { value };
  }
  const isText = leaf !== undefined && !['integer', 'decimal'].includes(leaf.type);
  if (!isText || value.startsWith('"') || value === 'null') return { value };
  const bare = value.replace(/^'(.*)'$/s, '$1');
  return { value: JSON.stringify(bare), words: 'put in quotes the value compared with' };
}
