// Request bodies as they may be remembered: the value of every attribute that is never returned is replaced, wherever it
// stands. Pure.
// A body that is no JSON is not kept at all: nobody knows what is in it.
import { isObject, type Json } from '../json.ts';
import type { Attribute } from '../schema/attribute.ts';
import { placedAttributes, type ResourceTypes } from '../schema/resource-type.ts';

const masked = '(masked)';
const maxKeptBody = 64 * 1024;

const secretNames = new WeakMap<ResourceTypes, ReadonlySet<string>>();

function secretsOf(types: ResourceTypes): ReadonlySet<string> {
  let names = secretNames.get(types);
  if (!names) {
    const attributes = types.all.flatMap((type) => placedAttributes(type).map((placed) => placed.attribute));
    const all = attributes.flatMap((attribute): readonly Attribute[] => [
      attribute,
      ...(attribute.subAttributes ?? []),
    ]);
    names = new Set(all.filter((each) => each.returned === 'never').map((each) => each.name.toLowerCase()));
    secretNames.set(types, names);
  }
  return names;
}

export function keptBody(types: ResourceTypes, body: Json): string {
  const whole = JSON.stringify(body);
  // Hardly any body names one.
  const text = namesSecret(types, whole) ? JSON.stringify(mask(body, secretsOf(types))) : whole;
  return text.length > maxKeptBody ? `${text.slice(0, maxKeptBody)}... (${text.length} characters in all)` : text;
}

/** A query that names a secret attribute, in whatever encoding, may hold its value in a filter. */
export function keptQuery(types: ResourceTypes, query: string): string {
  return namesSecret(types, [...new URLSearchParams(query)].flat().join(' ')) ? masked : query;
}

function namesSecret(types: ResourceTypes, text: string): boolean {
  const folded = text.toLowerCase();
  return [...secretsOf(types)].some((name) => folded.includes(name));
}

function mask(value: Json, secrets: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((each) => mask(each, secrets));
  if (!isObject(value)) return value;
  const pathIsSecret = typeof value['path'] === 'string' && isSecret(value['path'], secrets);
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      isSecret(key, secrets) || (pathIsSecret && key.toLowerCase() === 'value')
        ? [key, masked]
        : [key, mask(each, secrets)],
    ),
  );
}

/** "password", and "urn:...:User:password" or "urn:...:User:password.x" as PATCH paths may have it. */
function isSecret(path: string, secrets: ReadonlySet<string>): boolean {
  return path
    .toLowerCase()
    .split(/[:.[]/)
    .some((part) => secrets.has(part.trim()));
}
