// What every request left behind: its row in the journal, and a row for everybody it touched. Talks to: Postgres.
// A change's row is written in the change's own transaction; plain reads are gathered and written together within half a
// second, one statement a workspace, and may be lost in a crash.
import { noFacts, type RequestFacts, type RequestRecord } from '../../scim/request-record.ts';
import type { Queryable, Statement, TenantDatabase } from '../database.ts';
import { rowsInto } from './rows-into.ts';
import { isUuid, together } from './sql.ts';

export interface JournalEntry {
  readonly tenant: string;
  /** Null: the request carried no token that is known. */
  readonly connection: string | null;
  readonly record: RequestRecord;
}

const columns = [
  ['id', 'uuid'],
  ['at', 'timestamptz'],
  ['connection', 'uuid'],
  ['token', 'uuid'],
  ['token_hint', 'text'],
  ['client', 'text'],
  ['user_agent', 'text'],
  ['remote_address', 'text'],
  ['method', 'text'],
  ['path', 'text'],
  ['path_template', 'text'],
  ['query', 'text'],
  ['status', 'smallint'],
  ['duration_ms', 'real'],
  ['operation', 'text'],
  ['resource_type', 'text'],
  ['resource', 'uuid'],
  ['changed', 'boolean'],
  ['facts', 'jsonb'],
  ['request_body', 'text'],
  ['response_body', 'text'],
] as const;

const journalRows = rowsInto('request_journal', columns, 'id');

/** PostgreSQL keeps neither NUL nor half a surrogate pair, in text as in jsonb. */
function text(value: string | undefined): string | null {
  return value === undefined ? null : value.replaceAll('\0', '\uFFFD').toWellFormed();
}

function isChange(record: RequestRecord): boolean {
  const { facts } = record;
  if (facts.error) return false;
  return (
    facts.operation === 'delete' ||
    facts.linked === true ||
    facts.changes.length > 0 ||
    facts.references.some((each) => each.added.length + each.removed.length + each.pending.length > 0)
  );
}

/** Without the lists that are empty; {@link wholeFacts} puts them back. */
function keptFacts(facts: RequestFacts): string {
  const kept = Object.entries(facts).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  const json = JSON.stringify(Object.fromEntries(kept));
  // What PostgreSQL does not keep is rare: only then each text is looked at.
  if (!/\\u0000|\\ud[89a-f]/i.test(json)) return json;
  return JSON.stringify(Object.fromEntries(kept), (_, value: unknown) =>
    typeof value === 'string' ? text(value) : value,
  );
}

/** Facts as they were kept. */
export function wholeFacts(kept: Partial<RequestFacts>): RequestFacts {
  return { ...noFacts, ...kept };
}

function rowOf({ connection, record }: JournalEntry): unknown[] {
  const { facts } = record;
  return [
    record.id,
    record.at,
    connection,
    record.token ?? null,
    text(record.tokenHint),
    text(record.client),
    text(record.userAgent),
    text(record.remoteAddress),
    text(record.method),
    text(record.path),
    text(record.pathTemplate),
    text(record.query),
    record.status,
    record.durationMs,
    facts.operation,
    facts.resourceType ?? null,
    facts.resourceId && isUuid(facts.resourceId) ? facts.resourceId : null,
    isChange(record),
    keptFacts(facts),
    text(record.requestBody),
    text(record.responseBody),
  ];
}

/** One statement for all entries of one tenant. */
export function journalStatement(tenant: string, entries: readonly JournalEntry[]): Statement {
  return journalRows(tenant, entries.map(rowOf));
}

function subjectStatement(tenant: string, record: string, subjects: readonly string[]): Statement {
  return {
    name: 'journal_subjects',
    text: `insert into workspace.request_subject (tenant, resource, journal)
      select $1, x.resource, $2 from unnest($3::uuid[]) as x(resource) on conflict do nothing returning journal`,
    values: [tenant, record, subjects],
  };
}

/**
 * Writes an entry with the people it touched besides its own resource; the statements go out together. What cannot be
 * written down is thrown at once: whoever does not wait for the answer hears of failed statements only.
 */
export function writeEntry(queryable: Queryable, entry: JournalEntry, touched: Iterable<string>): Promise<void> {
  const subjects = [...new Set(touched)].filter((each) => each !== entry.record.facts.resourceId);
  const written = [queryable.query(journalStatement(entry.tenant, [entry]))];
  if (subjects.length > 0) written.push(queryable.query(subjectStatement(entry.tenant, entry.record.id, subjects)));
  return together(written).then(() => {});
}

export interface ReadJournal {
  add(entry: JournalEntry): void;
  /** Writes what waits; resolves when it is written. */
  flush(): Promise<void>;
}

const flushAfterMs = 500;
const mostWaiting = 5_000;

/** Gathers reads; while the database is away the oldest beyond 5,000 are dropped. */
export function createReadJournal(database: TenantDatabase, onError: (error: unknown) => void): ReadJournal {
  let waiting: JournalEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const entries = waiting;
    waiting = [];
    for (const [tenant, ofTenant] of Map.groupBy(entries, (entry) => entry.tenant)) {
      try {
        await database.batch(tenant, [journalStatement(tenant, ofTenant)]);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** One after the other, so that whoever waits for one waits for what the timer began as well. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }

  return {
    add(entry) {
      if (waiting.length >= mostWaiting) waiting.shift();
      waiting.push(entry);
      timer ??= setTimeout(() => void flush(), flushAfterMs);
    },
    flush,
  };
}
