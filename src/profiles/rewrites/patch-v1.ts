// PATCH of SCIM 1.1 (OneLogin's v1.1 connectors): attributes to set, values with an `operation` of their own, names to
// clear in `meta.attributes`; read as operations. Pure.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { resolvePath } from '../../scim/path.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewriteUrns } from './urns.ts';

/** Undefined: the body changes nothing. */
export function rewriteOldPatch(rewriting: Rewriting, body: JsonObject): Json[] | undefined {
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
  if (operations.length === 0) return undefined;
  note(rewriting, 'read a PATCH of SCIM 1.1 as operations');
  return operations;
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
