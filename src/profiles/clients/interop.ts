// The server's half of draft-zollner-scim-interop-profile: nothing is guessed, and what the profile does not have is
// refused. Pure. Only where an administrator pinned it: clients in the field send what it forbids.
// That a value path matches exactly one value, and that a filter names attributes of the schema, is the core's to find.
import { ScimError } from '../../scim/errors.ts';
import { parseValuePath } from '../../scim/filter/parse.ts';
import type { ClientProfile, ParsedRequest } from '../../scim/handler/profile.ts';
import { isObject, type Json, type JsonObject } from '../../scim/json.ts';
import { type ResolvedPath, resolvePath } from '../../scim/path.ts';
import { type Attribute, subAttribute } from '../../scim/schema/attribute.ts';
import { type Container, containerOf, type ResourceType, rootContainer } from '../../scim/schema/resource-type.ts';

export const interop: ClientProfile = {
  id: 'interop',
  name: 'Interop profile client',
  serviceProviderConfig: { interopProfileConformant: true },
  alwaysScimJson: true,
  normalize: (request) => {
    const { query, body } = request;
    const common = { query, keepAbsent: 'none', absentValuePath: 'one', rewrites: [] } as const;
    if (body === undefined || !request.type || !isObject(body))
      return { ...common, ...(body === undefined ? {} : { body }) };
    if (request.operation !== 'patch') {
      refuseUnknown(request.type, body);
      return { ...common, body };
    }
    return { ...common, body: checkedPatch(request, request.type, body) };
  },
};

function refuseUnknown(type: ResourceType, body: JsonObject): void {
  const schemas = body['schemas'];
  for (const schema of Array.isArray(schemas) ? schemas : []) {
    if (typeof schema !== 'string' || !containerOf(type, schema))
      throw unknown(`The schema ${JSON.stringify(schema).slice(0, 200)} is not one of ${type.name}`);
  }
  for (const [key, value] of Object.entries(body)) {
    const extension = key.includes(':') ? containerOf(type, key) : undefined;
    if (extension && isObject(value)) refuseUnknownIn(extension, value);
    else if (!extension) refuseUnknownIn(rootContainer(type), { [key]: value });
  }
}

function refuseUnknownIn(container: Container, values: JsonObject): void {
  for (const [key, value] of Object.entries(values)) {
    const attribute = container.attributes.get(key.toLowerCase());
    if (!attribute) throw unknown(`"${key.slice(0, 200)}" is not an attribute of ${container.schema.name}`);
    refuseUnknownSubs(attribute, value);
  }
}

function refuseUnknownSubs(attribute: Attribute, value: Json): void {
  if (!attribute.subAttributes) return;
  for (const each of Array.isArray(value) ? value : [value]) {
    const key = isObject(each) ? Object.keys(each).find((name) => !subAttribute(attribute, name)) : undefined;
    if (key !== undefined) throw unknown(`"${key.slice(0, 200)}" is not a sub-attribute of ${attribute.name}`);
  }
}

function unknown(what: string): ScimError {
  return new ScimError('invalidSyntax', `${what}, and this connection keeps to the interoperability profile.`);
}

function checkedPatch({ body }: ParsedRequest, type: ResourceType, given: JsonObject): Json {
  const operations = given['Operations'];
  if (!Array.isArray(operations)) return body ?? given;
  return {
    ...given,
    Operations: operations.flatMap((each) => (isObject(each) ? checkedOperation(type, each) : [each])),
  };
}

function checkedOperation(type: ResourceType, operation: JsonObject): Json[] {
  const { op, path, value } = operation;
  if (typeof path !== 'string') {
    throw new ScimError(
      'invalidSyntax',
      'Each operation needs a path: this connection keeps to the interoperability profile.',
    );
  }
  const parts = parseValuePath(path);
  // The profile lets a server refuse it; IPSIE's profile takes members away by it, so that one form is taken.
  const takesAway = String(op).toLowerCase() === 'remove' && resolvePath(type, parts.path)?.attribute?.storedAs;
  if (parts.filter && !parts.sub && !takesAway) {
    throw new ScimError(
      'invalidPath',
      `The path "${path.slice(0, 200)}" must name a sub-attribute behind its brackets: this connection keeps to the interoperability profile.`,
      path.slice(0, 200),
    );
  }
  const found = resolvePath(type, parts.sub ? `${parts.path}.${parts.sub}` : parts.path);
  if (!found) throw unknown(`"${path.slice(0, 200)}" is not an attribute of ${type.name}`);
  if (value !== undefined) refuseUnknownValue(found, value);
  // Section 3.5.2.3 of RFC 7644 sets the sub-attributes that are given; the profile replaces the value whole.
  const isWhole = op === 'replace' && isObject(value) && found.attribute?.type === 'complex' && !found.sub;
  if (!isWhole || found.attribute?.multiValued || found.attribute?.storedAs) return [operation];
  return [{ op: 'remove', path }, operation];
}

function refuseUnknownValue({ container, attribute, sub }: ResolvedPath, value: Json): void {
  if (!attribute && isObject(value)) refuseUnknownIn(container, value);
  else if (attribute && !sub) refuseUnknownSubs(attribute, value);
}
