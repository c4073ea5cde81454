// One page of resources: filtered, sorted, at an index or behind an end. Talks to: Postgres.
// The page's ids are found first, by an index alone where one serves; only then are the resources themselves read.
import type { PageEnd, QueryPart, ResourcePage, ResourceQuery, StoreScope } from '../../scim/resource-store.ts';
import type { PlacedAttribute } from '../../scim/schema/resource-type.ts';
import type { Statement, TenantDatabase } from '../database.ts';
import type { SharedRead } from '../shared-reads.ts';
import { filterSql, isKeyed as isKeyedBy, keySource } from './filter-sql.ts';
import type { PagePlaces } from './page-places.ts';
import { type ResourceRow, resourceColumns, toStored } from './resource-rows.ts';
import type { ScanTurns } from './scan-turns.ts';
import { afterSql, orderSql, type Sorting, sortingOf } from './sort-sql.ts';
import { newParameters, type Parameters } from './sql.ts';

interface PageRow extends ResourceRow {
  resource_type: string;
  sort_key: string | null;
}

export interface PageReaders {
  readonly database: TenantDatabase;
  /** Where deep pages of a whole list begin. */
  readonly places: PagePlaces;
  /** For what an index answers in a moment. */
  readonly read: SharedRead;
  /** For what may read every resource. */
  readonly turns: ScanTurns;
  /** How long one statement of that may take. */
  readonly scanTimeoutMs: number;
}

export function readPage(readers: PageReaders, scope: StoreScope, query: ResourceQuery): Promise<ResourcePage> {
  const isScan = !isKeyed(query) && (query.order !== undefined || query.parts.some((part) => part.filter));
  if (!isScan) return readNow(readers, scope, query);
  const database = withTimeout(readers.database, readers.scanTimeoutMs);
  return readers.turns.run(scope.tenant, () => readNow({ ...readers, database }, scope, query));
}

/** Whose batches end sooner than any statement must. */
function withTimeout(database: TenantDatabase, ms: number): TenantDatabase {
  return {
    ...database,
    async batch(tenant, statements) {
      const limit = { text: `SET LOCAL statement_timeout = ${ms}` };
      return (await database.batch(tenant, [limit, ...statements])).slice(1);
    },
  };
}

async function readNow(
  { database, places, read }: PageReaders,
  scope: StoreScope,
  query: ResourceQuery,
): Promise<ResourcePage> {
  if ('after' in query.from) return behind(database, scope, query, query.from.after);
  const { startIndex } = query.from;
  const isWhole = query.parts.every((part) => !part.filter);
  if (isWhole && !query.order && query.parts.length === 1 && places.areDeep(startIndex)) {
    return places.readDeep(scope, query.parts[0]!, { startIndex, count: query.count });
  }
  const page = pageStatement(scope, query, { offset: startIndex - 1, limit: query.count });
  if (isWhole) {
    const [rows, [sum]] = (await database.batch(scope.tenant, [page, totalStatement(scope, query.parts)])) as [
      PageRow[],
      [{ total: number }],
    ];
    return { total: sum.total, resources: rows.map((row) => stored(query, row)) };
  }
  const rows = (
    isKeyed(query) ? await read(scope.tenant, page) : (await database.batch(scope.tenant, [page]))[0]
  ) as PageRow[];
  const resources = rows.map((row) => stored(query, row));
  // A first page that is not full says the total itself.
  if (startIndex === 1 && rows.length < query.count) return { total: rows.length, resources };
  const [[counted]] = (await database.batch(scope.tenant, [countStatement(scope, query)])) as [[{ total: number }]];
  return { total: counted.total, resources };
}

/** One more than the page is read: whether there is a next one is known without counting. */
async function behind(
  database: TenantDatabase,
  scope: StoreScope,
  query: ResourceQuery,
  after: PageEnd | undefined,
): Promise<ResourcePage> {
  const isWhole = query.parts.every((part) => !part.filter);
  const page = pageStatement(scope, query, { ...(after ? { after } : {}), offset: 0, limit: query.count + 1 });
  const [rows, counted] = (await database.batch(scope.tenant, [
    page,
    ...(isWhole ? [totalStatement(scope, query.parts)] : []),
  ])) as [PageRow[], [{ total: number }] | undefined];
  const shown = rows.slice(0, query.count);
  const last = shown.at(-1);
  return {
    ...(counted ? { total: counted[0].total } : {}),
    resources: shown.map((row) => stored(query, row)),
    ...(last && rows.length > query.count
      ? { end: query.order ? { id: last.id, sortValue: last.sort_key } : { id: last.id } }
      : {}),
  };
}

function stored({ parts }: ResourceQuery, row: PageRow) {
  const part = parts.length === 1 ? parts[0]! : parts.find((each) => each.type.name === row.resource_type)!;
  return toStored(part.type, row, part.want);
}

interface Slice {
  readonly after?: PageEnd;
  readonly offset: number;
  readonly limit: number;
}

function pageStatement(scope: StoreScope, query: ResourceQuery, slice: Slice): Statement {
  const parameters = newParameters(scope.tenant);
  const { bind } = parameters;
  const { columns } = resourceColumns(parameters, scope.connection, wantedBy(query.parts));
  const sorting = query.order
    ? sortingOf(query.parts, query.order, { connection: scope.connection, parameters })
    : undefined;
  const limit = `limit ${bind(slice.limit)}::int${slice.offset > 0 ? ` offset ${bind(slice.offset)}::bigint` : ''}`;
  const source = sourceOf(scope, query, parameters);
  const after = slice.after ? ` and ${afterSql(slice.after, sorting, parameters)}` : '';
  const where = source?.where ?? `r.tenant = $1 and ${whereSql(scope, query.parts, parameters)}`;
  const ids = `${where} and r.deleted_at is null${after}`;
  const text = source
    ? // Behind "offset 0" the order asked for outside does not tempt the server to read everybody in that order.
      `select * from (select r.tenant, ${columns} from ${source.from} where ${ids} offset 0) as found
        where found.tenant = $1 order by found.id ${limit}`
    : `select ${columns}, r.resource_type, page.sort_key from (${idsSql(ids, sorting, limit)}) as page
        cross join lateral (select r.* from workspace.resource r where r.tenant = $1 and r.id = page.id offset 0) as r
        where r.tenant = $1 order by page.place`;
  const isFixed = source || (!sorting && query.parts.length === 1 && !query.parts[0]!.filter);
  const name = isFixed ? preparedName(text) : undefined;
  return { text, values: parameters.values, ...(name ? { name } : {}) };
}

/** Where a query that an index answers begins. */
function sourceOf(scope: StoreScope, query: ResourceQuery, parameters: Parameters) {
  const [part] = query.parts;
  if (part?.filter?.op !== 'eq' || !isKeyed(query)) return undefined;
  const { path, value } = part.filter;
  return keySource(path, value, { type: part.type, connection: scope.connection, parameters, depth: 0 });
}

/** Equality on an attribute that is unique or indexed, and nothing else: what clients look people up by. */
function isKeyed({ parts, order }: ResourceQuery): boolean {
  const filter = parts.length === 1 && !order ? parts[0]!.filter : undefined;
  return filter?.op === 'eq' && isKeyedBy(filter.path, filter.value);
}

/** The ids of a page and their places. Without a sort order the id is its own place: UUIDs are ordered as they are made. */
function idsSql(where: string, sorting: Sorting | undefined, limit: string): string {
  if (!sorting)
    return `select r.id, null::text as sort_key, r.id as place from workspace.resource r where ${where} order by r.id ${limit}`;
  const order = orderSql(sorting);
  return `select r.id, (${sorting.key})::text as sort_key, row_number() over (order by ${order}) as place
    from workspace.resource r where ${where} order by ${order} ${limit}`;
}

function wantedBy(parts: readonly QueryPart[]): PlacedAttribute[] {
  return [...new Map(parts.flatMap((part) => part.want.map((each) => [each.key, each] as const))).values()];
}

const preparedNames = new Map<string, string>();
const mostPrepared = 100;

/** Names go by text, never by tenant or value; past a hundred a statement is planned each time. */
function preparedName(text: string): string | undefined {
  const known = preparedNames.get(text);
  if (known || preparedNames.size >= mostPrepared) return known;
  const name = `resource_page_${preparedNames.size}`;
  preparedNames.set(text, name);
  return name;
}

function countStatement(scope: StoreScope, query: ResourceQuery): Statement {
  const parameters = newParameters(scope.tenant);
  const where = whereSql(scope, query.parts, parameters);
  return {
    text: `select count(*) as total from workspace.resource r where r.tenant = $1 and r.deleted_at is null and ${where}`,
    values: parameters.values,
  };
}

function whereSql(scope: StoreScope, parts: readonly QueryPart[], parameters: Parameters): string {
  const [only, ...others] = parts.map((part) => partSql(scope, part, parameters));
  return others.length === 0 ? only! : `(${[only, ...others].map((each) => `(${each})`).join(' or ')})`;
}

function partSql(scope: StoreScope, { type, filter }: QueryPart, parameters: Parameters): string {
  const ofType = `r.resource_type = ${parameters.bind(type.name)}`;
  if (!filter) return ofType;
  return `${ofType} and ${filterSql(filter, { type, connection: scope.connection, parameters, depth: 0 })}`;
}

export function totalStatement(scope: StoreScope, parts: readonly Pick<QueryPart, 'type'>[]): Statement {
  return {
    name: 'resource_total',
    text: `select coalesce(sum(c.resources), 0)::bigint as total from workspace.resource_count c
      where c.tenant = $1 and c.resource_type = any($2::text[])`,
    values: [scope.tenant, parts.map((part) => part.type.name)],
  };
}
