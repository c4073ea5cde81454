// What the request handler needs of whoever keeps the resources: the one interface behind which PostgreSQL, a test's
// memory or somebody else's data can stand. Pure (types only).
// A transaction is run again from its start after a conflict with another writer, so the work given to `transact` must
// change nothing outside of it.
import type { BoundFilter } from './filter/tree.ts';
import type { JsonObject } from './json.ts';
import type { ReferenceDelta, ReferenceReport } from './references.ts';
import type { RequestRecord } from './request-record.ts';
import type { PlacedAttribute, ResourceType } from './schema/resource-type.ts';
import type { UniqueKey } from './unique-keys.ts';

/** Whose data, and through which connection: externalIds are per connection. */
export interface StoreScope {
  readonly tenant: string;
  readonly connection: string;
}

export interface StoredReference {
  /** As the client sent it. */
  readonly value: string;
  readonly type?: string;
  /** Who it names; absent while that resource is not here. */
  readonly target?: { readonly id: string; readonly type: string; readonly label?: string };
}

export interface StoredResource {
  readonly type: ResourceType;
  readonly id: string;
  /** As readResource gives them, externalId of this scope's connection included. */
  readonly attributes: JsonObject;
  /** Row-stored and derived attributes by their key, as far as they were asked for. */
  readonly references: ReadonlyMap<string, readonly StoredReference[]>;
  /** The connection that manages it; null: made in the workspace itself. */
  readonly managedBy: string | null;
  readonly version: number;
  /** ISO 8601. */
  readonly created: string;
  readonly lastModified: string;
}

export interface ResourceQuery {
  readonly filter?: BoundFilter;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly want: readonly PlacedAttribute[];
}

export interface ResourcePage {
  readonly total: number;
  readonly resources: readonly StoredResource[];
}

export interface Creation {
  readonly type: ResourceType;
  readonly id: string;
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
}

export interface Update {
  readonly current: StoredResource;
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
}

export interface UpdateResult {
  /** False: nothing differed, nothing was written. */
  readonly changed: boolean;
  /** One per delta, in order. */
  readonly reports: readonly ReferenceReport[];
}

/** Who writes and when: every row written says so. */
export interface Authorship {
  /** Id of the request's record. */
  readonly record: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface ResourceTransaction {
  /** The resource, locked against other writers until the end; `want` as in ResourceQuery. Deleted ones are not found. */
  lock(type: ResourceType, id: string, want: readonly PlacedAttribute[]): Promise<StoredResource | undefined>;
  /** Who holds any of these keys now, locked. */
  holders(type: ResourceType, keys: readonly UniqueKey[]): Promise<StoredResource[]>;
  /** Why this resource must not lose access through SCIM, in a sentence; undefined when it may. */
  protection(resource: StoredResource): Promise<string | undefined>;
  insert(creation: Creation, by: Authorship): Promise<readonly ReferenceReport[]>;
  update(update: Update, by: Authorship): Promise<UpdateResult>;
  remove(current: StoredResource, by: Authorship): Promise<void>;
  read(type: ResourceType, id: string, want: readonly PlacedAttribute[]): Promise<StoredResource | undefined>;
  record(record: RequestRecord): Promise<void>;
}

export interface ResourceStore {
  read(
    scope: StoreScope,
    type: ResourceType,
    id: string,
    want: readonly PlacedAttribute[],
  ): Promise<StoredResource | undefined>;
  list(scope: StoreScope, type: ResourceType, query: ResourceQuery): Promise<ResourcePage>;
  transact<T>(scope: StoreScope, work: (transaction: ResourceTransaction) => Promise<T>): Promise<T>;
  /** A refusal: kept before the answer is sent. */
  recordNow(scope: StoreScope, record: RequestRecord): Promise<void>;
  /** A read: kept within a second. */
  recordSoon(scope: StoreScope, record: RequestRecord): void;
}
