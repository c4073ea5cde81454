// The ResourceStore on PostgreSQL: reads in one round trip, changes in one transaction. Talks to: Postgres.
// A unique key taken by a writer that committed first makes the transaction run again; then the handler finds the holder
// and answers 409, so a client never sees a conflict that is only ours.
import { ScimError } from '../../scim/errors.ts';
import type { ResourceStore, StoreScope, TransactionWork } from '../../scim/resource-store.ts';
import { type TenantDatabase, type TenantTransaction, violatedConstraint } from '../database.ts';
import { createSharedReads } from '../shared-reads.ts';
import { createReadJournal, type ReadJournal, writeEntry } from './journal.ts';
import { readStatement } from './lookup-statements.ts';
import { readPage } from './page.ts';
import { createPagePlaces } from './page-places.ts';
import { type ResourceRow, toStored } from './resource-rows.ts';
import { openTransaction, type ResourceRules } from './resource-transaction.ts';
import { createScanTurns } from './scan-turns.ts';
import { createSharedChanges } from './shared-changes.ts';
import { isUuid } from './sql.ts';

export interface ScimStoreOptions {
  readonly database: TenantDatabase;
  readonly rules: ResourceRules;
  readonly newId: () => string;
  /** A batch of reads that could not be written. */
  readonly onJournalError: (error: unknown) => void;
  /** How long a statement may take that no index serves; default: five seconds. */
  readonly scanTimeoutMs?: number;
}

export interface ScimStore extends ResourceStore {
  readonly readJournal: ReadJournal;
}

const mostAttempts = 10;

/** Waits until nobody else of the tenant has their turn; held until the end of the transaction. */
async function takeTurn(transaction: TenantTransaction): Promise<void> {
  const { tenant } = transaction;
  await transaction.query(
    "insert into workspace.tenant_lock (tenant, name) values ($1, 'turn') on conflict do nothing returning name",
    [tenant],
  );
  await transaction.query("select 1 from workspace.tenant_lock l where l.tenant = $1 and l.name = 'turn' for update", [
    tenant,
  ]);
}

export function createScimStore(options: ScimStoreOptions): ScimStore {
  const { database, scanTimeoutMs = 5_000 } = options;
  const readJournal = createReadJournal(database, options.onJournalError);
  const places = createPagePlaces(database);
  const read = createSharedReads(database.batch);
  const turns = createScanTurns();

  async function transact<T>(
    scope: StoreScope,
    work: TransactionWork<T>,
    holders: 'look' | 'assume none' = 'assume none',
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let runs = 0;
      try {
        return await database.withTenant(scope.tenant, async (transaction) => {
          runs += 1;
          // After a deadlock one after the other: those who create and then park would meet again and again.
          if (runs > 1) await takeTurn(transaction);
          return work(
            openTransaction(transaction, {
              ...{ scope, manages: scope.connection, rules: options.rules, newId: options.newId },
              holders: attempt === 1 ? holders : 'look',
            }),
          );
        });
      } catch (error) {
        if (attempt === mostAttempts || !violatedConstraint(error).includes('resource_key_pkey')) throw error;
      }
    }
  }

  const share = createSharedChanges({ ...options, alone: transact });
  return {
    readJournal,
    async read(scope, type, id, want) {
      if (!isUuid(id)) return undefined;
      const [row] = (await read(scope.tenant, readStatement(scope, id, type, want))) as ResourceRow[];
      return row && toStored(type, row, want);
    },
    list: (scope, query) => bounded(() => readPage({ database, places, read, turns, scanTimeoutMs }, scope, query)),
    transact: (scope, work, reach) => (reach === 'one resource' ? share(scope, work) : transact(scope, work)),
    recordNow: (scope, record) =>
      database.withTenant(scope.tenant, (transaction) =>
        writeEntry(transaction, { tenant: scope.tenant, connection: scope.connection, record }, []),
      ),
    recordSoon: (scope, record) => readJournal.add({ tenant: scope.tenant, connection: scope.connection, record }),
  };
}

/**
 * A query that no index serves is cut off by the database (57014), and answered in words. RFC 7644 section 3.12: tooMany is
 * for more "than the server is willing to calculate or process".
 */
async function bounded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error;
    throw new ScimError(
      'tooMany',
      'This query took too long to answer. Filter by userName, externalId, emails.value, displayName or id, or narrow it with one of them.',
    );
  }
}
