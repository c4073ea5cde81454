// The extension schemas and resource types a workspace defined. Talks to: Postgres.
// Whatever is added is first read together with everything that is there: a workspace never has definitions its requests
// could not be answered by.

import { Refusal } from '../../accounts/refusal.ts';
import { ScimError } from '../../scim/errors.ts';
import type { Json, JsonObject } from '../../scim/json.ts';
import { type Definitions, extendTypes } from '../../scim/schema/extended.ts';
import { registeredTypes } from '../../scim/schema/registered.ts';
import type { ResourceTypes } from '../../scim/schema/resource-type.ts';
import type { Row, Statement, TenantDatabase, TenantTransaction } from '../database.ts';

/** Two statements: schemas, then resource types; see {@link toTypes}. */
export function definitionStatements(tenant: string): [Statement, Statement] {
  return [
    {
      name: 'scim-schemas',
      text: 'select s.document, s.extends from workspace.scim_schema s where s.tenant = $1 order by s.created_at, s.id',
      values: [tenant],
    },
    {
      name: 'scim-resource-types',
      text: 'select t.document from workspace.scim_resource_type t where t.tenant = $1 order by t.created_at, t.name',
      values: [tenant],
    },
  ];
}

const known = new Map<string, ResourceTypes>();
const mostKnown = 1_000;

/** Equal definitions give the same object, in any workspace. */
export function toTypes(schemas: readonly Row[], types: readonly Row[]): ResourceTypes {
  if (schemas.length + types.length === 0) return registeredTypes;
  const key = JSON.stringify([schemas, types]);
  const before = known.get(key);
  if (before) return before;
  const made = extendTypes(registeredTypes, toDefinitions(schemas, types));
  if (known.size >= mostKnown) known.clear();
  known.set(key, made);
  return made;
}

function toDefinitions(schemas: readonly Row[], types: readonly Row[]): Definitions {
  return {
    schemas: schemas.map((row) => ({ document: row['document'] as Json, extends: row['extends'] as string[] })),
    types: types.map((row) => row['document'] as Json),
  };
}

export interface ResourceTypeStore {
  types(tenant: string): Promise<ResourceTypes>;
  /** @param extended names of the resource types it extends @throws Refusal `invalid-request` */
  addSchema(tenant: string, document: JsonObject, extended: readonly string[], at: Date): Promise<void>;
  /** @throws Refusal `invalid-request` */
  addType(tenant: string, document: JsonObject, at: Date): Promise<void>;
  /** @throws Refusal `not-found`, and `conflict` while there are resources of it */
  removeType(tenant: string, name: string): Promise<void>;
  /** @throws Refusal `not-found`, and `conflict` while a resource type uses it */
  removeSchema(tenant: string, id: string): Promise<void>;
}

export function createResourceTypeStore(database: TenantDatabase): ResourceTypeStore {
  const read = async (transaction: TenantTransaction) => {
    const [schemas, types] = definitionStatements(transaction.tenant);
    return [await transaction.query(schemas), await transaction.query(types)] as const;
  };
  /** Refuses, and so rolls back, what cannot be read afterwards. */
  const changing = (tenant: string, work: (transaction: TenantTransaction) => Promise<void>) =>
    database.withTenant(tenant, async (transaction) => {
      await transaction.query(
        "select l.name from workspace.tenant_lock l where l.tenant = $1 and l.name = 'connection' for update",
        [tenant],
      );
      await work(transaction);
      try {
        toTypes(...(await read(transaction)));
      } catch (error) {
        throw error instanceof ScimError ? new Refusal('invalid-request', error.message) : error;
      }
    });
  return {
    types: (tenant) => database.withTenant(tenant, async (transaction) => toTypes(...(await read(transaction)))),
    addSchema: (tenant, document, extended, at) =>
      changing(tenant, async (transaction) => {
        const unknown = extended.find((each) => !registeredTypes.byName(each));
        if (unknown) throw new Refusal('invalid-request', `There is no resource type "${unknown}" to extend.`);
        const added = await transaction.query(
          `insert into workspace.scim_schema (tenant, id, document, extends, created_at) values ($1, $2, $3, $4, $5)
           on conflict do nothing returning id`,
          [tenant, String(document['id'] ?? ''), JSON.stringify(document), extended, at],
        );
        if (added.length === 0) throw new Refusal('conflict', `There is a schema "${document['id']}" already.`);
      }),
    addType: (tenant, document, at) =>
      changing(tenant, async (transaction) => {
        const added = await transaction.query(
          `insert into workspace.scim_resource_type (tenant, name, document, created_at) values ($1, $2, $3, $4)
           on conflict do nothing returning name`,
          [tenant, String(document['name'] ?? ''), JSON.stringify(document), at],
        );
        if (added.length === 0)
          throw new Refusal('conflict', `There is a resource type "${document['name']}" already.`);
      }),
    removeType: (tenant, name) =>
      changing(tenant, async (transaction) => {
        const removed = await transaction.query(
          'delete from workspace.scim_resource_type t where t.tenant = $1 and t.name = $2 returning t.name',
          [tenant, name],
        );
        if (removed.length === 0) throw new Refusal('not-found', `This workspace has not defined a type "${name}".`);
        const used = await transaction.query(
          'select 1 from workspace.resource r where r.tenant = $1 and r.resource_type = $2 and r.deleted_at is null limit 1',
          [tenant, name],
        );
        if (used.length > 0)
          throw new Refusal('conflict', `There are resources of the type "${name}". Delete them first.`);
      }),
    removeSchema: (tenant, id) =>
      changing(tenant, async (transaction) => {
        const removed = await transaction.query(
          'delete from workspace.scim_schema s where s.tenant = $1 and s.id = $2 returning s.id',
          [tenant, id],
        );
        if (removed.length === 0) throw new Refusal('not-found', `This workspace has not defined a schema "${id}".`);
      }),
  };
}
