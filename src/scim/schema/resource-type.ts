// Resource types as data (RFC 7643 section 6), and the registry value that everything takes as an argument: a workspace
// may add types and extensions at run time, so nothing asks a global. Pure.
// A type says about itself what the engine must never know by name: which attribute ends access, by which it is
// recognised, what people call it.
import { type Attribute, commonAttributes, type Schema } from './attribute.ts';

export interface ResourceType {
  readonly name: string;
  /** As it stands in the path, without a slash. */
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly { readonly schema: Schema; readonly required: boolean }[];
  /** What the screens call one and several of them. */
  readonly noun: { readonly one: string; readonly many: string };
  /** Attributes tried in turn for the name shown. */
  readonly labels: readonly (readonly string[])[];
  /** The boolean attribute whose false ends access; absent means true. */
  readonly activeAttribute?: string;
  /** The unique attribute by which an unmanaged resource is recognised on a connection's first write ... */
  readonly matchAttribute: string;
  /** ... and the attributes that this first write does not change. */
  readonly keptOnFirstWrite: readonly string[];
}

/** A place in a resource where attributes live: the resource itself (key ''), or the object under an extension's URN. */
export interface Container {
  readonly key: string;
  readonly schema: Schema;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** An attribute with the container it lives in; `key` names it inside one type, e.g. `title` or `urn:...:User:manager`. */
export interface PlacedAttribute {
  readonly container: string;
  readonly attribute: Attribute;
  readonly key: string;
}

export interface ResourceTypes {
  readonly all: readonly ResourceType[];
  readonly schemas: readonly Schema[];
  byEndpoint(endpoint: string): ResourceType | undefined;
  byName(name: string): ResourceType | undefined;
  schema(id: string): Schema | undefined;
}

/** Names are matched without case (RFC 7644 section 3.10 has URNs case insensitive). Throws on a name used twice. */
export function createResourceTypes(all: readonly ResourceType[]): ResourceTypes {
  const byEndpoint = new Map(all.map((type) => [type.endpoint.toLowerCase(), type]));
  const byName = new Map(all.map((type) => [type.name.toLowerCase(), type]));
  if (byEndpoint.size !== all.length || byName.size !== all.length) {
    throw new Error('Two resource types have the same name or endpoint.');
  }
  const schemas = new Map<string, Schema>();
  for (const type of all) {
    for (const schema of [type.schema, ...type.extensions.map((extension) => extension.schema)]) {
      schemas.set(schema.id.toLowerCase(), schema);
    }
  }
  return {
    all,
    schemas: [...schemas.values()],
    byEndpoint: (endpoint) => byEndpoint.get(endpoint.toLowerCase()),
    byName: (name) => byName.get(name.toLowerCase()),
    schema: (id) => schemas.get(id.toLowerCase()),
  };
}

interface TypeIndex {
  readonly containers: ReadonlyMap<string, Container>;
  readonly placed: readonly PlacedAttribute[];
  readonly references: readonly PlacedAttribute[];
  readonly derived: readonly PlacedAttribute[];
  readonly unique: readonly PlacedAttribute[];
}

const indexes = new WeakMap<ResourceType, TypeIndex>();

function indexOf(type: ResourceType): TypeIndex {
  const known = indexes.get(type);
  if (known) return known;
  const containers = [
    container('', type.schema, [...commonAttributes, ...type.schema.attributes]),
    ...type.extensions.map(({ schema }) => container(schema.id, schema, schema.attributes)),
  ];
  const placed = containers.flatMap((each) =>
    [...each.attributes.values()].map((attribute) => ({
      container: each.key,
      attribute,
      key: each.key ? `${each.key}:${attribute.name}` : attribute.name,
    })),
  );
  const index: TypeIndex = {
    containers: new Map(containers.map((each) => [each.schema.id.toLowerCase(), each])),
    placed,
    references: placed.filter((each) => each.attribute.storedAs === 'references'),
    derived: placed.filter((each) => each.attribute.inverseOf !== undefined),
    unique: placed.filter((each) => each.attribute.uniqueness !== 'none' && each.key !== 'id'),
  };
  indexes.set(type, index);
  return index;
}

function container(key: string, schema: Schema, attributes: readonly Attribute[]): Container {
  return { key, schema, attributes: new Map(attributes.map((each) => [each.name.toLowerCase(), each])) };
}

export function containersOf(type: ResourceType): Iterable<Container> {
  return indexOf(type).containers.values();
}

/** The container a URN names, in any case: the type's own schema is the resource itself. */
export function containerOf(type: ResourceType, urn: string): Container | undefined {
  return indexOf(type).containers.get(urn.toLowerCase());
}

export function rootContainer(type: ResourceType): Container {
  return indexOf(type).containers.get(type.schema.id.toLowerCase())!;
}

export function placedAttributes(type: ResourceType): readonly PlacedAttribute[] {
  return indexOf(type).placed;
}

/** Attributes kept as rows, e.g. members and manager. */
export function referenceAttributes(type: ResourceType): readonly PlacedAttribute[] {
  return indexOf(type).references;
}

/** Attributes read from other resources' rows, e.g. groups. */
export function derivedAttributes(type: ResourceType): readonly PlacedAttribute[] {
  return indexOf(type).derived;
}

export function uniqueAttributes(type: ResourceType): readonly PlacedAttribute[] {
  return indexOf(type).unique;
}
