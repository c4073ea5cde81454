// The name a resource goes by for people: the first of its type's label attributes that has a value. Pure.
import type { JsonObject } from './json.ts';
import { resolvePath } from './path.ts';
import { valueAt } from './read-resource.ts';
import type { ResourceType } from './schema/resource-type.ts';

export function labelOf(type: ResourceType, attributes: JsonObject): string | undefined {
  for (const text of type.labels) {
    const path = resolvePath(type, text);
    if (!path?.attribute) continue;
    const value = valueAt(attributes, path.container.key, path.attribute.name);
    const leaf =
      path.sub && typeof value === 'object' && value !== null && !Array.isArray(value) ? value[path.sub.name] : value;
    if (typeof leaf === 'string' && leaf.trim() !== '') return leaf.trim();
  }
  return undefined;
}
