// PATCH bodies in the shapes clients send (capital ops, one operation instead of an array, value paths as keys) as
// RFC 7644 section 3.5.2 has them. Pure.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { patchUrn } from '../../scim/patch/parse.ts';
import { resolvePath } from '../../scim/path.ts';
import { containerOf, rootContainer } from '../../scim/schema/resource-type.ts';
import { rewriteOperationValue } from './operation-value.ts';
import { rewriteOldPatch } from './patch-v1.ts';
import { rewritePath } from './path.ts';
import { note, type Rewriting } from './rewriting.ts';
import { rewriteUrns } from './urns.ts';

export function rewritePatch(rewriting: Rewriting, body: JsonObject): JsonObject {
  const given = operationsOf(rewriting, body);
  if (given === undefined) return body;
  const operations = Array.isArray(given) ? given.flatMap((each) => rewriteOperation(rewriting, each)) : given;
  return { schemas: [patchUrn], Operations: operations };
}

/** Undefined: nothing in the body is a change. */
function operationsOf(rewriting: Rewriting, body: JsonObject): Json | undefined {
  const key = Object.keys(body).find((each) => each.toLowerCase() === 'operations');
  if (key === undefined && typeof body['op'] === 'string') {
    note(rewriting, 'read the body as one operation');
    return [body];
  }
  if (key === undefined) return rewriteOldPatch(rewriting, body);
  if (key !== 'Operations') note(rewriting, `read "${key}" as "Operations"`);
  const given = body[key]!;
  if (!isObject(given)) return given;
  note(rewriting, 'read the single operation as an array of one');
  return [given];
}

function rewriteOperation(rewriting: Rewriting, given: Json): Json[] {
  if (!isObject(given)) return [given];
  const operation: JsonObject = { ...given };
  const { op, path } = given;
  if (typeof op === 'string' && op !== op.toLowerCase()) {
    const read = op.toLowerCase();
    note(rewriting, `read the op "${op.slice(0, 20)}" as "${read.slice(0, 20)}"`);
    operation['op'] = read;
  }
  if (path === null || (typeof path === 'string' && path.trim() === '')) {
    if (path !== null) note(rewriting, 'read an empty path as none');
    delete operation['path'];
  }
  if (typeof operation['path'] !== 'string') return withoutPath(rewriting, operation);
  operation['path'] = rewritePath(rewriting, operation['path'].trim());
  return [rewriteOperationValue(rewriting, operation, operation['path'])];
}

/** Keys that only a path can say become operations of their own; what a client echoes and may not write is left out. */
function withoutPath(rewriting: Rewriting, operation: JsonObject): Json[] {
  const value = onlyObject(rewriting, operation['value']);
  if (!isObject(value)) return [operation];
  const isRemove = operation['op'] === 'remove';
  if (isRemove) note(rewriting, 'read a remove without a path as the removal of what its value names');
  const together: [string, Json][] = [];
  const apart: Json[][] = [];
  for (const [key, each] of Object.entries(rewriteUrns(rewriting, value))) {
    const own: JsonObject = { ...operation, value: each };
    const read = isNamed(rewriting, key) ? rewriteOperationValue(rewriting, own, key) : own;
    if (isEchoed(rewriting, key)) note(rewriting, `left out "${key}", which is read only`);
    else if (isRemove || key.includes('[')) {
      if (!isRemove) note(rewriting, `read the key "${key.slice(0, 100)}" as the path of an operation`);
      apart.push(rewriteOperation(rewriting, { ...own, path: key }));
    } else if (read['op'] === operation['op']) together.push([key, read['value']!]);
    else apart.push([{ ...read, path: key }]);
  }
  const rest = together.length > 0 ? [{ ...operation, value: Object.fromEntries(together) }] : [];
  return rest.length + apart.length > 0 ? [...rest, ...apart.flat()] : [{ ...operation, value: {} }];
}

function onlyObject(rewriting: Rewriting, value: Json | undefined): Json | undefined {
  if (!Array.isArray(value) || value.length !== 1 || !isObject(value[0])) return value;
  note(rewriting, 'read the array of one object as the object');
  return value[0];
}

/** `id` is for the core to compare: another one is refused. */
function isEchoed({ type }: Rewriting, key: string): boolean {
  const attribute = rootContainer(type).attributes.get(key.toLowerCase());
  return attribute?.mutability === 'readOnly' && attribute.name !== 'id';
}

function isNamed({ type }: Rewriting, key: string): boolean {
  return resolvePath(type, key) !== undefined || containerOf(type, key) !== undefined;
}
