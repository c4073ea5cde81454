// What a query is sorted by, as SQL over a resource `r` (RFC 7644 section 3.4.2.3), and the condition that a resource
// comes after the one a page ended with. Pure.
// Agrees with sortValue and compareSorted of the engine; names and values are bound parameters without exception.
import { notOurCursor } from '../../scim/cursor.ts';
import { ScimError } from '../../scim/errors.ts';
import type { BoundPath } from '../../scim/filter/tree.ts';
import { placed } from '../../scim/path.ts';
import type { PageEnd, QueryPart } from '../../scim/resource-store.ts';
import { type SortOrder, sortedLength } from '../../scim/sort.ts';
import { isUuid, type Parameters } from './sql.ts';

export interface Sorting {
  /** Null where a resource has no value. */
  readonly key: string;
  readonly cast: 'text' | 'numeric' | 'boolean';
  readonly order: SortOrder;
}

interface SortContext {
  readonly connection: string;
  readonly parameters: Parameters;
}

export function sortingOf(parts: readonly QueryPart[], order: SortOrder, context: SortContext): Sorting {
  const casts = new Set(parts.flatMap((part) => (part.sort ? [castOf(part.sort)] : [])));
  const cast = casts.size === 1 ? [...casts][0]! : 'text';
  const keys = parts.map((part) => (part.sort ? keySql(part.sort, context) : 'null::text'));
  const { bind } = context.parameters;
  const text =
    keys.length === 1
      ? keys[0]!
      : `(case r.resource_type ${parts.map((part, at) => `when ${bind(part.type.name)} then ${keys[at]!}`).join(' ')} end)`;
  return { key: cast === 'text' ? `left(${text}, ${sortedLength}) collate "C"` : `(${text})::${cast}`, cast, order };
}

export function orderSql(sorting: Sorting | undefined): string {
  if (!sorting) return 'r.id';
  const { key, order } = sorting;
  return `${key} ${order === 'ascending' ? 'asc nulls last' : 'desc nulls first'}, r.id`;
}

/** True for resources that come after `end`, which a client may have made up. */
export function afterSql(end: PageEnd, sorting: Sorting | undefined, { bind }: Parameters): string {
  if (!isUuid(end.id) || !fits(end.sortValue ?? null, sorting)) throw notOurCursor();
  const id = `${bind(end.id)}::uuid`;
  if (!sorting) return `r.id > ${id}`;
  const { key, cast, order } = sorting;
  const ascending = order === 'ascending';
  if (end.sortValue === null || end.sortValue === undefined) {
    const sameAndLater = `(${key} is null and r.id > ${id})`;
    return ascending ? sameAndLater : `(${sameAndLater} or ${key} is not null)`;
  }
  const value = `${bind(end.sortValue)}::${cast}`;
  const later = `(${key} ${ascending ? '>' : '<'} ${value} or (${key} = ${value} and r.id > ${id}))`;
  return ascending ? `(${later} or ${key} is null)` : later;
}

function fits(value: string | null, sorting: Sorting | undefined): boolean {
  if (value === null || !sorting) return true;
  if (sorting.cast === 'boolean') return value === 'true' || value === 'false';
  return sorting.cast === 'numeric' ? /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value) : !value.includes('\0');
}

function castOf({ leaf }: BoundPath): Sorting['cast'] {
  if (leaf.type === 'boolean') return 'boolean';
  return leaf.type === 'integer' || leaf.type === 'decimal' ? 'numeric' : 'text';
}

function keySql(path: BoundPath, context: SortContext): string {
  const { attribute, container } = path;
  const { bind } = context.parameters;
  if (attribute.storedAs) return pointingSql(path, bind);
  if (attribute.inverseOf) return pointedAtSql(path, attribute.inverseOf, bind);
  if (container.key === '') {
    if (attribute.name === 'id') return 'r.id::text';
    if (attribute.name === 'externalId') return `(r.external_ids ->> ${bind(context.connection)}::text)`;
    if (attribute.name === 'meta') return metaSql(path);
  }
  const whole = `(r.search #> ${bind(container.key ? [container.key, attribute.name] : [attribute.name])}::text[])`;
  const element = attribute.multiValued
    ? `coalesce((select e.value from jsonb_array_elements(${whole}) with ordinality as e(value, place)
        where e.value -> 'primary' = 'true'::jsonb order by e.place limit 1), ${whole} -> 0)`
    : whole;
  return path.sub ? `(${element} ->> ${bind(path.sub.name)}::text)` : `(${element} #>> '{}')`;
}

function metaSql({ leaf }: BoundPath): string {
  const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  if (leaf.name === 'created') return iso('r.created');
  if (leaf.name === 'lastModified') return iso('r.last_modified');
  if (leaf.name === 'resourceType') return 'r.resource_type';
  throw unsorted(`meta.${leaf.name}`);
}

function pointingSql(path: BoundPath, bind: Parameters['bind']): string {
  const names: Record<string, string> = {
    value: 'coalesce(t.id::text, f.value)',
    type: 'lower(coalesce(t.resource_type, f.value_type))',
    display: 't.label_search',
    displayName: 't.label_search',
  };
  const leaf = names[path.leaf.name];
  if (!leaf) throw unsorted(`${path.attribute.name}.${path.leaf.name}`);
  return `(select ${leaf} from workspace.resource_reference f left join workspace.resource t
      on t.tenant = f.tenant and t.id = f.target
     where f.tenant = r.tenant and f.resource = r.id and f.attribute = ${bind(placed(path).key)} order by f.created, f.value limit 1)`;
}

function pointedAtSql(path: BoundPath, inverse: string, bind: Parameters['bind']): string {
  const names: Record<string, string> = { value: 'g.id::text', display: 'g.label_search', type: "'direct'" };
  const leaf = names[path.leaf.name];
  if (!leaf) throw unsorted(`${path.attribute.name}.${path.leaf.name}`);
  return `(select ${leaf} from workspace.resource_reference f join workspace.resource g
      on g.tenant = f.tenant and g.id = f.resource
     where f.tenant = r.tenant and f.target = r.id and f.attribute = ${bind(inverse)} order by g.label, g.id limit 1)`;
}

function unsorted(path: string): ScimError {
  return new ScimError(
    'invalidPath',
    `"${path}" cannot be sorted by; it follows from the rest of the resource.`,
    'sortBy',
  );
}
