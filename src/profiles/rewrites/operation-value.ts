// The value of one PATCH operation, read by the attribute its path names. Pure.
// An empty list means different things: to replace by it empties the attribute, to add or remove it changes nothing.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { type PathParts, readPath } from './path.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewriteExtension, rewriteValue } from './values.ts';

/** How much of a client's path a note repeats. */
const mostOfPath = 100;

/** The operation with the value of `path`; a removal of a `value` becomes that of the whole value it belongs to. */
export function rewriteOperationValue(rewriting: Rewriting, operation: JsonObject, path: string): JsonObject {
  const parts = readPath(rewriting, path);
  if (!parts) return operation;
  const named = path.slice(0, mostOfPath);
  const given = operation['value'];
  const value =
    given === undefined ? undefined : valueAtPath(rewriting, parts, { op: operation['op'], given, path: named });
  if (leavesNothing(parts, operation, value)) {
    note(rewriting, `read the removal of the value of "${named}" as the removal of the whole value`);
    return { op: 'remove', path: path.slice(0, path.lastIndexOf(']') + 1) };
  }
  if (operation['op'] === 'add' && value === null && parts.leaf?.storedAs && !parts.leaf.multiValued) {
    note(rewriting, `read the addition of nothing to "${named}" as its removal`);
    return { op: 'remove', path };
  }
  if (operation['op'] === 'remove' && isEmptyList(value)) {
    note(rewriting, `read the removal of an empty list from "${named}" as no change`);
    return { ...operation, op: 'add', value: [] };
  }
  return value === undefined ? operation : { ...operation, value };
}

/** `emails[type eq "work"].value` gone: what stayed would have a type and nothing else. */
function leavesNothing({ found, hasFilter }: PathParts, operation: JsonObject, value: Json | undefined): boolean {
  if (!hasFilter || found.sub?.name !== 'value' || !found.attribute?.multiValued) return false;
  return operation['op'] === 'remove' || value === null;
}

interface Given {
  readonly op: Json | undefined;
  readonly given: Json;
  readonly path: string;
}

function valueAtPath(rewriting: Rewriting, { found, leaf, hasFilter }: PathParts, { op, given, path }: Given): Json {
  if (!leaf) return isObject(given) ? rewriteExtension(rewriting, found.container, given) : given;
  // Behind a value filter the value is one element.
  const attribute = hasFilter && !found.sub ? { ...leaf, multiValued: false } : leaf;
  const value = rewriteValue(rewriting, attribute, unwrapped(rewriting, attribute, given, path), path);
  const isList = attribute.multiValued && Array.isArray(given) && op !== 'replace';
  return isList && value === null ? [] : value;
}

/** {"members": [...]} as the value of the path "members". */
function unwrapped(rewriting: Rewriting, attribute: Attribute, value: Json, path: string): Json {
  const nested = isObject(value) && Object.keys(value).length === 1 ? value[attribute.name] : undefined;
  if (nested === undefined || !attribute.multiValued) return value;
  note(rewriting, `read the value {"${attribute.name}": ...} of a path "${path}" as the values inside it`);
  return nested;
}

function isEmptyList(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}
