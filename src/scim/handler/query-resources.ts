// GET on an endpoint or on the root, and the same by POST to .search (RFC 7644 sections 3.4.2 and 3.4.3; cursors RFC 9865).
// Pure.
// A query of the root asks every resource type. To a type that does not have an attribute of the filter it is one without
// a value (section 3.4.2.1); an attribute that no type has is refused.
import { readCursor, writeCursor } from '../cursor.ts';
import { listResponse } from '../discovery.ts';
import { ScimError } from '../errors.ts';
import { bindFilter } from '../filter/bind.ts';
import { parseFilter } from '../filter/parse.ts';
import { type Filter, nothing } from '../filter/tree.ts';
import { type Selection, wanted } from '../project.ts';
import type { RequestFacts } from '../request-record.ts';
import type { QueryPart, ResourceQuery } from '../resource-store.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { bindSort } from '../sort.ts';
import { newFacts, type ReadyExchange, type ScimResponse } from './exchange.ts';
import { readOrder, readPage } from './query.ts';
import { scopeOf, selectionOf, shown } from './shown.ts';

export async function queryResources(
  exchange: ReadyExchange,
): Promise<{ facts: RequestFacts; response: ScimResponse }> {
  const { caller, ports, normalized, route } = exchange;
  const types = route.type ? [route.type] : caller.types.all;
  const selections = new Map(types.map((type) => [type, selectionOf(exchange, type)]));
  const text = normalized.query.get('filter')?.trim();
  const sortBy = normalized.query.get('sortby')?.trim();
  const order = readOrder(normalized.query);
  const fingerprint = [route.type?.endpoint ?? '', text ?? '', sortBy ?? '', order];
  const wish = readPage(normalized.query);
  const query: ResourceQuery = {
    parts: partsOf(types, text ? parseFilter(text) : undefined, sortBy, selections),
    ...(sortBy ? { order } : {}),
    count: wish.count,
    from:
      'startIndex' in wish ? wish : { after: wish.cursor === '' ? undefined : readCursor(wish.cursor, fingerprint) },
  };
  const { total, resources, end } = await ports.store.list(scopeOf(caller), query);
  const bodies = resources.map((resource) => shown(exchange, resource, selections.get(resource.type)!));
  const body = listResponse(bodies, {
    ...(total === undefined ? {} : { total }),
    ...('startIndex' in wish ? { startIndex: wish.startIndex } : {}),
    ...(end ? { nextCursor: writeCursor(end, fingerprint) } : {}),
  });
  const facts = {
    ...newFacts(exchange),
    ...(total === undefined ? {} : { found: total }),
    ...(text ? { filter: text } : {}),
  };
  return { facts, response: { status: 200, headers: {}, body } };
}

function partsOf(
  types: readonly ResourceType[],
  filter: Filter | undefined,
  sortBy: string | undefined,
  selections: ReadonlyMap<ResourceType, Selection>,
): QueryPart[] {
  const refusals: ScimError[] = [];
  const parts = types.flatMap((type): QueryPart[] => {
    try {
      const sort = sortBy ? bindSort(type, sortBy) : undefined;
      const want = wanted(type, selections.get(type)!);
      return [
        { type, want, ...(filter ? { filter: bindFilter(type, filter, types) } : {}), ...(sort ? { sort } : {}) },
      ];
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      refusals.push(error);
      return [];
    }
  });
  if (parts.length === 0) throw refusals[0] ?? new ScimError('notFound', 'There are no resource types here.');
  if (sortBy && !parts.some((part) => part.sort)) {
    throw new ScimError('invalidPath', `"${sortBy.slice(0, 200)}" is not an attribute to sort by.`, 'sortBy');
  }
  const matching = parts.filter((part) => part.filter !== nothing);
  if (matching.length > 0) return matching;
  if (refusals[0]) throw refusals[0];
  return parts;
}
