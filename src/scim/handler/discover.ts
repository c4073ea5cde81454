// The discovery endpoints (RFC 7644 section 4). Pure.
import {
  allDocuments,
  listResponse,
  resourceTypeDocument,
  schemaDocument,
  serviceProviderConfig,
} from '../discovery.ts';
import { ScimError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { ReadyExchange, ScimResponse } from './exchange.ts';
import { offered } from './query.ts';

export function discover(exchange: ReadyExchange): ScimResponse {
  const { route } = exchange;
  if (exchange.normalized.query.get('filter') !== undefined) {
    // RFC 7644 section 4: "If a "filter" is provided, the service provider SHOULD respond with HTTP status code 403".
    throw new ScimError('forbidden', 'The discovery endpoints cannot be filtered.');
  }
  const body = route.id === undefined ? discoverAll(exchange) : discoverOne(exchange, route.id);
  if (!body)
    throw new ScimError('notFound', `There is no ${route.document} with the id "${(route.id ?? '').slice(0, 200)}".`);
  return { status: 200, headers: {}, body };
}

function discoverAll({ caller, request, route }: ReadyExchange): JsonObject {
  if (route.document === 'Schemas' || route.document === 'ResourceTypes') {
    const documents = allDocuments(caller.types, route.document, request.baseUrl);
    return listResponse(documents, { total: documents.length, startIndex: 1 });
  }
  return { ...serviceProviderConfig(offered, request.baseUrl), ...caller.profile.serviceProviderConfig };
}

function discoverOne({ caller, request, route }: ReadyExchange, id: string): JsonObject | undefined {
  if (route.document === 'Schemas') {
    const schema = caller.types.schema(id);
    return schema && schemaDocument(schema, request.baseUrl);
  }
  const type = route.document === 'ResourceTypes' ? caller.types.byName(id) : undefined;
  return type && resourceTypeDocument(type, request.baseUrl);
}
