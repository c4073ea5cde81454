// Values that mean the right thing in the wrong shape: empty strings for nothing, strings for booleans, one object where
// an array belongs, a manager as a bare id or as a $ref. Pure; goes by the schema, so a new attribute is treated like the
// rest; what only one client does is in its habits.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { type Attribute, subAttribute } from '../../scim/schema/attribute.ts';
import { type Container, containerOf, rootContainer } from '../../scim/schema/resource-type.ts';
import { note, type Rewriting } from './rewriting.ts';

export function rewriteResource(rewriting: Rewriting, body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      const extension = containerOf(rewriting.type, key);
      const attribute = rootContainer(rewriting.type).attributes.get(key.toLowerCase());
      if (extension?.key && isObject(value)) return [key, rewriteExtension(rewriting, extension, value)];
      return [key, attribute ? rewriteValue(rewriting, attribute, value, attribute.name) : value];
    }),
  );
}

/** The attributes of one container: of an extension, or of the resource itself. */
export function rewriteExtension(rewriting: Rewriting, container: Container, values: JsonObject): JsonObject {
  const prefix = container.key && `${container.key}:`;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const attribute = container.attributes.get(key.toLowerCase());
      return [key, attribute ? rewriteValue(rewriting, attribute, value, prefix + attribute.name) : value];
    }),
  );
}

/** null stands for "unassigned" afterwards. */
export function rewriteValue(rewriting: Rewriting, attribute: Attribute, value: Json, path: string): Json {
  if (attribute.mutability === 'readOnly' || attribute.returned === 'never') return value;
  if (attribute.multiValued) return rewriteSeveral(rewriting, attribute, value, path);
  if (Array.isArray(value)) {
    if (value.length > 0) note(rewriting, `read the array sent for "${path}" as its first value`);
    return rewriteOne(rewriting, attribute, value[0] ?? null, path);
  }
  return rewriteOne(rewriting, attribute, value, path);
}

function rewriteSeveral(rewriting: Rewriting, attribute: Attribute, value: Json, path: string): Json {
  const list = Array.isArray(value) ? value : isUnassigned(value) ? [] : [value];
  if (!Array.isArray(value) && list.length > 0)
    note(rewriting, `read the single value sent for "${path}" as an array of one`);
  const elements = list.map((each) => rewriteOne(rewriting, attribute, each, path)).filter((each) => each !== null);
  return elements.length > 0 ? onePrimary(rewriting, elements, path) : null;
}

function onePrimary(rewriting: Rewriting, elements: Json[], path: string): Json[] {
  const first = elements.findIndex((each) => isObject(each) && each['primary'] === true);
  return elements.map((each, index) => {
    if (index <= first || !isObject(each) || each['primary'] !== true) return each;
    note(rewriting, `kept "primary" only on the first value of "${path}" that had it`);
    return { ...each, primary: false };
  });
}

function rewriteOne(rewriting: Rewriting, attribute: Attribute, value: Json, path: string): Json {
  if (isUnassigned(value)) {
    if (value !== null) note(rewriting, `read the empty value of "${path}" as unassigned`);
    return null;
  }
  if (attribute.type === 'complex') return rewriteComplex(rewriting, attribute, value, path);
  if (attribute.type === 'boolean') return rewriteBoolean(rewriting, value, path);
  if (typeof value === 'number' && attribute.type === 'string') {
    note(rewriting, `read the number sent for "${path}" as text`);
    return String(value);
  }
  if (typeof value === 'string' && value !== value.trim()) {
    note(rewriting, `took the spaces around "${path}" away`);
    return value.trim();
  }
  return value;
}

function isUnassigned(value: Json): boolean {
  if (value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isUnassigned);
}

function rewriteComplex(rewriting: Rewriting, attribute: Attribute, value: Json, path: string): Json {
  const valueAttribute = subAttribute(attribute, 'value');
  if (!isObject(value)) {
    if (!valueAttribute || Array.isArray(value)) return value;
    note(rewriting, `read the bare value sent for "${path}" as its "value"`);
    const bare = { value: rewriteOne(rewriting, valueAttribute, value, `${path}.value`) };
    return completed(rewriting, attribute, bare, path);
  }
  const rewritten = Object.entries(value).map(([key, given]): [string, Json] => {
    const sub = subAttribute(attribute, key);
    return [key, sub ? rewriteValue(rewriting, sub, given, `${path}.${sub.name}`) : given];
  });
  // An element that says its type and nothing else is the empty slot of a template.
  const says = rewritten.some(([key, given]) => given !== null && !['type', 'primary'].includes(key.toLowerCase()));
  if (!says && attribute.multiValued) note(rewriting, `left out a value of "${path}" that has nothing but a type`);
  if (!says && attribute.multiValued) return null;
  return completed(rewriting, attribute, Object.fromEntries(rewritten), path);
}

/** What a complex value means by other words than `value` and `type`. */
function completed(rewriting: Rewriting, attribute: Attribute, given: JsonObject, path: string): JsonObject {
  const referred = fromReference(rewriting, attribute, given, path);
  return withType(rewriting, attribute, fromJson(rewriting, attribute, referred, path), path);
}

function fromReference(rewriting: Rewriting, attribute: Attribute, given: JsonObject, path: string): JsonObject {
  const reference = given['$ref'];
  if (!attribute.storedAs || typeof reference !== 'string' || given['value']) return given;
  const [address = ''] = reference.split(/[?#]/, 1);
  const id = address.split('/').findLast((segment) => segment !== '');
  if (id === undefined) return given;
  note(rewriting, `took the "value" of "${path}" from its "$ref"`);
  return { ...given, value: id };
}

/** Entra ID writes an app role as {"value": "{\"value\": \"agent\", ...}"}. */
function fromJson(rewriting: Rewriting, attribute: Attribute, given: JsonObject, path: string): JsonObject {
  const text = given['value'];
  if (!rewriting.habits.jsonValues?.includes(attribute.name) || typeof text !== 'string' || !text.startsWith('{'))
    return given;
  const read = parsed(text);
  if (!isObject(read) || typeof read['value'] !== 'string') return given;
  note(rewriting, `read the JSON text in the "value" of "${path}" as the value it holds`);
  const display = read['displayName'] ?? read['display'];
  return { ...(typeof display === 'string' ? { display } : {}), ...given, value: read['value'] };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function withType(rewriting: Rewriting, attribute: Attribute, given: JsonObject, path: string): JsonObject {
  const { defaultType } = rewriting.habits;
  const type = subAttribute(attribute, 'type');
  if (!defaultType || !attribute.multiValued || !type?.canonicalValues?.includes(defaultType) || given['type'])
    return given;
  note(rewriting, `took a value of "${path}" without a type as of type "${defaultType}"`);
  return { ...given, type: defaultType };
}

function rewriteBoolean(rewriting: Rewriting, value: Json, path: string): Json {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = String(value).trim().toLowerCase();
  const read = text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
  if (read === undefined) return value;
  note(rewriting, `read ${JSON.stringify(value).slice(0, 20)} for "${path}" as ${read}`);
  return read;
}
