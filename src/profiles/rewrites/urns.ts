// Names that vendors write instead of the registered ones: URNs (OneLogin's default template, Google, Entra ID), the
// type's own schema used as a key, an extension's attribute without its URN, `email` for `emails.value`. Pure.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { resolvePath } from '../../scim/path.ts';
import { containerOf, containersOf, rootContainer } from '../../scim/schema/resource-type.ts';
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

/** Names of no schema that clients filter by (PingOne's documentation has `email Co "..."`). */
const nameAliases: ReadonlyMap<string, string> = new Map([['email', 'emails.value']]);

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
      // One by one: a call takes only so many arguments, and a body may have more keys.
      for (const entry of Object.entries(value)) entries.push(entry);
    } else if (alias) {
      note(rewriting, `read "${key}" as "${alias}"`);
      entries.push([alias, value]);
    } else {
      entries.push([key, value]);
    }
  }
  return Object.fromEntries(entries);
}

/** The same for an attribute path, of a PATCH or in a filter; `say` takes what was done. */
export function rewriteName(rewriting: Rewriting, path: string, say: (words: string) => void): string {
  const { type } = rewriting;
  const lower = path.toLowerCase();
  for (const [alias, urn] of aliases) {
    if (lower !== alias && !lower.startsWith(`${alias}:`)) continue;
    say(`read "${path.slice(0, alias.length)}" in a path as "${urn || type.schema.id}"`);
    const rest = path.slice(alias.length + 1);
    return urn ? [urn, rest].filter(Boolean).join(':') : rest || path;
  }
  const known = resolvePath(type, path) ? undefined : (nameAliases.get(lower) ?? inExtension(rewriting, path));
  if (known === undefined || !resolvePath(type, known)) return path;
  say(`read "${path}" in a path as "${known}"`);
  return known;
}

/** The path with the URN of the one extension that has it. */
function inExtension({ type }: Rewriting, path: string): string | undefined {
  if (path.includes(':')) return undefined;
  const found = [...containersOf(type)].filter(
    (container) => container.key && resolvePath(type, `${container.key}:${path}`),
  );
  return found.length === 1 ? `${found[0]!.key}:${path}` : undefined;
}
