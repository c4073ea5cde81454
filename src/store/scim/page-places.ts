// Where deep pages of a whole list begin: the ids at every 500th place, so that `startIndex=90001` starts from a key and
// not from the first row. Talks to: Postgres.
// New resources come last (ids are UUIDv7), so a place stays true until one in front of it is deleted or arrives late. The
// counts the store keeps tell both: the places are used in the very statement batch that proves them, and otherwise made
// anew. They are a memory of one process that no other needs.
import type { QueryPart, ResourcePage, StoreScope } from '../../scim/resource-store.ts';
import type { Row, Statement, TenantDatabase } from '../database.ts';
import { type ResourceRow, resourceColumns, toStored } from './resource-rows.ts';
import { newParameters } from './sql.ts';

const spacing = 500;
/** Up to here counting from the first row is as fast. */
const shallow = 2 * spacing;
/** More arrivals than this since the places were made, and they are made anew. */
const mostArrivals = 5_000;
const mostLists = 1_000;

interface Places {
  /** ids[n] is the id at the place n * spacing, from 0. */
  readonly ids: readonly string[];
  readonly highest: string;
  readonly total: number;
  readonly removals: number;
}

interface Slice {
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

export interface PagePlaces {
  areDeep(startIndex: number): boolean;
  readDeep(scope: StoreScope, part: QueryPart, slice: Slice): Promise<ResourcePage>;
}

export function createPagePlaces(database: TenantDatabase): PagePlaces {
  const known = new Map<string, Places>();

  async function placesOf(scope: StoreScope, part: QueryPart): Promise<Places | undefined> {
    const [counted, rows] = await database.batch(scope.tenant, [
      countsStatement(scope, part),
      placesStatement(scope, part),
    ]);
    const { total, removals } = counted![0] as { total: number; removals: number };
    const last = rows!.at(-1);
    if (!last) return undefined;
    const ids = rows!.filter((row) => row['place'] % spacing === 0).map((row) => row['id'] as string);
    const places = { ids, highest: last['id'] as string, total: last['place'] + 1, removals };
    // Somebody wrote between the two statements: these places are for this page only.
    if (places.total !== total) return { ...places, removals: Number.NaN };
    if (known.size >= mostLists) known.delete(known.keys().next().value!);
    known.set(keyOf(scope, part), places);
    return places;
  }

  return {
    areDeep: (startIndex) => startIndex > shallow,
    async readDeep(scope, part, slice) {
      const before = known.get(keyOf(scope, part));
      if (before) {
        const page = await readAt(database, scope, { part, slice, places: before });
        if (page) return page;
      }
      const places = await placesOf(scope, part);
      if (!places) return { total: 0, resources: [] };
      const [rows] = await database.batch(scope.tenant, [pageStatement(scope, { part, slice, places })]);
      return { total: places.total, resources: toResources(rows!, part) };
    },
  };
}

interface Reading {
  readonly part: QueryPart;
  readonly slice: Slice;
  readonly places: Places;
}

/** Undefined: the places are no longer true. */
async function readAt(
  database: TenantDatabase,
  scope: StoreScope,
  reading: Reading,
): Promise<ResourcePage | undefined> {
  const { part, places } = reading;
  const [counted, arrived, rows] = await database.batch(scope.tenant, [
    countsStatement(scope, part),
    arrivalsStatement(scope, part, places.highest),
    pageStatement(scope, reading),
  ]);
  const { total, removals } = counted![0] as { total: number; removals: number };
  const arrivals = arrived![0]!['arrivals'] as number;
  const areTrue = removals === places.removals && arrivals <= mostArrivals && total - places.total === arrivals;
  return areTrue ? { total, resources: toResources(rows!, part) } : undefined;
}

function toResources(rows: readonly Row[], { type, want }: QueryPart) {
  return rows.map((row) => toStored(type, row as ResourceRow, want));
}

function keyOf({ tenant }: StoreScope, { type }: QueryPart): string {
  return `${tenant} ${type.name}`;
}

function countsStatement(scope: StoreScope, { type }: QueryPart): Statement {
  return {
    name: 'resource_counts',
    text: `select coalesce(sum(c.resources), 0)::bigint as total, coalesce(sum(c.removals), 0)::bigint as removals
      from workspace.resource_count c where c.tenant = $1 and c.resource_type = $2`,
    values: [scope.tenant, type.name],
  };
}

function arrivalsStatement(scope: StoreScope, { type }: QueryPart, highest: string): Statement {
  return {
    name: 'resource_arrivals',
    text: `select count(*) as arrivals from (select 1 from workspace.resource r
      where r.tenant = $1 and r.resource_type = $2 and r.deleted_at is null and r.id > $3::uuid limit ${mostArrivals + 1}) as arrived`,
    values: [scope.tenant, type.name, highest],
  };
}

/** The ids at every place, and the last one. */
function placesStatement(scope: StoreScope, { type }: QueryPart): Statement {
  return {
    name: 'resource_places',
    text: `select p.id, p.place from (select r.id, (row_number() over (order by r.id) - 1) as place, lead(r.id) over (order by r.id) as next
        from workspace.resource r where r.tenant = $1 and r.resource_type = $2 and r.deleted_at is null) as p
      where p.place % ${spacing} = 0 or p.next is null order by p.place`,
    values: [scope.tenant, type.name],
  };
}

function pageStatement(scope: StoreScope, { part, slice, places }: Reading): Statement {
  const parameters = newParameters(scope.tenant);
  const { bind } = parameters;
  const { columns, shape } = resourceColumns(parameters, scope.connection, part.want);
  const place = Math.min(Math.floor((slice.startIndex - 1) / spacing), places.ids.length - 1);
  const from = bind(places.ids[place]);
  const ofType = bind(part.type.name);
  const offset = slice.startIndex - 1 - place * spacing;
  return {
    name: `resource_deep_${shape}`,
    text: `select ${columns} from (select r.id from workspace.resource r
        where r.tenant = $1 and r.resource_type = ${ofType} and r.deleted_at is null and r.id >= ${from}::uuid
        order by r.id limit ${bind(slice.count)}::int offset ${bind(offset)}::bigint) as page
      cross join lateral (select r.* from workspace.resource r where r.tenant = $1 and r.id = page.id offset 0) as r
      where r.tenant = $1 order by page.id`,
    values: parameters.values,
  };
}
