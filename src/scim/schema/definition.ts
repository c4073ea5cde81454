// Schemas and resource types that a workspace defines at run time, from the documents of RFC 7643 sections 6 and 7 as they
// would stand in /Schemas and /ResourceTypes. Pure.
// What the engine needs besides is read from the document: an attribute of `value` and `$ref` whose reference types are
// resource types is kept as rows; a readOnly one of that kind that points at Group is the other side of `members`.
import { ScimError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  type Attribute,
  type AttributeEntry,
  type AttributeType,
  attribute,
  commonAttributes,
  type Schema,
} from './attribute.ts';

const types: readonly AttributeType[] = [
  ...(['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex'] as const),
];
const choices = {
  mutability: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  returned: ['always', 'never', 'default', 'request'],
  uniqueness: ['none', 'server', 'global'],
} as const;
// RFC 7643 section 2.1: ATTRNAME = ALPHA *(nameChar); "$ref" is the one name of another kind.
const namePattern = /^(?:[A-Za-z][-_A-Za-z0-9]{0,99}|\$ref)$/;
const urnPattern = /^urn:[a-z0-9][a-z0-9-]{1,31}:[^\s"()[\]/?#]{1,200}$/i;
const mostAttributes = 200;

/** Reads a schema document. @param resourceTypes names that a reference may point at @throws ScimError invalidValue */
export function readSchemaDefinition(document: Json, resourceTypes: readonly string[]): Schema {
  if (!isObject(document)) throw refuse('A schema is a JSON object.');
  const id = text(document, 'id');
  if (!urnPattern.test(id)) throw refuse(`The id "${id}" is not a URN.`);
  return {
    id,
    name: text(document, 'name'),
    description: optionalText(document, 'description'),
    attributes: attributesOf(document['attributes'] ?? [], { path: id, resourceTypes, isSub: false }),
  };
}

interface Place {
  readonly path: string;
  readonly resourceTypes: readonly string[];
  readonly isSub: boolean;
}

function attributesOf(given: Json, place: Place): Attribute[] {
  if (!Array.isArray(given) || given.length > mostAttributes) {
    throw refuse(`The attributes of "${place.path}" must be an array of at most ${mostAttributes}.`);
  }
  const read = given.map((each) => attributeOf(each, place));
  const names = read.map((each) => each.name.toLowerCase());
  const common = place.isSub ? [] : commonAttributes.map((each) => each.name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at || common.includes(name));
  if (twice !== undefined)
    throw refuse(`"${place.path}" has the attribute "${twice}" twice, or every resource has it.`);
  return read;
}

function attributeOf(document: Json, place: Place): Attribute {
  if (!isObject(document)) throw refuse(`An attribute of "${place.path}" is not a JSON object.`);
  const name = text(document, 'name');
  if (!namePattern.test(name)) throw refuse(`"${name}" cannot be the name of an attribute.`);
  const path = `${place.path}:${name}`;
  const type = types.find((each) => each === (document['type'] ?? 'string'));
  if (!type) throw refuse(`"${path}" has the type ${JSON.stringify(document['type'])}; known are ${types.join(', ')}.`);
  if (type === 'complex' && place.isSub) throw refuse(`"${path}" is complex inside a complex attribute.`);
  const subAttributes =
    type === 'complex' ? attributesOf(document['subAttributes'] ?? [], { ...place, path, isSub: true }) : undefined;
  if (subAttributes?.length === 0) throw refuse(`"${path}" is complex and needs subAttributes.`);
  const entry: AttributeEntry = {
    type,
    multiValued: flag(document, 'multiValued', path),
    required: flag(document, 'required', path),
    caseExact: flag(document, 'caseExact', path),
    mutability: choice(document, 'mutability', 'readWrite', path),
    returned: choice(document, 'returned', 'default', path),
    uniqueness: choice(document, 'uniqueness', 'none', path),
    ...canonical(document, name, path),
    ...references(document, path),
    ...(subAttributes ? { subAttributes } : {}),
  };
  refuseUnkeepable(entry, place, path);
  return withRows(attribute(name, optionalText(document, 'description'), entry), place.resourceTypes);
}

/** A unique value is looked up by what it is: one text of the resource itself. */
function refuseUnkeepable({ uniqueness, type, multiValued }: AttributeEntry, { isSub }: Place, path: string): void {
  if (uniqueness === 'none' || (!isSub && !multiValued && (type === 'string' || type === 'reference'))) return;
  throw refuse(`"${path}" cannot be unique: only a single-valued string of the resource itself can.`);
}

function canonical(document: JsonObject, name: string, path: string): Pick<Attribute, 'canonicalValues' | 'closed'> {
  const values = document['canonicalValues'];
  if (values === undefined || (Array.isArray(values) && values.length === 0)) return {};
  if (!isTexts(values)) throw refuse(`The canonicalValues of "${path}" must be strings.`);
  // Clients have kinds of their own for what a value is used for.
  return name === 'type' ? { canonicalValues: values } : { canonicalValues: values, closed: true };
}

function references(document: JsonObject, path: string): Pick<Attribute, 'referenceTypes'> {
  const values = document['referenceTypes'];
  if (values === undefined) return {};
  if (!isTexts(values)) throw refuse(`The referenceTypes of "${path}" must be strings.`);
  return { referenceTypes: values };
}

function withRows(given: Attribute, resourceTypes: readonly string[]): Attribute {
  const pointed = given.subAttributes?.find((each) => each.name === '$ref')?.referenceTypes ?? [];
  const hasValue = given.subAttributes?.some((each) => each.name === 'value');
  if (!hasValue || pointed.length === 0 || !pointed.every((each) => resourceTypes.includes(each))) return given;
  if (given.mutability !== 'readOnly') return { ...given, storedAs: 'references' };
  return pointed.includes('Group') ? { ...given, inverseOf: 'members' } : given;
}

export interface ResourceTypeDefinition {
  readonly name: string;
  readonly endpoint: string;
  readonly description: string;
  /** Schema ids. */
  readonly schema: string;
  readonly extensions: readonly { readonly schema: string; readonly required: boolean }[];
}

const reserved = new Set(['bulk', 'me', '.search', 'schemas', 'resourcetypes', 'serviceproviderconfig']);

/** Reads a resource type document. @throws ScimError invalidValue */
export function readTypeDefinition(document: Json): ResourceTypeDefinition {
  if (!isObject(document)) throw refuse('A resource type is a JSON object.');
  const name = text(document, 'name');
  const endpoint = text(document, 'endpoint').replace(/^\//, '');
  if (!namePattern.test(name)) throw refuse(`"${name}" cannot be the name of a resource type.`);
  if (!/^[A-Za-z][A-Za-z0-9-]{0,99}$/.test(endpoint) || reserved.has(endpoint.toLowerCase())) {
    throw refuse(`"${endpoint}" cannot be the endpoint of a resource type.`);
  }
  const extensions = document['schemaExtensions'] ?? [];
  if (!Array.isArray(extensions)) throw refuse('schemaExtensions must be an array.');
  return {
    name,
    endpoint,
    description: optionalText(document, 'description'),
    schema: text(document, 'schema'),
    extensions: extensions.map((each) => {
      if (!isObject(each)) throw refuse('Each of schemaExtensions must be an object.');
      return { schema: text(each, 'schema'), required: flag(each, 'required', 'schemaExtensions') };
    }),
  };
}

function isTexts(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function text(document: JsonObject, name: string): string {
  const value = document[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw refuse(`"${name}" is missing or empty.`);
}

function optionalText(document: JsonObject, name: string): string {
  const value = document[name];
  return typeof value === 'string' ? value : '';
}

function flag(document: JsonObject, name: string, path: string): boolean {
  const value = document[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw refuse(`"${name}" of "${path}" must be true or false.`);
}

function choice<K extends keyof typeof choices>(
  document: JsonObject,
  name: K,
  usual: (typeof choices)[K][number],
  path: string,
): (typeof choices)[K][number] {
  const value = document[name] ?? usual;
  const known: readonly string[] = choices[name];
  if (typeof value === 'string' && known.includes(value)) return value as (typeof choices)[K][number];
  throw refuse(`"${name}" of "${path}" must be one of ${known.join(', ')}.`);
}

function refuse(detail: string): ScimError {
  return new ScimError('invalidValue', detail);
}
