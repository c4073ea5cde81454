// PATCH bodies in the shapes clients send (capital ops, one operation instead of an array, SCIM 1.1 member lists) as the
// RFC has them. Pure.
import { parseValuePath } from '../../scim/filter/parse.ts';
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { patchUrn } from '../../scim/patch/parse.ts';
import { resolvePath } from '../../scim/path.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewritePathUrn, rewriteUrns } from './urns.ts';
import { rewriteResource, rewriteValue } from './values.ts';

export function rewritePatch(rewriting: Rewriting, body: JsonObject): JsonObject {
  const key = Object.keys(body).find((each) => each.toLowerCase() === 'operations');
  if (key === undefined) return rewriteOldPatch(rewriting, body);
  if (key !== 'Operations') note(rewriting, `read "${key}" as "Operations"`);
  const given = body[key]!;
  if (isObject(given)) note(rewriting, 'read the single operation as an array of one');
  const operations = isObject(given) ? [given] : given;
  if (!Array.isArray(operations)) return body;
  return { schemas: [patchUrn], Operations: operations.map((each) => rewriteOperation(rewriting, each)) };
}

function rewriteOperation(rewriting: Rewriting, given: Json): Json {
  if (!isObject(given)) return given;
  const { op, path, value } = given;
  const rewritten: JsonObject = { ...given };
  if (typeof op === 'string' && op !== op.toLowerCase()) {
    note(rewriting, `read the op "${op}" as "${op.toLowerCase()}"`);
    rewritten['op'] = op.toLowerCase();
  }
  if (typeof path === 'string') rewritten['path'] = rewritePathUrn(rewriting, path.trim());
  if (value !== undefined) rewritten['value'] = rewriteOperationValue(rewriting, rewritten['path'], value);
  return rewritten;
}

function rewriteOperationValue(rewriting: Rewriting, path: Json | undefined, value: Json): Json {
  if (typeof path !== 'string') {
    return isObject(value) ? rewriteResource(rewriting, rewriteUrns(rewriting, value)) : value;
  }
  const found = attributeAt(rewriting, path);
  if (!found) return value;
  const { attribute, isElement } = found;
  const nested = isObject(value) ? value[attribute.name] : undefined;
  if (nested !== undefined && Object.keys(value as JsonObject).length === 1 && attribute.multiValued) {
    note(rewriting, `read the value {"${attribute.name}": ...} of a path "${path}" as the values inside it`);
    return rewriteValue(rewriting, attribute, nested, path);
  }
  // In a value path the value is one element.
  return rewriteValue(rewriting, isElement ? { ...attribute, multiValued: false } : attribute, value, path);
}

function attributeAt(rewriting: Rewriting, text: string): { attribute: Attribute; isElement: boolean } | undefined {
  let parts: ReturnType<typeof parseValuePath>;
  try {
    parts = parseValuePath(text);
  } catch {
    // Refused by the core, with its sentence.
    return undefined;
  }
  const path = resolvePath(rewriting.type, parts.sub ? `${parts.path}.${parts.sub}` : parts.path);
  const attribute = path?.sub ?? path?.attribute;
  return attribute ? { attribute, isElement: parts.filter !== undefined && !parts.sub } : undefined;
}

/** SCIM 1.1: attributes to set, values with an `operation` of their own, names to clear in `meta.attributes`. */
function rewriteOldPatch(rewriting: Rewriting, body: JsonObject): JsonObject {
  const operations: Json[] = [];
  for (const [key, value] of Object.entries(rewriteUrns(rewriting, body))) {
    if (key.toLowerCase() === 'schemas' || key.toLowerCase() === 'meta') continue;
    const attribute = resolvePath(rewriting.type, key)?.attribute;
    if (attribute?.multiValued) operations.push(...memberOperations(attribute, value));
    else operations.push({ op: 'replace', path: key, value });
  }
  const meta = body['meta'];
  const cleared = isObject(meta) && Array.isArray(meta['attributes']) ? meta['attributes'] : [];
  for (const name of cleared) operations.push({ op: 'remove', path: name });
  if (operations.length === 0) return body;
  note(rewriting, 'read a PATCH of SCIM 1.1 as operations');
  return { schemas: [patchUrn], Operations: operations.map((each) => rewriteOperation(rewriting, each)) };
}

function memberOperations(attribute: Attribute, given: Json): Json[] {
  const values = Array.isArray(given) ? given : [given];
  const isRemoval = (value: Json) =>
    isObject(value) && typeof value['operation'] === 'string' && value['operation'].toLowerCase() === 'delete';
  const plain = (value: Json) => {
    if (!isObject(value)) return value;
    const { operation: _, ...rest } = value;
    return rest;
  };
  const removed = values.filter(isRemoval);
  const added = values.filter((value) => !isRemoval(value));
  return [
    ...(added.length > 0 ? [{ op: 'add', path: attribute.name, value: added.map(plain) }] : []),
    ...(removed.length > 0 ? [{ op: 'remove', path: attribute.name, value: removed.map(plain) }] : []),
  ];
}
