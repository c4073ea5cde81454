// A bound filter as SQL over a resource `r` (RFC 7644 section 3.4.2.2). Pure.
// Values and names are bound parameters without exception. `r.search` holds each attribute in the form it is compared in,
// so this agrees with the in-memory evaluator; every test is true or false, never null, or `not` would lose rows.
import { comparable } from '../../scim/comparable.ts';
import { ScimError } from '../../scim/errors.ts';
import type { BoundFilter, BoundPath, Comparison, ElementFilter, Literal } from '../../scim/filter/tree.ts';
import { placed } from '../../scim/path.ts';
import type { Attribute } from '../../scim/schema/attribute.ts';
import { type ResourceType, referenceAttributes } from '../../scim/schema/resource-type.ts';
import { maxIndexedLength } from './resource-rows.ts';
import { isUuid, type Parameters, wholeTenant } from './sql.ts';

export interface FilterContext {
  readonly type: ResourceType;
  readonly connection: string;
  readonly parameters: Parameters;
  /** Number of subqueries so far: their aliases must differ. */
  depth: number;
}

/** @returns a condition that is true or false for every row. `$1` must be the tenant. */
export function filterSql(filter: BoundFilter, context: FilterContext): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return `(${filter.terms.map((term) => filterSql(term, context)).join(` ${filter.op} `)})`;
    case 'not':
      return `(not ${filterSql(filter.term, context)})`;
    case 'nothing':
      return 'false';
    case 'has':
      return source(filter.path, context)((leaf) => elementSql(filter.filter, leaf, context));
    case 'pr':
      return presentSql(filter.path, context);
    case 'ne':
      return `(not ${filterSql({ ...filter, op: 'eq' }, context)})`;
    default:
      if (filter.value === null) return `(not ${presentSql(filter.path, context)})`;
      return (
        keyed(filter.path, filter.op, filter.value, context) ??
        anyLeaf(filter.path, context, (leaf) => compare(leaf, filter.path.leaf, filter.op, filter.value, context))
      );
  }
}

/** How to get at a leaf inside the element a subquery stands on: JSON for stored attributes, text for columns. */
type Leaf = { readonly json: string } | { readonly text: string } | { readonly instant: string };
type LeafOf = (leaf: Attribute) => Leaf;
type Source = (condition: (leaf: LeafOf) => string) => string;

function alias(context: FilterContext): string {
  context.depth += 1;
  return `e${context.depth}`;
}

/** Wraps a condition on one element of `path` into "some element exists for which". */
function source(path: BoundPath, context: FilterContext): Source {
  const { attribute, container } = path;
  if (attribute.storedAs) return pointing(path, context);
  if (attribute.inverseOf) return pointedAt(attribute.inverseOf, context);
  if (container.key === '' && attribute.name === 'meta')
    return (condition) => condition((leaf) => metaLeaf(leaf, context));
  if (container.key === '' && attribute.name === 'schemas') return schemasOf(context);
  const whole = `(r.search #> ${context.parameters.bind(container.key ? [container.key, attribute.name] : [attribute.name])}::text[])`;
  if (!attribute.multiValued)
    return (condition) => `(${whole} is not null and ${condition((leaf) => within(whole, attribute, leaf, context))})`;
  const name = alias(context);
  return (condition) =>
    `exists (select 1 from jsonb_array_elements(${whole}) as ${name}(value) where ${condition((leaf) => within(`${name}.value`, attribute, leaf, context))})`;
}

function within(json: string, attribute: Attribute, leaf: Attribute, context: FilterContext): Leaf {
  return { json: leaf === attribute ? json : `(${json} -> ${context.parameters.bind(leaf.name)}::text)` };
}

function pointing(path: BoundPath, context: FilterContext): Source {
  const name = alias(context);
  const key = context.parameters.bind(placed(path).key);
  return (condition) =>
    `exists (select 1 from workspace.resource_reference ${name} left join workspace.resource ${name}t
      on ${name}t.tenant = ${name}.tenant and ${name}t.id = ${name}.target
      where ${name}.tenant = r.tenant and ${name}.resource = r.id and ${name}.attribute = ${key}
      and ${condition((leaf) => {
        if (leaf.name === 'value') return { text: `coalesce(${name}t.id::text, ${name}.value)` };
        if (leaf.name === 'type') return { text: `lower(coalesce(${name}t.resource_type, ${name}.value_type))` };
        if (leaf.name === 'display' || leaf.name === 'displayName') return { text: `${name}t.label_search` };
        throw notSearchable(`${path.attribute.name}.${leaf.name}`);
      })})`;
}

function pointedAt(inverse: string, context: FilterContext): Source {
  const name = alias(context);
  const key = context.parameters.bind(inverse);
  return (condition) =>
    `exists (select 1 from workspace.resource_reference ${name} join workspace.resource ${name}t
      on ${name}t.tenant = ${name}.tenant and ${name}t.id = ${name}.resource
      where ${name}.tenant = r.tenant and ${name}.target = r.id and ${name}.attribute = ${key}
      and ${condition((leaf) => {
        if (leaf.name === 'value') return { text: `${name}t.id::text` };
        if (leaf.name === 'type') return { text: "'direct'" };
        if (leaf.name === 'display') return { text: `${name}t.label_search` };
        throw notSearchable(`groups.${leaf.name}`);
      })})`;
}

function metaLeaf(leaf: Attribute, context: FilterContext): Leaf {
  if (leaf.name === 'created') return { instant: 'r.created' };
  if (leaf.name === 'lastModified') return { instant: 'r.last_modified' };
  if (leaf.name === 'resourceType') return { text: `${context.parameters.bind(context.type.name)}::text` };
  throw notSearchable(`meta.${leaf.name}`);
}

/** The type's own schema, and the extensions that hold a value: what the answer says. */
function schemasOf(context: FilterContext): Source {
  const { type, parameters } = context;
  const name = alias(context);
  const used = type.extensions.map(({ schema }) => {
    const urn = `${parameters.bind(schema.id)}::text`;
    const rows = referenceAttributes(type).filter((each) => each.container === schema.id);
    if (rows.length === 0) return `case when r.search ? ${urn} then ${urn} end`;
    const pointing = `exists (select 1 from workspace.resource_reference ${name}f where ${name}f.tenant = r.tenant
      and ${name}f.resource = r.id and ${name}f.attribute = any(${parameters.bind(rows.map(({ key }) => key))}::text[]))`;
    return `case when r.search ? ${urn} or ${pointing} then ${urn} end`;
  });
  const all = [`${parameters.bind(type.schema.id)}::text`, ...used].join(', ');
  return (condition) =>
    `exists (select 1 from unnest(array[${all}]) as ${name}(value) where ${condition(() => ({ text: `${name}.value` }))})`;
}

function notSearchable(path: string): ScimError {
  return new ScimError('invalidFilter', `"${path}" cannot be filtered on; it follows from the rest of the resource.`);
}

function elementSql(filter: ElementFilter, leafOf: LeafOf, context: FilterContext): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return `(${filter.terms.map((term) => elementSql(term, leafOf, context)).join(` ${filter.op} `)})`;
    case 'not':
      return `(not ${elementSql(filter.term, leafOf, context)})`;
    case 'pr':
      return present(leafOf(filter.leaf));
    case 'ne':
      return `(not ${elementSql({ ...filter, op: 'eq' }, leafOf, context)})`;
    default:
      if (filter.value === null) return `(not ${present(leafOf(filter.leaf))})`;
      return someValue(leafOf(filter.leaf), filter.leaf, context, (leaf) =>
        compare(leaf, filter.leaf, filter.op, filter.value, context),
      );
  }
}

/** A sub-attribute may be multi-valued itself: then any of its values counts. */
function someValue(leaf: Leaf, attribute: Attribute, context: FilterContext, test: (leaf: Leaf) => string): string {
  if (!attribute.multiValued || !('json' in leaf)) return test(leaf);
  const name = alias(context);
  return `exists (select 1 from jsonb_array_elements(${leaf.json}) as ${name}(value) where ${test({ json: `${name}.value` })})`;
}

function anyLeaf(path: BoundPath, context: FilterContext, test: (leaf: Leaf) => string): string {
  if (path.container.key === '' && path.attribute.name === 'id') return test({ text: 'r.id::text' });
  if (path.container.key === '' && path.attribute.name === 'externalId') return test({ text: externalId(context) });
  return source(
    path,
    context,
  )((leafOf) => {
    const leaf = leafOf(path.leaf);
    return path.sub ? someValue(leaf, path.leaf, context, test) : test(leaf);
  });
}

function externalId(context: FilterContext): string {
  return `(r.external_ids ->> ${context.parameters.bind(context.connection)}::text)`;
}

function presentSql(path: BoundPath, context: FilterContext): string {
  if (path.container.key === '' && (path.attribute.name === 'id' || path.attribute.name === 'schemas')) return 'true';
  if (path.container.key === '' && path.attribute.name === 'externalId') return present({ text: externalId(context) });
  if (path.container.key === '' && path.attribute.name === 'meta' && !path.sub) return 'true';
  const rows = path.attribute.storedAs || path.attribute.inverseOf;
  return source(path, context)((leafOf) => (rows && !path.sub ? 'true' : present(leafOf(path.leaf))));
}

function present(leaf: Leaf): string {
  if ('instant' in leaf) return `(${leaf.instant} is not null)`;
  if ('text' in leaf) return `(coalesce(${leaf.text}, '') <> '')`;
  return `coalesce(jsonb_path_exists(${leaf.json}, '$.** ? (@.type() == "boolean" || @.type() == "number" || (@.type() == "string" && @ != ""))'), false)`;
}

const operators = { gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

function compare(leaf: Leaf, attribute: Attribute, op: Comparison, value: Literal, context: FilterContext): string {
  const { bind } = context.parameters;
  const wanted = comparable(attribute, value);
  if ('instant' in leaf)
    return `(${leaf.instant} ${op === 'eq' ? '=' : operators[op as 'gt']} ${bind(wanted)}::timestamptz)`;
  const text = 'text' in leaf ? leaf.text : `(${leaf.json} #>> '{}')`;
  if (typeof wanted === 'number') {
    return `coalesce(${text}::numeric ${op === 'eq' ? '=' : operators[op as 'gt']} ${bind(String(wanted))}::numeric, false)`;
  }
  const parameter = `${bind(String(wanted))}::text`;
  return `coalesce(${compareText(text, op, parameter)}, false)`;
}

function compareText(text: string, op: Comparison, parameter: string): string {
  switch (op) {
    case 'co':
      return `position(${parameter} in ${text}) > 0`;
    case 'sw':
      return `starts_with(${text}, ${parameter})`;
    case 'ew':
      return `right(${text}, length(${parameter})) = ${parameter}`;
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return `${text} collate "C" ${operators[op]} ${parameter}`;
    default:
      return `${text} = ${parameter}`;
  }
}

/** What equality with a value is looked up by: rows of the attribute's own, at most one of them or several. */
interface LookUp {
  readonly table: 'resource_key' | 'resource_value';
  readonly attribute: string;
  readonly within?: string;
  readonly value: string;
}

/** Undefined where the attribute has no such rows. */
function lookUpOf(path: BoundPath, value: Literal, connection: string): LookUp | undefined {
  const { attribute, leaf, sub } = path;
  if (typeof value !== 'string') return undefined;
  const key = placed(path).key;
  if (key === 'externalId') return { table: 'resource_key', attribute: key, within: connection, value };
  const wanted = comparable(leaf, value) as string;
  if (key !== 'id' && !sub && !attribute.multiValued && attribute.uniqueness !== 'none')
    return { table: 'resource_key', attribute: key, within: wholeTenant, value: wanted };
  if (!leaf.indexed || wanted.length > maxIndexedLength) return undefined;
  return { table: 'resource_value', attribute: sub ? `${key}.${sub.name}` : key, value: wanted };
}

function idsOf({ table, attribute, within, value }: LookUp, { type, parameters: { bind } }: FilterContext): string {
  const unique = within === undefined ? '' : ` and k.within = ${bind(within)}::uuid`;
  return `select k.resource from workspace.${table} k where k.tenant = $1 and k.resource_type = ${bind(type.name)}
    and k.attribute = ${bind(attribute)}${unique} and k.value = ${bind(value)}`;
}

/**
 * Equality on an attribute that has rows of its own, starting from them: planned the same whatever the server believes of
 * the tables' sizes, so that a statement prepared when they were empty is still right when they are full.
 * @returns what stands between "from" and "where", and the condition; undefined where there are no such rows
 */
export function keySource(
  path: BoundPath,
  value: Literal,
  context: FilterContext,
): { readonly from: string; readonly where: string } | undefined {
  const lookUp = lookUpOf(path, value, context.connection);
  if (!lookUp) return undefined;
  const ids = idsOf(lookUp, context);
  // At most one: a look-up by primary key, whatever else could be tried.
  if (lookUp.table === 'resource_key')
    return { from: 'workspace.resource r', where: `r.tenant = $1 and r.id = (${ids})` };
  // One look-up by primary key for each that is found: "offset 0" keeps it so.
  return {
    from: `unnest(array(${ids})) as found_id
      cross join lateral (select r.* from workspace.resource r where r.tenant = $1 and r.id = found_id offset 0) as r`,
    where: 'r.tenant = $1',
  };
}

/** Whether equality with this value is answered by an index. */
export function isKeyed(path: BoundPath, value: Literal): boolean {
  return placed(path).key === 'id' || lookUpOf(path, value, wholeTenant) !== undefined;
}

/** Equality that an index serves, as one condition among others: ids, unique keys, indexed values. */
function keyed(path: BoundPath, op: Comparison, value: Literal, context: FilterContext): string | undefined {
  if (op !== 'eq' || typeof value !== 'string') return undefined;
  if (placed(path).key === 'id') return isUuid(value) ? `(r.id = ${context.parameters.bind(value)}::uuid)` : 'false';
  const lookUp = lookUpOf(path, value, context.connection);
  // An array of what the index finds: looked up once, whatever else the filter says, and false, not null, when empty.
  return lookUp && `(r.id = any(array(${idsOf(lookUp, context)})))`;
}
