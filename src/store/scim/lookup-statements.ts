// The statements that look for resources, each bound to one tenant: by id, with and without a lock, and who has a key.
// Pure: they are sent elsewhere.
import type { StoreScope } from '../../scim/resource-store.ts';
import type { PlacedAttribute, ResourceType } from '../../scim/schema/resource-type.ts';
import type { UniqueKey } from '../../scim/unique-keys.ts';
import type { Statement } from '../database.ts';
import { resourceColumns } from './resource-rows.ts';
import { newParameters, wholeTenant } from './sql.ts';

export function readStatement(
  scope: StoreScope,
  id: string,
  type: ResourceType,
  want: readonly PlacedAttribute[],
): Statement {
  const parameters = newParameters(scope.tenant);
  const { columns, shape } = resourceColumns(parameters, scope.connection, want);
  return {
    name: `resource_read_${shape}`,
    text: `select ${columns} from workspace.resource r where r.tenant = $1 and r.id = ${parameters.bind(id)}
      and r.resource_type = ${parameters.bind(type.name)} and r.deleted_at is null`,
    values: parameters.values,
  };
}

/** One of a type, locked until the end; without what it points at. */
export function lockStatement(scope: StoreScope, id: string, type: ResourceType): Statement {
  const { name, text, values } = readStatement(scope, id, type, []);
  return { name: `${name}_lock`, text: `${text} for no key update of r`, values: values! };
}

/** The same, unless somebody else has it locked: then there is no row. */
export function lockFreeStatement(scope: StoreScope, id: string, type: ResourceType): Statement {
  const { name, text, values } = lockStatement(scope, id, type);
  return { name: `${name}_free`, text: `${text} skip locked`, values: values! };
}

export function holderStatement(scope: StoreScope, type: ResourceType, key: UniqueKey): Statement {
  return {
    name: 'resource_holder',
    text: `select k.resource from workspace.resource_key k where k.tenant = $1 and k.resource_type = $2 and k.attribute = $3
      and k.within = $4 and k.value = $5`,
    values: [scope.tenant, type.name, key.attribute, withinOf(scope, key), key.value],
  };
}

/** Whether a deleted resource left something to this externalId. */
export function heirStatement(scope: StoreScope, type: ResourceType, externalId: string): Statement {
  return {
    name: 'tombstone_heir',
    text: `select d.external_id from workspace.resource_tombstone d
      where d.tenant = $1 and d.resource_type = $2 and d.connection = $3 and d.external_id = $4`,
    values: [scope.tenant, type.name, scope.connection, externalId],
  };
}

/** Which of these names, without case, somebody has parked. */
export function parkedNamesStatement({ tenant }: StoreScope, names: readonly string[]): Statement {
  return {
    name: 'reference_parked_names',
    text: `select f.name from workspace.resource_reference f
      where f.tenant = $1 and f.target is null and f.name = any($2::text[])`,
    values: [tenant, names],
  };
}

export function withinOf(scope: StoreScope, key: UniqueKey): string {
  return key.within === 'connection' ? scope.connection : wholeTenant;
}
