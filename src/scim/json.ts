// JSON as it arrives: values, and a parser that refuses what JSON.parse lets through (RFC 7644 section 3.1, RFC 8259
// section 4): a key twice in one object, nesting beyond a limit. Pure.
// The scan runs before JSON.parse, so a hostile body never builds an object; "__proto__" comes out as an ordinary own
// key, and nothing here or later copies a key that no schema names.
import { ScimError } from './errors.ts';

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export const maxJsonDepth = 32;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a request body. Throws ScimError invalidSyntax on anything that is not one unambiguous JSON text. */
export function parseJson(text: string): Json {
  refuseAmbiguity(text);
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ScimError('invalidSyntax', 'The request body is not valid JSON.');
  }
}

/** A set of keys per open object, undefined per open array; the text itself is checked by JSON.parse afterwards. */
function refuseAmbiguity(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined);
      if (open.length > maxJsonDepth)
        throw new ScimError('invalidSyntax', `The request body is nested deeper than ${maxJsonDepth} levels.`);
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = stringEnd(text, at);
      const keys = open.at(-1);
      if (keys && isKey(text, end)) noteKey(keys, text.slice(at, end + 1));
      at = end;
    }
  }
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

function noteKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? unescaped(quoted) : quoted.slice(1, -1);
  if (keys.has(key)) throw new ScimError('invalidSyntax', `The request body has the key "${key}" twice in one object.`);
  keys.add(key);
}

function unescaped(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new ScimError('invalidSyntax', 'The request body is not valid JSON.');
  }
}

/** Structural equality of JSON values; the order of keys does not matter, the order of elements does. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, index) => sameJson(element, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}
