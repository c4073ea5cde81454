// What the request handler needs of whoever keeps the resources: the one interface behind which PostgreSQL, a test's
// memory or somebody else's data can stand. Pure (types only).
// A transaction is run again from its start after a conflict with another writer, so the work given to `transact` must
// change nothing outside of it.
import type { BoundFilter, BoundPath } from './filter/tree.ts';
import type { JsonObject } from './json.ts';
import type { ReferenceDelta, ReferenceReport } from './references.ts';
import type { RequestRecord } from './request-record.ts';
import type { PlacedAttribute, ResourceType } from './schema/resource-type.ts';
import type { SortOrder } from './sort.ts';
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

/** One resource type of a query; the query of an endpoint has one, a query of the root has several. */
export interface QueryPart {
  readonly type: ResourceType;
  readonly filter?: BoundFilter;
  /** What this type is sorted by; absent where it does not have the attribute. */
  readonly sort?: BoundPath;
  readonly want: readonly PlacedAttribute[];
}

/** Where a page ended; `sortValue` null: that resource had none. */
export interface PageEnd {
  readonly id: string;
  readonly sortValue?: string | null;
}

export interface ResourceQuery {
  readonly parts: readonly QueryPart[];
  /** Absent: in the order of ids, which is the order of creation. */
  readonly order?: SortOrder;
  readonly count: number;
  /** `startIndex` is from 1. A page behind an end is stable under writes, one at an index is not. */
  readonly from: { readonly startIndex: number } | { readonly after: PageEnd | undefined };
}

export interface ResourcePage {
  /** Absent where counting would read every resource and the page is one behind an end. */
  readonly total?: number;
  readonly resources: readonly StoredResource[];
  /** Where this page ended; absent on the last one, and on pages at an index. */
  readonly end?: PageEnd;
}

export interface Creation {
  readonly type: ResourceType;
  readonly id: string;
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
  /** Row-stored and derived attributes that the written resource is wanted with. */
  readonly want: readonly PlacedAttribute[];
}

export interface Update {
  /** As locked, with what is in `want`. */
  readonly current: StoredResource;
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
  readonly want: readonly PlacedAttribute[];
}

export interface WriteResult {
  /** False: nothing differed, nothing was written. */
  readonly changed: boolean;
  /** One per delta, in order. */
  readonly reports: readonly ReferenceReport[];
  /** As it is now. */
  readonly resource: StoredResource;
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
  /**
   * Who holds any of these keys now, locked. A store may answer that nobody does until its own index contradicts; then the
   * work is run again, and this looks.
   */
  holders(type: ResourceType, keys: readonly UniqueKey[]): Promise<StoredResource[]>;
  /** Why this resource must not lose access through SCIM, in a sentence; undefined when it may. */
  protection(resource: StoredResource): Promise<string | undefined>;
  insert(creation: Creation, by: Authorship): Promise<WriteResult>;
  update(update: Update, by: Authorship): Promise<WriteResult>;
  remove(current: StoredResource, by: Authorship): Promise<void>;
  record(record: RequestRecord): Promise<void>;
  /** Runs a part of the work on its own: what it throws leaves nothing of it, and the rest of the transaction goes on. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}

export type TransactionWork<T> = (transaction: ResourceTransaction) => Promise<T>;

export interface ResourceStore {
  read(
    scope: StoreScope,
    type: ResourceType,
    id: string,
    want: readonly PlacedAttribute[],
  ): Promise<StoredResource | undefined>;
  list(scope: StoreScope, query: ResourceQuery): Promise<ResourcePage>;
  /** @param reach work about one resource, without references as a rule: a store may run several in one transaction */
  transact<T>(scope: StoreScope, work: TransactionWork<T>, reach?: 'one resource'): Promise<T>;
  /** A refusal: kept before the answer is sent. */
  recordNow(scope: StoreScope, record: RequestRecord): Promise<void>;
  /** A read: kept within a second. */
  recordSoon(scope: StoreScope, record: RequestRecord): void;
}
