// The ResourceStore on PostgreSQL: reads in one round trip, changes in one transaction. Talks to: Postgres.
// A unique key taken by a writer that committed first makes the transaction run again; then the handler finds the holder
// and answers 409, so a client never sees a conflict that is only ours.
import { ScimError } from '../../scim/errors.ts';
import type { ResourcePage, ResourceQuery, ResourceStore, StoreScope } from '../../scim/resource-store.ts';
import type { ResourceType } from '../../scim/schema/resource-type.ts';
import { type Statement, type TenantDatabase, violatedConstraint } from '../database.ts';
import { filterSql } from './filter-sql.ts';
import { createReadJournal, type ReadJournal, writeEntry } from './journal.ts';
import { type ResourceRow, resourceColumns, toStored } from './resource-rows.ts';
import { readStatement } from './resource-statements.ts';
import { openTransaction, type ResourceRules } from './resource-transaction.ts';
import { isUuid, newParameters } from './sql.ts';

export interface ScimStoreOptions {
  readonly database: TenantDatabase;
  readonly rules: ResourceRules;
  readonly newId: () => string;
  /** A batch of reads that could not be written. */
  readonly onJournalError: (error: unknown) => void;
}

export interface ScimStore extends ResourceStore {
  readonly readJournal: ReadJournal;
}

const mostAttempts = 10;

export function createScimStore(options: ScimStoreOptions): ScimStore {
  const { database } = options;
  const readJournal = createReadJournal(database, options.onJournalError);
  return {
    readJournal,
    async read(scope, type, id, want) {
      if (!isUuid(id)) return undefined;
      const [[row]] = (await database.batch(scope.tenant, [readStatement(scope, id, type, want)])) as [ResourceRow[]];
      return row && toStored(type, row, want);
    },
    list: (scope, type, query) => bounded(() => list(database, scope, type, query)),
    async transact(scope, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await database.withTenant(scope.tenant, (transaction) =>
            work(
              openTransaction(transaction, {
                scope,
                manages: scope.connection,
                rules: options.rules,
                newId: options.newId,
              }),
            ),
          );
        } catch (error) {
          if (attempt === mostAttempts || !violatedConstraint(error).includes('resource_key_pkey')) throw error;
        }
      }
    },
    recordNow: (scope, record) =>
      database.withTenant(scope.tenant, (transaction) =>
        writeEntry(transaction, { tenant: scope.tenant, connection: scope.connection, record }, []),
      ),
    recordSoon: (scope, record) => readJournal.add({ tenant: scope.tenant, connection: scope.connection, record }),
  };
}

async function list(
  database: TenantDatabase,
  scope: StoreScope,
  type: ResourceType,
  query: ResourceQuery,
): Promise<ResourcePage> {
  const page = pageStatement(scope, type, query);
  if (!query.filter) {
    const [rows, [sum]] = (await database.batch(scope.tenant, [page, totalStatement(scope, type)])) as [
      ResourceRow[],
      [{ total: number }],
    ];
    return { total: sum.total, resources: rows.map((row) => toStored(type, row, query.want)) };
  }
  const [rows = []] = await database.batch(scope.tenant, [page]);
  const resources = rows.map((row) => toStored(type, row as ResourceRow, query.want));
  // A first page that is not full says the total itself.
  if (query.startIndex === 1 && rows.length < query.count) return { total: rows.length, resources };
  const [[counted]] = (await database.batch(scope.tenant, [countStatement(scope, type, query)])) as [
    [{ total: number }],
  ];
  return { total: counted.total, resources };
}

/**
 * The page's ids are found first, by an index alone; only then are the resources themselves read.
 * Statements of one shape are prepared once: the whole list, and equality on one attribute, which is what clients ask.
 */
function pageStatement(scope: StoreScope, type: ResourceType, query: ResourceQuery): Statement {
  const parameters = newParameters(scope.tenant);
  const { columns, shape } = resourceColumns(parameters, scope.connection, query.want);
  const where = whereSql(scope, type, query, parameters);
  const limit = `limit ${parameters.bind(query.count)}::int offset ${parameters.bind(query.startIndex - 1)}::bigint`;
  if (!query.filter) {
    const page = `select r.id from workspace.resource r where ${where} order by r.id ${limit}`;
    const text = `select ${columns} from workspace.resource r join (${page}) as page on page.id = r.id
      where r.tenant = $1 order by r.id`;
    return { name: `resource_page_${shape}`, text, values: parameters.values };
  }
  const text = `select ${columns} from workspace.resource r where ${where} order by r.id ${limit}`;
  const name = query.filter.op === 'eq' ? preparedName(text) : undefined;
  return { text, values: parameters.values, ...(name ? { name } : {}) };
}

const preparedNames = new Map<string, string>();
const mostPrepared = 100;

/** Names go by text, never by tenant or value; past a hundred a statement is planned each time. */
function preparedName(text: string): string | undefined {
  const known = preparedNames.get(text);
  if (known || preparedNames.size >= mostPrepared) return known;
  const name = `resource_filter_${preparedNames.size}`;
  preparedNames.set(text, name);
  return name;
}

function countStatement(scope: StoreScope, type: ResourceType, query: ResourceQuery): Statement {
  const parameters = newParameters(scope.tenant);
  const where = whereSql(scope, type, query, parameters);
  return { text: `select count(*) as total from workspace.resource r where ${where}`, values: parameters.values };
}

function whereSql(
  scope: StoreScope,
  type: ResourceType,
  query: ResourceQuery,
  parameters: ReturnType<typeof newParameters>,
): string {
  const base = `r.tenant = $1 and r.resource_type = ${parameters.bind(type.name)} and r.deleted_at is null`;
  if (!query.filter) return base;
  return `${base} and ${filterSql(query.filter, { type, connection: scope.connection, parameters, depth: 0 })}`;
}

function totalStatement(scope: StoreScope, type: ResourceType): Statement {
  return {
    name: 'resource_total',
    text: `select coalesce(sum(c.resources), 0)::bigint as total from workspace.resource_count c
      where c.tenant = $1 and c.resource_type = $2`,
    values: [scope.tenant, type.name],
  };
}

/** A filter that no index serves is cut off by the server (57014), and answered in words. */
async function bounded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if ((error as { code?: string }).code !== '57014') throw error;
    throw new ScimError(
      'invalidFilter',
      'This filter took too long to answer. Filter by userName, externalId, emails.value, displayName or id, or narrow it with one of them.',
    );
  }
}
