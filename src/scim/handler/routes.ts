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
const onSearch: Record<string, ScimOperation> = { POST: 'search' };
const onRoot: Record<string, ScimOperation> = { GET: 'list', HEAD: 'list' };
const onBulk: Record<string, ScimOperation> = { POST: 'bulk' };
const documents = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'] as const;

/** A segment that is not valid percent-encoding is nobody's name: it stays as it came. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** @param segments decoded, after the base URL, without empty ones */
export function findRoute(method: string, segments: readonly string[], types: ResourceTypes): Route {
  const [first = '', second, ...more] = segments;
  if (more.length > 0) throw nothingThere(types);
  const type = types.byEndpoint(first);
  if (type) return onEndpoint(method, type, second);
  const document = documents.find((name) => name.toLowerCase() === first.toLowerCase());
  if (document) {
    const template = second === undefined ? `/${document}` : `/${document}/{id}`;
    const operation = pick(method, onDocument, template);
    return { operation, template, document, ...(second === undefined ? {} : { id: second }) };
  }
  if (second !== undefined) throw nothingThere(types);
  switch (first.toLowerCase()) {
    case '':
      return { operation: pick(method, onRoot, '/'), template: '/' };
    case '.search':
      return { operation: pick(method, onSearch, '/.search'), template: '/.search' };
    case 'bulk':
      return { operation: pick(method, onBulk, '/Bulk'), template: '/Bulk' };
    case 'me':
      // RFC 7644 section 3.11: "If the service provider does not support this feature, it SHOULD respond with 501".
      throw new ScimError(
        'notImplemented',
        'A token belongs to a connection and not to a person, so there is nobody /Me could mean.',
      );
    default:
      throw nothingThere(types);
  }
}

function onEndpoint(method: string, type: ResourceType, second: string | undefined): Route {
  if (second?.toLowerCase() === '.search') {
    const template = `/${type.endpoint}/.search`;
    return { operation: pick(method, onSearch, template), template, type };
  }
  const template = second === undefined ? `/${type.endpoint}` : `/${type.endpoint}/{id}`;
  const operation = pick(method, second === undefined ? onType : onResource, template);
  return { operation, template, type, ...(second === undefined ? {} : { id: second }) };
}

function pick(method: string, table: Record<string, ScimOperation>, template: string): ScimOperation {
  const operation = Object.hasOwn(table, method) ? table[method] : undefined;
  if (!operation) throw new MethodNotAllowed(method, template, Object.keys(table));
  return operation;
}

function nothingThere(types: ResourceTypes): ScimError {
  const endpoints = [...types.all.map((type) => type.endpoint), ...documents, 'Bulk', '.search'].map(
    (name) => `/${name}`,
  );
  return new ScimError(
    'notFound',
    `There is nothing at this address. Below the base URL there are ${endpoints.join(', ')}.`,
  );
}
