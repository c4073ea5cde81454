// One change to resources in one transaction of one tenant. Talks to: Postgres.
// Rows are locked FOR NO KEY UPDATE: another resource may go on pointing at a locked one. Statements that do not need
// each other's answers are sent together; of a failed transaction the first failure is the one that is thrown.
import { losesAccess } from '../../scim/active.ts';
import { changesBetween } from '../../scim/changes.ts';
import { ScimError } from '../../scim/errors.ts';
import { type JsonObject, sameJson } from '../../scim/json.ts';
import type { ReferenceDelta } from '../../scim/references.ts';
import type { RequestRecord } from '../../scim/request-record.ts';
import type {
  Authorship,
  Creation,
  ResourceTransaction,
  StoredResource,
  Update,
  WriteResult,
} from '../../scim/resource-store.ts';
import type { PlacedAttribute, ResourceType } from '../../scim/schema/resource-type.ts';
import { sameKey, type UniqueKey, uniqueKeys } from '../../scim/unique-keys.ts';
import { isFailedStatement, type Statement, type TenantTransaction } from '../database.ts';
import { writeEntry } from './journal.ts';
import { holderStatement, lockStatement, readStatement } from './lookup-statements.ts';
import {
  applyDeltas,
  joinParked,
  lockReferences,
  type ReferenceWriter,
  resolveValues,
  wouldPark,
} from './references.ts';
import { type ResourceRow, resourceColumns, toStored } from './resource-rows.ts';
import {
  countStatement,
  creationStatements,
  deleteStatement,
  dropKeyStatement,
  dropStatement,
  keyStatement,
  outboxStatement,
  updateStatements,
  type Writer,
} from './resource-statements.ts';
import { isUuid, newParameters, newSent, type Sent, together } from './sql.ts';
import { type PointingRow, revive, takePointingStatement, tombstoneStatement } from './tombstones.ts';

/** What the workspace decides about its people; given the change's own transaction. */
export interface ResourceRules {
  /** A sentence why SCIM must not take this resource's access away, or undefined. */
  protection(transaction: TenantTransaction, resource: StoredResource): Promise<string | undefined>;
  /**
   * Called when a resource lost access (active false, or deleted): ends sessions in the same transaction. Nobody waits
   * for it before the COMMIT is sent, so it sends all its statements at once.
   */
  onDeactivated(transaction: TenantTransaction, resource: { id: string; type: string }): Promise<void>;
}

export interface TransactionOptions extends Writer {
  readonly rules: ResourceRules;
  /**
   * Whether to look who holds a key before it is written. Without looking, its index says when somebody does, and the
   * transaction is run again, looking: most new keys are free.
   */
  readonly holders: 'look' | 'assume none';
}

export function openTransaction(transaction: TenantTransaction, options: TransactionOptions): ResourceTransaction {
  const { scope } = options;
  const touched = new Set<string>();
  const sent = newSent();
  const work: Work = { ...options, transaction, touched, sent };
  let depth = 0;
  async function rollBackTo(savepoint: string): Promise<void> {
    await sent.settle();
    sent.send(
      transaction.query(`rollback to savepoint ${savepoint}`),
      transaction.query(`release savepoint ${savepoint}`),
    );
  }
  return {
    async lock(type, id, want) {
      if (!isUuid(id)) return undefined;
      const locking = transaction.query<ResourceRow>(lockStatement(scope, id, type));
      // What it points at is read once it is held: beside the lock it would be as it was before the wait for it.
      const reading = want.length > 0 ? transaction.query<ResourceRow>(readStatement(scope, id, type, want)) : locking;
      const [, [row]] = await sent.settle(locking, reading);
      return row && toStored(type, row, want);
    },
    holders: async (type, keys) => (options.holders === 'look' ? holders(work, type, keys) : []),
    protection: (resource) => options.rules.protection(transaction, resource),
    insert: (creation, by) => insert(work, creation, by),
    update: (update, by) => change(work, update, by),
    remove: (current, by) => remove(work, current, by),
    async record(record: RequestRecord) {
      const entry = { tenant: scope.tenant, connection: scope.connection, record };
      const subjects = [...touched];
      touched.clear();
      // Not waited for: it leaves with what comes next, which is the commit as a rule.
      sent.send(writeEntry(transaction, entry, subjects));
    },
    async attempt(run) {
      // Not waited for: a statement that fails is told by whatever waits next, and fails the whole transaction.
      const savepoint = `attempt_${depth}`;
      sent.send(transaction.query(`savepoint ${savepoint}`));
      depth += 1;
      try {
        const result = await run();
        // Kept, a thousand of them would be a stack of a thousand.
        sent.send(transaction.query(`release savepoint ${savepoint}`));
        return result;
      } catch (error) {
        touched.clear();
        // Anything else is for the whole transaction, which may be run again.
        if (error instanceof ScimError || !isFailedStatement(error)) await rollBackTo(savepoint);
        throw error;
      } finally {
        depth -= 1;
      }
    },
  };
}

interface Work extends TransactionOptions {
  readonly transaction: TenantTransaction;
  readonly touched: Set<string>;
  readonly sent: Sent;
}

async function holders(work: Work, type: ResourceType, keys: readonly UniqueKey[]): Promise<StoredResource[]> {
  const { transaction, scope } = work;
  const found = await work.sent.settle(
    ...keys.map((key) => transaction.query<{ resource: string }>(holderStatement(scope, type, key))),
  );
  const ids = [...new Set(found.flat().map((row) => row.resource))];
  if (ids.length === 0) return [];
  const parameters = newParameters(scope.tenant);
  const { columns } = resourceColumns(parameters, scope.connection, []);
  const rows = await transaction.query<ResourceRow>({
    name: 'resource_holders',
    text: `select ${columns} from workspace.resource r where r.tenant = $1 and r.id = any(${parameters.bind(ids)}::uuid[])
      and r.deleted_at is null order by r.id for no key update of r`,
    values: parameters.values,
  });
  // Whoever was renamed while this waited for the lock holds the key no more.
  return rows
    .map((row) => toStored(type, row, []))
    .filter(({ attributes }) => missingFrom(uniqueKeys(type, attributes), keys).length < keys.length);
}

async function insert(work: Work, creation: Creation, by: Authorship): Promise<WriteResult> {
  const { transaction, sent } = work;
  const { type, id, attributes, deltas, want } = creation;
  const writer = writerFor(work, id, by);
  const resolved = await resolveForWriting(work, deltas);
  // Before the keys: who parks may want to write the same ones.
  const locking = lockReferences(transaction, 'share');
  sent.send(locking);
  const statements = creationStatements(work, transaction.lane, [{ creation, by }]);
  sent.send(...statements.map((statement) => transaction.query(statement)));
  // Nothing is there yet that a replace could remove.
  const adding = deltas.map(
    (delta): ReferenceDelta => (delta.change === 'replace' ? { ...delta, change: 'add' } : delta),
  );
  const reports = adding.length === 0 ? [] : (await sent.settle(applyDeltas(writer, adding, resolved)))[0];
  const [joined, revived] = await sent.settle(arrive(locking, writer, type, attributes), revive(work, creation, by));
  const known = asCreated(creation, work.manages, by);
  const pointsNowhere = deltas.length === 0 && joined === 0 && !revived;
  const resource = pointsNowhere || want.length === 0 ? known : await readBack(work, known, want);
  return { changed: true, reports, resource };
}

/** A creation as it is stored, if nothing points at it yet. */
export function asCreated(
  { type, id, attributes }: Creation,
  managedBy: string | null,
  { at }: Authorship,
): StoredResource {
  return { type, id, attributes, references: new Map(), managedBy, version: 1, created: at, lastModified: at };
}

/** An update as it is stored, if its references are as before. @param manages who takes it over, or null */
export function asUpdated({ current, attributes }: Update, manages: string | null, { at }: Authorship): StoredResource {
  const managedBy = manages ?? current.managedBy;
  return { ...current, attributes, managedBy, version: current.version + 1, lastModified: at };
}

/** Where references are wanted and may have changed, they are read again: their order and names are the store's. */
async function readBack(
  { transaction, scope, sent }: Work,
  { type, id }: StoredResource,
  want: readonly PlacedAttribute[],
): Promise<StoredResource> {
  const [[row]] = await sent.settle(transaction.query<ResourceRow>(readStatement(scope, id, type, want)));
  return toStored(type, row!, want);
}

function writerFor({ transaction, scope, touched }: Work, resource: string, by: Authorship): ReferenceWriter {
  return { transaction, connection: scope.connection, resource, record: by.record, at: by.at, touched };
}

/** Resolves the values of deltas; before one of them is parked the tenant's lock is taken and all resolved again. */
async function resolveForWriting({ transaction, scope, sent }: Work, deltas: readonly ReferenceDelta[]) {
  const [resolved] = await sent.settle(resolveValues(transaction, scope.connection, deltas));
  if (!wouldPark(deltas, resolved)) return resolved;
  await lockReferences(transaction, 'update');
  return resolveValues(transaction, scope.connection, deltas);
}

/**
 * A resource has new names: whoever parked one of them before joins now, and whoever is about to will see it.
 * @param locking the tenant's lock, shared
 * @returns how many joined
 */
async function arrive(
  locking: ReturnType<typeof lockReferences>,
  writer: ReferenceWriter,
  type: ResourceType,
  attributes: JsonObject,
): Promise<number> {
  // Sent behind the lock, and so run once it is held.
  const [locked, joined] = await together([locking, joinParked(writer, type, attributes)]);
  return locked === 'made' ? joined.length + (await joinParked(writer, type, attributes)).length : joined.length;
}

async function change(work: Work, update: Update, by: Authorship): Promise<WriteResult> {
  const { transaction, sent } = work;
  const { current, attributes, deltas, want } = update;
  const { type, id } = current;
  const writer = writerFor(work, id, by);
  const freshKeys = missingFrom(uniqueKeys(type, current.attributes), uniqueKeys(type, attributes));
  const resolved = await resolveForWriting(work, deltas);
  const reports = await applyDeltas(writer, deltas, resolved);
  const differs = !sameJson(current.attributes, attributes);
  const takesOver = current.managedBy === null && work.manages !== null;
  const pointsElsewhere = reports.some((report) => report.changed);
  if (!differs && !takesOver && !pointsElsewhere) return { changed: false, reports, resource: current };
  const changes = changesBetween(type, current.attributes, attributes);
  const statements = [...updateStatements(work, [{ update, changes, by }]), ...keyStatements(work, update, freshKeys)];
  sent.send(...statements.map((statement) => transaction.query(statement)));
  const arriving = () => arrive(lockReferences(transaction, 'share'), writer, type, attributes);
  const joined = freshKeys.length > 0 ? (await sent.settle(arriving()))[0] : 0;
  if (losesAccess(type, current.attributes, attributes)) {
    sent.send(work.rules.onDeactivated(transaction, { id, type: type.name }));
  }
  const known = asUpdated(update, work.manages, by);
  const resource = want.length > 0 && (pointsElsewhere || joined > 0) ? await readBack(work, known, want) : known;
  return { changed: true, reports, resource };
}

function missingFrom(held: readonly UniqueKey[], wanted: readonly UniqueKey[]): UniqueKey[] {
  return wanted.filter((key) => !held.some((each) => sameKey(each, key)));
}

/** Keys that an update gives up and takes. */
function keyStatements(work: Work, { current, attributes }: Update, freshKeys: readonly UniqueKey[]): Statement[] {
  const { type, id } = current;
  const gone = missingFrom(uniqueKeys(type, attributes), uniqueKeys(type, current.attributes));
  const fresh = freshKeys.length > 0 ? [keyStatement(work, [{ type, id, attributes, keys: freshKeys }])] : [];
  return [...gone.map((key) => dropKeyStatement(work.scope, type, id, key)), ...fresh];
}

async function remove(work: Work, current: StoredResource, by: Authorship): Promise<void> {
  const { transaction, scope, touched, sent } = work;
  const { type, id } = current;
  const [pointedAt, pointing] = await sent.settle(
    transaction.query<PointingRow>(takePointingStatement(scope, id)),
    transaction.query<{ target: string | null }>({
      name: 'reference_drop_own',
      text: 'delete from workspace.resource_reference f where f.tenant = $1 and f.resource = $2 returning f.target',
      values: [scope.tenant, id],
    }),
  );
  for (const { resource } of pointedAt) touched.add(resource);
  for (const { target } of pointing) if (target) touched.add(target);
  const version = current.version + 1;
  const tombstone = tombstoneStatement(scope, current, pointedAt, by);
  const statements = [
    ...(tombstone ? [tombstone] : []),
    dropStatement(scope, 'resource_key', id),
    dropStatement(scope, 'resource_value', id),
    deleteStatement(scope, id, by),
    countStatement(work, type, transaction.lane, -1),
    outboxStatement(work, [{ type, id, version, event: 'deleted', payload: {}, by }]),
  ];
  sent.send(...statements.map((statement) => transaction.query(statement)));
  sent.send(work.rules.onDeactivated(transaction, { id, type: type.name }));
}
