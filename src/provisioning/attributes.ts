// The attributes we send of a user, as data: where each lies in a resource, how a PATCH names it (RFC 7644 section 3.5.2)
// and how it is read back. Pure. A user's state is a flat record by attribute; resources and PATCH operations are made
// from it. Paths are explicit, one operation an attribute, and values whole, which even literal-minded servers take.

import { isObject, type Json, type JsonObject } from '../scim/json.ts';
import { enterpriseUserSchema } from '../scim/schema/enterprise-user.ts';
import { workspaceUserSchema } from '../scim/schema/workspace-user.ts';

export const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseUser = enterpriseUserSchema.id;
export const workspaceUser = workspaceUserSchema.id;
export const patchMessage = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** What is known of a user at one side, by attribute key; an attribute without a value is absent. */
export type Attributes = Readonly<Record<string, string | boolean>>;

export interface SentAttribute {
  key: string;
  label: string;
  /** Where it lies: an extension's URN, or undefined for the core schema. */
  extension?: string;
  /** `name` of `name.givenName`. */
  parent?: string;
  name: string;
  /** `work` is a multi-valued attribute of which we send one work value; `reference` a complex `{value}`. */
  shape?: { kind: 'work'; subAttribute: string; isPrimary: boolean } | { kind: 'reference' };
  /** Where the value comes from, for the administrator. */
  source: string;
}

export const sentAttributes: readonly SentAttribute[] = [
  { key: 'userName', label: 'User name', name: 'userName', source: "User's user name" },
  { key: 'externalId', label: 'External id', name: 'externalId', source: "User's id" },
  { key: 'active', label: 'Active', name: 'active', source: "User's status" },
  { key: 'givenName', label: 'First name', parent: 'name', name: 'givenName', source: "User's first name" },
  { key: 'familyName', label: 'Last name', parent: 'name', name: 'familyName', source: "User's last name" },
  { key: 'displayName', label: 'Display name', name: 'displayName', source: "User's display name" },
  {
    key: 'email',
    label: 'E-mail',
    name: 'emails',
    shape: { kind: 'work', subAttribute: 'value', isPrimary: true },
    source: "User's e-mail",
  },
  { key: 'title', label: 'Job title', name: 'title', source: "User's job title" },
  { key: 'employeeType', label: 'Employee type', name: 'userType', source: "User's employee type" },
  {
    key: 'department',
    label: 'Department',
    extension: enterpriseUser,
    name: 'department',
    source: "User's department",
  },
  {
    key: 'manager',
    label: 'Manager',
    extension: enterpriseUser,
    name: 'manager',
    shape: { kind: 'reference' },
    source: "The manager's account at the app",
  },
  { key: 'startDate', label: 'Start date', extension: workspaceUser, name: 'startDate', source: "User's start date" },
  { key: 'location', label: 'Location', extension: workspaceUser, name: 'location', source: "User's location" },
  {
    key: 'managerEmail',
    label: 'Manager email',
    extension: workspaceUser,
    name: 'managerEmail',
    source: "The manager's e-mail",
  },
  {
    key: 'managerDisplayName',
    label: 'Manager name',
    extension: workspaceUser,
    name: 'managerDisplayName',
    source: "The manager's display name",
  },
  {
    key: 'locality',
    label: 'Location',
    name: 'addresses',
    shape: { kind: 'work', subAttribute: 'locality', isPrimary: false },
    source: "User's location",
  },
];

const byKey = new Map(sentAttributes.map((attribute) => [attribute.key, attribute]));

export function attributeOf(key: string): SentAttribute {
  const found = byKey.get(key);
  if (!found) throw new Error(`There is no attribute ${key}.`);
  return found;
}

/** The attribute path of a PATCH operation. */
export function pathOfAttribute({ extension, parent, name }: SentAttribute): string {
  return `${extension ? `${extension}:` : ''}${parent ? `${parent}.` : ''}${name}`;
}

function onTheWire({ shape }: SentAttribute, value: string | boolean): Json {
  if (shape?.kind === 'work') {
    return [{ [shape.subAttribute]: value, type: 'work', ...(shape.isPrimary ? { primary: true } : {}) }];
  }
  return shape?.kind === 'reference' ? { value } : value;
}

function containerOf(resource: JsonObject, { extension, parent }: SentAttribute): JsonObject | undefined {
  const key = extension ?? parent;
  const container = key === undefined ? resource : resource[key];
  return isObject(container) ? container : undefined;
}

/** One value out of several: the work one, the primary one, the first. */
function pickOne(values: Json | undefined): JsonObject | undefined {
  const objects = (Array.isArray(values) ? values : [values]).filter(isObject);
  return (
    objects.find((each) => String(each['type'] ?? '').toLowerCase() === 'work') ??
    objects.find((each) => each['primary'] === true) ??
    objects[0]
  );
}

function readAttribute(resource: JsonObject, attribute: SentAttribute): string | boolean | undefined {
  const { shape, name } = attribute;
  let value: Json | undefined = containerOf(resource, attribute)?.[name];
  if (shape) value = pickOne(value)?.[shape.kind === 'work' ? shape.subAttribute : 'value'];
  if (attribute.key === 'active') return typeof value === 'string' ? value.toLowerCase() === 'true' : value === true;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What a resource of the app says of the attributes we send. One without `active` counts as active. */
export function readAttributes(resource: JsonObject): Attributes {
  const read: Record<string, string | boolean> = {};
  for (const attribute of sentAttributes) {
    const value = readAttribute(resource, attribute);
    if (value !== undefined) read[attribute.key] = value;
  }
  return { ...read, active: resource['active'] === undefined ? true : (read['active'] ?? true) };
}

function write(resource: JsonObject, attribute: SentAttribute, value: string | boolean | undefined): void {
  const key = attribute.extension ?? attribute.parent;
  let container = containerOf(resource, attribute);
  if (!container) {
    if (value === undefined || key === undefined) return;
    container = {};
    resource[key] = container;
  }
  if (value === undefined) delete container[attribute.name];
  else container[attribute.name] = onTheWire(attribute, value);
}

function schemasOf(resource: JsonObject): string[] {
  const extensions = Object.keys(resource).filter((key) => key.startsWith('urn:'));
  const listed = Array.isArray(resource['schemas']) ? resource['schemas'].map(String) : [];
  return [...new Set([coreUser, ...listed, ...extensions])];
}

/** The resource of a POST. */
export function toResource(attributes: Attributes): JsonObject {
  const resource: JsonObject = { schemas: [] };
  for (const [key, value] of Object.entries(attributes)) write(resource, attributeOf(key), value);
  return { ...resource, schemas: schemasOf(resource) };
}

/** The resource of a PUT: what the app has, with our attributes in their new state, so that nothing of others is lost. */
export function mergeForPut(current: JsonObject, before: Attributes, after: Attributes): JsonObject {
  const merged = structuredClone(current);
  delete merged['meta'];
  delete merged['groups'];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    write(merged, attributeOf(key), after[key]);
  return { ...merged, schemas: schemasOf(merged) };
}

/** One attribute that is not as it should be. */
export interface AttributeChange {
  /** The key; labels and paths come from the table. */
  attribute: string;
  before: string | null;
  after: string | null;
}

function shown(value: string | boolean | undefined): string | null {
  return value === undefined ? null : String(value);
}

/** What differs, in the order of the table. */
export function differences(before: Attributes, after: Attributes): AttributeChange[] {
  return sentAttributes
    .map(({ key }) => ({ attribute: key, before: shown(before[key]), after: shown(after[key]) }))
    .filter((change) => change.before !== change.after);
}

/** PATCH operations that bring these changes, `active` first. */
export function patchOperations(changes: readonly AttributeChange[], after: Attributes): JsonObject[] {
  const activeFirst = [...changes].sort(
    (one, other) => Number(other.attribute === 'active') - Number(one.attribute === 'active'),
  );
  return activeFirst.map(({ attribute: key }): JsonObject => {
    const attribute = attributeOf(key);
    const value = after[key];
    const path = pathOfAttribute(attribute);
    return value === undefined ? { op: 'remove', path } : { op: 'replace', path, value: onTheWire(attribute, value) };
  });
}
