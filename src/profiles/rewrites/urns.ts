// URNs that vendors write instead of the registered ones (OneLogin's default template, Google, Entra ID), and the type's
// own schema used as a key. Pure.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { containerOf, rootContainer } from '../../scim/schema/resource-type.ts';
import { note, type Rewriting } from './rewriting.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Lower case; '' stands for the resource's own schema. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['urn:scim:schemas:core:1.0', ''],
  ['urn:scim:schemas:core:2.0', ''],
  ['urn:scim:schemas:core:2.0:user', ''],
  ['urn:scim:schemas:core:2.0:group', ''],
  ['urn:scim:schemas:extension:enterprise:1.0', enterprise],
  ['urn:scim:schemas:extension:enterprise:2.0', enterprise],
  ['urn:scim:schemas:extension:enterprise:2.0:user', enterprise],
  ['urn:ietf:params:scim:schemas:extension:enterprise:2.0user', enterprise],
]);

/** True when a body speaks the URNs of OneLogin's own templates. */
export function usesUnregisteredUrns(body: Json): boolean {
  if (!isObject(body)) return false;
  const schemas = Array.isArray(body['schemas']) ? body['schemas'] : [];
  return [...schemas, ...Object.keys(body)].some(
    (each) => typeof each === 'string' && /^urn:scim:schemas:/i.test(each),
  );
}

/** Renames the keys of a resource; the attributes under the resource's own URN move up to it. */
export function rewriteUrns(rewriting: Rewriting, body: JsonObject): JsonObject {
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(body)) {
    const alias = aliases.get(key.toLowerCase());
    const isRoot = alias === '' || containerOf(rewriting.type, key) === rootContainer(rewriting.type);
    if (isRoot && isObject(value)) {
      note(rewriting, `read the attributes under "${key}" as the resource's own`);
      entries.push(...Object.entries(value));
    } else if (alias) {
      note(rewriting, `read "${key}" as "${alias}"`);
      entries.push([alias, value]);
    } else {
      entries.push([key, value]);
    }
  }
  return Object.fromEntries(entries);
}

/** The same for the front of a PATCH path. */
export function rewritePathUrn(rewriting: Rewriting, path: string): string {
  const lower = path.toLowerCase();
  for (const [alias, urn] of aliases) {
    if (lower !== alias && !lower.startsWith(`${alias}:`)) continue;
    note(rewriting, `read "${path.slice(0, alias.length)}" in a path as "${urn || rewriting.type.schema.id}"`);
    const rest = path.slice(alias.length + 1);
    return urn ? [urn, rest].filter(Boolean).join(':') : rest || path;
  }
  return path;
}
