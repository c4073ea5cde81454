// A stored resource on its way out: what was asked for, in the client's terms. Pure.
import type { JsonObject } from '../json.ts';
import { labelOf } from '../label.ts';
import { everything, project, readSelection, type Selection } from '../project.ts';
import type { RequestFacts } from '../request-record.ts';
import type { StoredResource, StoreScope } from '../resource-store.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import type { Caller, ReadyExchange } from './exchange.ts';

export function scopeOf(caller: Caller): StoreScope {
  return { tenant: caller.tenant, connection: caller.connection };
}

export function selectionOf(exchange: ReadyExchange, type: ResourceType): Selection {
  const { query } = exchange.normalized;
  return readSelection(type, query.get('attributes'), query.get('excludedattributes'));
}

export function identity(resource: StoredResource): Pick<RequestFacts, 'resourceId' | 'label'> {
  const label = labelOf(resource.type, resource.attributes);
  return { resourceId: resource.id, ...(label === undefined ? {} : { label }) };
}

export function shown(exchange: ReadyExchange, resource: StoredResource, selection: Selection): JsonObject {
  const { caller, request } = exchange;
  const body = project(resource, selection, { types: caller.types, baseUrl: request.baseUrl });
  return selection.mode === everything.mode ? (caller.profile.complete?.(body, resource.type) ?? body) : body;
}
