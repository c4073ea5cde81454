// Which operation a method and a path mean (RFC 7644 section 3.2). Pure.
// Endpoints come from the resource types; nothing here knows one by name. Segments are matched without case.
import { ScimError } from '../errors.ts';
import type { ScimOperation } from '../request-record.ts';
import type { ResourceType, ResourceTypes } from '../schema/resource-type.ts';

export interface Route {
  readonly operation: ScimOperation;
  readonly template: string;
  readonly type?: ResourceType;
  readonly id?: string;
  readonly document?: 'ServiceProviderConfig' | 'ResourceTypes' | 'Schemas';
}

export class MethodNotAllowed extends ScimError {
  readonly allow: string;

  constructor(method: string, template: string, allowed: readonly string[]) {
    super('methodNotAllowed', `${method} is not possible on ${template}; possible are ${allowed.join(', ')}.`);
    this.allow = allowed.join(', ');
  }
}

const onType: Record<string, ScimOperation> = { GET: 'list', HEAD: 'list', POST: 'create' };
const onResource: Record<string, ScimOperation> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};
const onDocument: Record<string, ScimOperation> = { GET: 'discover', HEAD: 'discover' };
const documents = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'] as const;

const unoffered: Record<string, string> = {
  bulk: 'Bulk operations are not offered; send the operations one by one.',
  me: 'A token belongs to a connection and not to a person, so there is nobody /Me could mean.',
  '.search': 'Searching by POST is not offered; use GET with a filter.',
};

/** @param segments decoded, after the base URL, without empty ones. */
export function findRoute(method: string, segments: readonly string[], types: ResourceTypes): Route {
  const [first = '', second, ...more] = segments;
  const type = types.byEndpoint(first);
  const document = documents.find((name) => name.toLowerCase() === first.toLowerCase());
  const refused = unoffered[(second ?? first).toLowerCase()];
  if (
    refused &&
    Object.hasOwn(unoffered, (second ?? first).toLowerCase()) &&
    more.length === 0 &&
    (type || second === undefined)
  ) {
    throw new ScimError('notImplemented', refused);
  }
  if (more.length > 0 || (!type && !document)) throw nothingThere(types);
  if (type) {
    const template = second === undefined ? `/${type.endpoint}` : `/${type.endpoint}/{id}`;
    const operation = pick(method, second === undefined ? onType : onResource, template);
    return { operation, template, type, ...(second === undefined ? {} : { id: second }) };
  }
  const template = second === undefined ? `/${document}` : `/${document}/{id}`;
  const operation = pick(method, onDocument, template);
  return { operation, template, document: document!, ...(second === undefined ? {} : { id: second }) };
}

function pick(method: string, table: Record<string, ScimOperation>, template: string): ScimOperation {
  const operation = Object.hasOwn(table, method) ? table[method] : undefined;
  if (!operation) throw new MethodNotAllowed(method, template, Object.keys(table));
  return operation;
}

function nothingThere(types: ResourceTypes): ScimError {
  const endpoints = [...types.all.map((type) => type.endpoint), ...documents].map((name) => `/${name}`);
  return new ScimError(
    'notFound',
    `There is nothing at this address. Below the base URL there are ${endpoints.join(', ')}.`,
  );
}
