// Keys of a resource that are paths ("name.givenName", "urn:...:User:department") put where they belong. Pure.
// A PATCH without a path takes such keys as they are; a POST or PUT body has objects inside objects.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { resolvePath } from '../../scim/path.ts';
import { containerOf, rootContainer } from '../../scim/schema/resource-type.ts';
import { note, type Rewriting } from './rewriting.ts';

export function rewriteKeys(rewriting: Rewriting, body: JsonObject): JsonObject {
  const plain: [string, Json][] = [];
  const placed: { at: readonly string[]; key: string; value: Json }[] = [];
  for (const [key, value] of Object.entries(body)) {
    const at = placeOf(rewriting, key);
    if (at) placed.push({ at, key, value });
    else plain.push([key, value]);
  }
  let whole: JsonObject = Object.fromEntries(plain);
  for (const { at, key, value } of placed) {
    note(rewriting, `read the key "${key}" as the path of a value`);
    whole = withValueAt(whole, at, value);
  }
  return whole;
}

/** Undefined: the key is a name, or nothing known. */
function placeOf({ type }: Rewriting, key: string): readonly string[] | undefined {
  if (!/[.:]/.test(key) || containerOf(type, key)) return undefined;
  const path = resolvePath(type, key);
  if (!path?.attribute || path.attribute.multiValued) return undefined;
  const names = [path.attribute.name, ...(path.sub ? [path.sub.name] : [])];
  return path.container === rootContainer(type) ? names : [path.container.schema.id, ...names];
}

/** What the body says in the ordinary way wins. */
function withValueAt(object: JsonObject, at: readonly string[], value: Json): JsonObject {
  const [name = '', ...rest] = at;
  const key = Object.keys(object).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  if (rest.length === 0) return before === undefined ? { ...object, [key]: value } : object;
  if (before !== undefined && before !== null && !isObject(before)) return object;
  return { ...object, [key]: withValueAt(isObject(before) ? before : {}, rest, value) };
}
