// The vocabulary of RFC 7643 section 7: an attribute with its characteristics, a schema as a list of attributes.
// Defaults are those of section 2.2. Pure.
// `storedAs`, `inverseOf`, `indexed` and `closed` are ours and never shown in /Schemas: values that grow without bound (members) or point at
// other resources (manager) are rows, and `groups` is those rows read from the other side.

export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex';

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  readonly canonicalValues?: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /** Its values are kept as rows that point at other resources, not inside the resource. */
  readonly storedAs?: 'references';
  /** Often searched for by equality: the store keeps an index of its values. Unique attributes are so anyway. */
  readonly indexed?: true;
  /** Derived: the resources whose attribute of this name points here. */
  readonly inverseOf?: string;
  /** Only canonical values are taken. RFC 7643 section 7 leaves it to the service provider; those of the RFC are hints. */
  readonly closed?: true;
}

export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export type AttributeEntry = Partial<Omit<Attribute, 'name' | 'description'>>;

export function attribute(name: string, description: string, entry: AttributeEntry = {}): Attribute {
  return {
    name,
    type: entry.subAttributes ? 'complex' : 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...entry,
  };
}

/** A multi-valued complex attribute with the sub-attributes of RFC 7643 section 2.4. */
export function plural(
  name: string,
  description: string,
  types: readonly string[],
  value: AttributeEntry = {},
): Attribute {
  return attribute(name, description, {
    multiValued: true,
    subAttributes: [
      attribute('value', 'The value itself.', value),
      attribute('display', 'A name for display.'),
      attribute('type', 'What the value is used for.', { canonicalValues: types }),
      attribute('primary', 'True on at most one value: the preferred one.', { type: 'boolean' }),
    ],
  });
}

const subAttributeIndex = new WeakMap<Attribute, ReadonlyMap<string, Attribute>>();

/** Finds a sub-attribute; attribute names are case insensitive (RFC 7643 section 2.1). */
export function subAttribute(parent: Attribute, name: string): Attribute | undefined {
  let index = subAttributeIndex.get(parent);
  if (!index) {
    index = new Map((parent.subAttributes ?? []).map((each) => [each.name.toLowerCase(), each]));
    subAttributeIndex.set(parent, index);
  }
  return index.get(name.toLowerCase());
}

/** The attributes every resource has besides those of its schema (RFC 7643 section 3.1). */
export const commonAttributes: readonly Attribute[] = [
  attribute('schemas', 'The URNs of the schemas this resource uses.', {
    multiValued: true,
    type: 'reference',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    referenceTypes: ['uri'],
  }),
  attribute('id', 'The identifier given by the service provider.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'The identifier given by the provisioning client.', { caseExact: true }),
  attribute('meta', 'Facts about the resource itself.', {
    mutability: 'readOnly',
    subAttributes: [
      attribute('resourceType', 'The name of the resource type.', { caseExact: true, mutability: 'readOnly' }),
      attribute('created', 'When the resource was created here.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('lastModified', 'When it last changed here.', { type: 'dateTime', mutability: 'readOnly' }),
      attribute('location', 'Its URI.', {
        type: 'reference',
        referenceTypes: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
      }),
      attribute('version', 'Its version.', { caseExact: true, mutability: 'readOnly' }),
    ],
  }),
];
