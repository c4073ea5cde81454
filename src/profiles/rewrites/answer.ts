// What some clients must find in an answered resource, although the RFC lets it be absent. Pure.
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { subAttribute } from '../../scim/schema/attribute.ts';
import { placedAttributes, type ResourceType, rootContainer } from '../../scim/schema/resource-type.ts';

/** OneLogin fails a user whose answer lacks a given or a family name; Okta and JumpCloud read both and an e-mail. */
export function withNames(resource: JsonObject, type: ResourceType): JsonObject {
  const name = rootContainer(type).attributes.get('name');
  if (!name || !subAttribute(name, 'givenName')) return resource;
  const given = resource['name'];
  return {
    ...resource,
    name: { givenName: '', familyName: '', ...(isObject(given) ? given : {}) },
    emails: resource['emails'] ?? [],
  };
}

/** PingFederate maps e-mails and phone numbers back by `type` and `primary`. */
export function withTypesAndPrimaries(resource: JsonObject, type: ResourceType): JsonObject {
  const found = placedAttributes(type).filter(
    ({ container, attribute }) =>
      container === '' &&
      attribute.multiValued &&
      Array.isArray(resource[attribute.name]) &&
      subAttribute(attribute, 'type')?.canonicalValues?.includes('work') &&
      subAttribute(attribute, 'primary'),
  );
  const completed = found.map(({ attribute }) => [attribute.name, complete(resource[attribute.name] as Json[])]);
  return { ...resource, ...(Object.fromEntries(completed) as JsonObject) };
}

function complete(values: readonly Json[]): Json[] {
  return values.map((each) => (isObject(each) ? { type: 'work', primary: false, ...each } : each));
}
