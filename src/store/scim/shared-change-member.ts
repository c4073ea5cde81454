// The work of one request in a transaction that is shared (shared-changes): it can insert one resource, or lock and update
// one, and record it. Whatever more it asks for makes it leave. Pure.
import { changesBetween } from '../../scim/changes.ts';
import { sameJson } from '../../scim/json.ts';
import type { RequestRecord } from '../../scim/request-record.ts';
import type { ResourceTransaction, StoredResource, StoreScope, TransactionWork } from '../../scim/resource-store.ts';
import type { PlacedAttribute, ResourceType } from '../../scim/schema/resource-type.ts';
import { sameKeys, uniqueKeys } from '../../scim/unique-keys.ts';
import type { TenantTransaction } from '../database.ts';
import type { AuthoredCreation, AuthoredUpdate } from './resource-statements.ts';
import { asCreated, asUpdated, type ResourceRules } from './resource-transaction.ts';
import { isUuid } from './sql.ts';

/** Thrown into work that needs a transaction of its own; nobody is told of it. */
export const leaving = new Error('Needs a transaction of its own.');

export interface Waiting {
  readonly scope: StoreScope;
  readonly work: TransactionWork<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

type Outcome = { readonly value: unknown } | { readonly error: unknown };

export interface Sought {
  readonly type: ResourceType;
  readonly id: string;
  readonly want: readonly PlacedAttribute[];
}

/** Work that has been started, up to the resource it says it is about. */
export interface Member extends Waiting {
  /** Resolves when it has said so, or has ended without. */
  readonly asked: Promise<void>;
  readonly outcome: Promise<Outcome>;
  creation?: AuthoredCreation;
  sought?: Sought;
  update?: AuthoredUpdate;
  record?: RequestRecord;
  /** Where it may ask the workspace's rules. */
  transaction?: TenantTransaction;
  /** Somebody has one of its keys. */
  isTaken?: boolean;
  /** Lets it go on: `found` is what it sought. */
  goOn(found?: StoredResource): void;
  leave(): void;
}

export function startMember(waiting: Waiting, rules: ResourceRules): Member {
  const asked = Promise.withResolvers<void>();
  const found = Promise.withResolvers<StoredResource | undefined>();
  // Where it leaves before it asks, nobody waits for this.
  found.promise.catch(() => {});
  const { connection } = waiting.scope;
  const leave = async () => {
    throw leaving;
  };
  const transaction: ResourceTransaction = {
    ...{ remove: leave, attempt: leave },
    holders: async () => (member.sought ? leave() : []),
    protection: async (resource) => rules.protection(member.transaction!, resource),
    async insert(creation, by) {
      if (member.creation || member.sought || creation.deltas.length > 0) throw leaving;
      member.creation = { creation, by };
      asked.resolve();
      await found.promise;
      return { changed: true, reports: [], resource: asCreated(creation, connection, by) };
    },
    async lock(type, id, want) {
      if (member.creation || member.sought) throw leaving;
      if (!isUuid(id)) return undefined;
      member.sought = { type, id, want };
      asked.resolve();
      return found.promise;
    },
    async update(update, by) {
      const { current, attributes, deltas } = update;
      const { type, managedBy } = current;
      if (member.update || deltas.length > 0 || managedBy !== connection) throw leaving;
      if (!sameKeys(uniqueKeys(type, current.attributes), uniqueKeys(type, attributes))) throw leaving;
      if (sameJson(current.attributes, attributes)) return { changed: false, reports: [], resource: current };
      member.update = { update, by, changes: changesBetween(type, current.attributes, attributes) };
      return { changed: true, reports: [], resource: asUpdated(update, connection, by) };
    },
    async record(record) {
      member.record = record;
    },
  };
  const outcome = Promise.resolve()
    .then(() => waiting.work(transaction))
    .then(
      (value): Outcome => ({ value }),
      (error: unknown): Outcome => ({ error }),
    );
  const member: Member = {
    ...waiting,
    ...{ asked: asked.promise, outcome, goOn: found.resolve, leave: () => found.reject(leaving) },
  };
  void outcome.then(() => asked.resolve());
  return member;
}
