// The resource types of one workspace: the registered ones with its own extensions, and the types it defined. Pure.
// Made from the documents each time one changes; equal documents give the same object, because types are compared by
// identity and hold indexes of themselves.
import { ScimError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { Attribute, Schema } from './attribute.ts';
import { type ResourceTypeDefinition, readSchemaDefinition, readTypeDefinition } from './definition.ts';
import { createResourceTypes, type ResourceType, type ResourceTypes } from './resource-type.ts';

/** What a workspace defined, as documents. */
export interface Definitions {
  readonly schemas: readonly {
    readonly document: Json /** Types it extends. */;
    readonly extends: readonly string[];
  }[];
  readonly types: readonly Json[];
}

/** @throws ScimError invalidValue when the definitions contradict each other or the registered ones */
export function extendTypes(registered: ResourceTypes, definitions: Definitions): ResourceTypes {
  if (definitions.schemas.length + definitions.types.length === 0) return registered;
  const own = definitions.types.map(readTypeDefinition);
  const names = [...registered.all, ...own].map((each) => each.name);
  const schemas = definitions.schemas.map((each) => ({ ...each, schema: readSchemaDefinition(each.document, names) }));
  refuseTwice([...registered.schemas.map((each) => each.id), ...schemas.map((each) => each.schema.id)], 'schema');
  const known = new Map([...registered.schemas, ...schemas.map((each) => each.schema)].map((each) => [each.id, each]));
  const extensionsOf = (type: string) =>
    schemas.filter((each) => each.extends.includes(type)).map(({ schema }) => ({ schema, required: false }));
  const all = [
    ...registered.all.map((type) => ({ ...type, extensions: [...type.extensions, ...extensionsOf(type.name)] })),
    ...own.map((definition) => withExtensions(toType(definition, known), extensionsOf(definition.name))),
  ];
  refuseTwice(
    all.map((each) => each.name.toLowerCase()),
    'resource type',
  );
  refuseTwice(
    all.map((each) => each.endpoint.toLowerCase()),
    'endpoint',
  );
  return createResourceTypes(withMembers(all));
}

function withExtensions(type: ResourceType, more: ResourceType['extensions']): ResourceType {
  return { ...type, extensions: [...type.extensions, ...more] };
}

function toType(definition: ResourceTypeDefinition, known: ReadonlyMap<string, Schema>): ResourceType {
  const schemaOf = (id: string) => {
    const schema = known.get(id);
    if (!schema)
      throw new ScimError('invalidValue', `There is no schema "${id}". Add the schema before the resource type.`);
    return schema;
  };
  const schema = schemaOf(definition.schema);
  const unique = schema.attributes.find((each) => each.uniqueness !== 'none');
  const shown = schema.attributes.filter((each) => each.type === 'string' && !each.multiValued);
  const labels = ['displayName', 'name', ...(unique ? [unique.name] : [])].filter((name) =>
    shown.some((each) => each.name === name),
  );
  const { name, endpoint, description } = definition;
  const hasActive = schema.attributes.some((each) => each.name === 'active' && each.type === 'boolean');
  return {
    ...{ name, endpoint, description, schema },
    extensions: definition.extensions.map((each) => ({ schema: schemaOf(each.schema), required: each.required })),
    noun: { one: name.toLowerCase(), many: endpoint.toLowerCase() },
    labels: labels.map((each) => [each]),
    ...(hasActive ? { activeAttribute: 'active' } : {}),
    matchAttribute: unique?.name ?? 'externalId',
    keptOnFirstWrite: unique ? [unique.name] : [],
  };
}

/** A type that shows the groups it belongs to may be a member of them. */
function withMembers(all: readonly ResourceType[]): ResourceType[] {
  const joining = all
    .filter((type) => type.schema.attributes.some((each) => each.inverseOf === 'members'))
    .map((type) => type.name);
  return all.map((type) => ({
    ...type,
    schema: { ...type.schema, attributes: type.schema.attributes.map((each) => withTargets(each, joining)) },
  }));
}

function withTargets(attribute: Attribute, joining: readonly string[]): Attribute {
  if (attribute.name !== 'members' || attribute.storedAs === undefined || !attribute.subAttributes) return attribute;
  const subAttributes = attribute.subAttributes.map((sub): Attribute => {
    if (sub.name === '$ref')
      return { ...sub, referenceTypes: [...new Set([...(sub.referenceTypes ?? []), ...joining])] };
    if (sub.name === 'type')
      return { ...sub, canonicalValues: [...new Set([...(sub.canonicalValues ?? []), ...joining])] };
    return sub;
  });
  return { ...attribute, subAttributes };
}

function refuseTwice(values: readonly string[], what: string): void {
  const twice = values.find(
    (each, at) => values.findIndex((other) => other.toLowerCase() === each.toLowerCase()) !== at,
  );
  if (twice !== undefined) throw new ScimError('invalidValue', `There is a ${what} "${twice}" already.`);
}
