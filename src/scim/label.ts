// The name a resource goes by for people: the first of its type's labels that has a value; a label of several
// attributes is their values side by side. Pure.
import type { JsonObject } from './json.ts';
import { resolvePath } from './path.ts';
import { valueAt } from './read-resource.ts';
import type { ResourceType } from './schema/resource-type.ts';

export function labelOf(type: ResourceType, attributes: JsonObject): string | undefined {
  for (const paths of type.labels) {
    const words = paths.map((path) => textAt(type, attributes, path)).filter((text) => text !== '');
    if (words.length > 0) return words.join(' ');
  }
  return undefined;
}

function textAt(type: ResourceType, attributes: JsonObject, text: string): string {
  const path = resolvePath(type, text);
  if (!path?.attribute) return '';
  const value = valueAt(attributes, path.container.key, path.attribute.name);
  const leaf =
    path.sub && typeof value === 'object' && value !== null && !Array.isArray(value) ? value[path.sub.name] : value;
  return typeof leaf === 'string' ? leaf.trim() : '';
}
