// Attribute paths (RFC 7644 figures 1 and 7, section 3.10) resolved against a resource type. Pure.
// A URN holds dots and colons itself ("...:2.0:User:manager.value"), so it is recognised as the longest known schema
// URN in front, never by splitting.
import { ScimError } from './errors.ts';
import { type Attribute, subAttribute } from './schema/attribute.ts';
import {
  type Container,
  containersOf,
  type PlacedAttribute,
  type ResourceType,
  rootContainer,
} from './schema/resource-type.ts';

/** `attribute` undefined: the path is a schema URN and means the whole extension. */
export interface ResolvedPath {
  readonly container: Container;
  readonly attribute?: Attribute;
  readonly sub?: Attribute;
}

/** Resolves `urn:...:attr.sub`; undefined when this type has no such attribute. */
export function resolvePath(type: ResourceType, text: string): ResolvedPath | undefined {
  let container = rootContainer(type);
  let rest = text;
  if (/^urn:/i.test(text)) {
    const found = containerInFront(type, text);
    if (!found) return undefined;
    container = found;
    rest = text.slice(found.schema.id.length + 1);
    if (rest === '') return { container };
  }
  const [name = '', subName, ...tooMany] = rest.split('.');
  const attribute = container.attributes.get(name.toLowerCase());
  if (!attribute || tooMany.length > 0) return undefined;
  if (subName === undefined) return { container, attribute };
  const sub = subAttribute(attribute, subName);
  return sub ? { container, attribute, sub } : undefined;
}

function containerInFront(type: ResourceType, text: string): Container | undefined {
  const lower = text.toLowerCase();
  let longest: Container | undefined;
  for (const container of containersOf(type)) {
    const urn = container.schema.id.toLowerCase();
    if (lower !== urn && !lower.startsWith(`${urn}:`)) continue;
    if (!longest || urn.length > longest.schema.id.length) longest = container;
  }
  return longest;
}

/** The canonical spelling: names as the schema has them, the URN only for extensions. */
export function formatPath(path: ResolvedPath): string {
  const { container, attribute, sub } = path;
  if (!attribute) return container.key || container.schema.id;
  const name = sub ? `${attribute.name}.${sub.name}` : attribute.name;
  return container.key ? `${container.key}:${name}` : name;
}

export function placed(path: ResolvedPath & { attribute: Attribute }): PlacedAttribute {
  const { container, attribute } = path;
  return {
    container: container.key,
    attribute,
    key: container.key ? `${container.key}:${attribute.name}` : attribute.name,
  };
}

export function unknownPath(type: ResourceType, text: string): ScimError {
  return new ScimError(
    'invalidPath',
    `"${text.slice(0, 200)}" is not an attribute of ${type.name}.`,
    text.slice(0, 200),
  );
}
