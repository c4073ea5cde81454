// What a deleted resource leaves behind, and who may have it back. Talks to: Postgres.
// Only the same connection and the same externalId: an address or a userName that somebody else got later inherits
// nothing.
import type { Authorship, Creation, StoredResource, StoreScope } from '../../scim/resource-store.ts';
import type { Statement, TenantTransaction } from '../database.ts';
import { together } from './sql.ts';

interface Work {
  readonly transaction: TenantTransaction;
  readonly scope: StoreScope;
  readonly touched: Set<string>;
}

/** [resource, attribute, value, connection] of a row that pointed at the deleted resource. */
type PointedAt = [string, string, string, string];

/** A row that pointed at a resource. */
export interface PointingRow {
  readonly resource: string;
  readonly attribute: string;
  readonly value: string;
  readonly connection: string;
}

export function takePointingStatement({ tenant }: StoreScope, id: string): Statement {
  return {
    name: 'reference_take_pointing',
    text: `delete from workspace.resource_reference f where f.tenant = $1 and f.target = $2
      returning f.resource, f.attribute, f.value, f.connection`,
    values: [tenant, id],
  };
}

/** Keeps the rows that pointed at a resource for a successor; only one with an externalId can have one. */
export function tombstoneStatement(
  scope: StoreScope,
  { id, type, attributes }: StoredResource,
  rows: readonly PointingRow[],
  by: Authorship,
): Statement | undefined {
  const { externalId } = attributes;
  if (typeof externalId !== 'string') return undefined;
  const pointedAt = rows.map((row): PointedAt => [row.resource, row.attribute, row.value, row.connection]);
  return {
    name: 'tombstone_insert',
    text: `insert into workspace.resource_tombstone
        (tenant, resource_type, connection, external_id, resource, pointed_at, deleted_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (tenant, resource_type, connection, external_id)
        do update set resource = excluded.resource, pointed_at = excluded.pointed_at, deleted_at = excluded.deleted_at
      returning resource`,
    values: [scope.tenant, type.name, scope.connection, externalId, id, JSON.stringify(pointedAt), by.at],
  };
}

/**
 * Gives the rows and the history of a deleted resource to the one that came with its externalId.
 * @returns whether there was one
 */
export async function revive(work: Work, { type, id, attributes }: Creation, by: Authorship): Promise<boolean> {
  const { transaction, scope, touched } = work;
  const { externalId } = attributes;
  if (typeof externalId !== 'string') return false;
  const [tombstone] = await transaction.query<{ resource: string; pointed_at: PointedAt[] }>(
    `delete from workspace.resource_tombstone d
      where d.tenant = $1 and d.resource_type = $2 and d.connection = $3 and d.external_id = $4
      returning d.resource, d.pointed_at`,
    [scope.tenant, type.name, scope.connection, externalId],
  );
  if (!tombstone) return false;
  const rows = tombstone.pointed_at;
  const column = (index: 0 | 1 | 2 | 3) => rows.map((row) => row[index]);
  await together([
    transaction.query(
      'update workspace.resource r set predecessor = $3 where r.tenant = $1 and r.id = $2 returning r.id',
      [scope.tenant, id, tombstone.resource],
    ),
    transaction.query(
      `insert into workspace.resource_reference
          (tenant, resource, attribute, value, name, connection, target, journal, created)
        select $1, x.resource, x.attribute, $2::uuid::text, $2::uuid::text, x.connection, $2::uuid, $3, $4
          from unnest($5::uuid[], $6::text[], $7::uuid[]) as x(resource, attribute, connection)
          join workspace.resource g on g.tenant = $1 and g.id = x.resource and g.deleted_at is null
           for share of g
        on conflict do nothing returning resource`,
      [scope.tenant, id, by.record, by.at, column(0), column(1), column(3)],
    ),
  ]);
  for (const [resource] of rows) touched.add(resource);
  return true;
}
