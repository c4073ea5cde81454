// The path of a PATCH operation: names as the schema has them, the filter in its brackets as the grammar has it. Pure.
// What is not understood stays as it came, for the core to refuse with a sentence.
import { parseValuePath } from '../../scim/filter/parse.ts';
import { type ResolvedPath, resolvePath } from '../../scim/path.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { rewriteElementFilter } from './filter.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewriteName } from './urns.ts';

export function rewritePath(rewriting: Rewriting, text: string): string {
  const say = (words: string) => note(rewriting, words);
  const [open, close] = [text.indexOf('['), text.lastIndexOf(']')];
  if (open < 0 || close < open) return rewriteName(rewriting, text, say);
  const name = rewriteName(rewriting, text.slice(0, open).trim(), say);
  const attribute = resolvePath(rewriting.type, name)?.attribute;
  const inner = text.slice(open + 1, close);
  const filter = attribute ? rewriteElementFilter(rewriting, inner, attribute) : inner;
  return `${name}[${filter}]${text.slice(close + 1)}`;
}

export interface PathParts {
  readonly found: ResolvedPath;
  /** What the value of the operation is a value of; undefined: a whole extension. */
  readonly leaf: Attribute | undefined;
  readonly hasFilter: boolean;
}

export function readPath({ type }: Rewriting, text: string): PathParts | undefined {
  let parts: ReturnType<typeof parseValuePath>;
  try {
    parts = parseValuePath(text);
  } catch {
    return undefined;
  }
  const found = resolvePath(type, parts.sub ? `${parts.path}.${parts.sub}` : parts.path);
  return found && { found, leaf: found.sub ?? found.attribute, hasFilter: parts.filter !== undefined };
}
