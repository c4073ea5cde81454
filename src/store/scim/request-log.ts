// The request journal as the screens read it. Talks to: Postgres.
// Pages go by id: ids are UUIDv7, so their order is the order of time and a page stays where it is while rows arrive.
import { foldCase } from '../../scim/comparable.ts';
import type { RequestFacts } from '../../scim/request-record.ts';
import type {
  ConnectionStatistics,
  LoggedRequest,
  LoggedRequestWhole,
  RequestLog,
  RequestQuery,
} from '../../service-provider/scim/request-log.ts';
import type { Row, Statement, TenantDatabase } from '../database.ts';
import { wholeFacts } from './journal.ts';
import { isUuid, lowestId, newParameters } from './sql.ts';

const columns = `j.id, j.at, j.connection, j.token, j.token_hint, j.client, j.user_agent, j.remote_address, j.method, j.path,
  j.query, j.status, j.duration_ms, j.facts`;

export function createRequestLog(database: TenantDatabase): RequestLog {
  return {
    async list(tenant, query) {
      const [rows = []] = await database.batch(tenant, [listStatement(tenant, query)]);
      return { requests: rows.slice(0, query.limit).map(toRequest), hasMore: rows.length > query.limit };
    },
    async one(tenant, id) {
      if (!isUuid(id)) return undefined;
      const [[row] = []] = await database.batch(tenant, [
        {
          name: 'request_one',
          text: `select ${columns}, j.request_body, j.response_body from workspace.request_journal j
            where j.tenant = $1 and j.id = $2`,
          values: [tenant, id],
        },
      ]);
      return row && toWhole(row);
    },
    async life(tenant, resource, limit) {
      if (!isUuid(resource)) return [];
      const [rows = []] = await database.batch(tenant, [lifeStatement(tenant, resource, limit)]);
      return rows.map(toRequest);
    },
    statistics: (tenant, connection, now) => statistics(database, tenant, connection, now),
  };
}

function toRequest(row: Row): LoggedRequest {
  return {
    id: row['id'] as string,
    at: (row['at'] as Date).toISOString(),
    connection: row['connection'] as string | null,
    token: row['token'] as string | null,
    tokenHint: row['token_hint'] as string | null,
    client: row['client'] as string,
    userAgent: row['user_agent'] as string | null,
    remoteAddress: row['remote_address'] as string,
    method: row['method'] as string,
    path: row['path'] as string,
    query: row['query'] as string | null,
    status: row['status'] as number,
    durationMs: row['duration_ms'] as number,
    facts: wholeFacts(row['facts'] as Partial<RequestFacts>),
  };
}

function toWhole(row: Row): LoggedRequestWhole {
  return {
    ...toRequest(row),
    requestBody: row['request_body'] as string | null,
    responseBody: row['response_body'] as string | null,
  };
}

function listStatement(tenant: string, query: RequestQuery): Statement {
  const parameters = newParameters(tenant);
  const { bind } = parameters;
  const conditions = ['j.tenant = $1'];
  if (query.result === 'refused') conditions.push('j.status >= 400');
  if (query.result === 'changes') conditions.push('j.changed');
  if (query.before !== undefined && isUuid(query.before)) conditions.push(`j.id < ${bind(query.before)}::uuid`);
  if (query.after !== undefined && isUuid(query.after)) conditions.push(`j.id > ${bind(query.after)}::uuid`);
  const search = foldCase(query.search).trim();
  if (search !== '') {
    const text = bind(search);
    conditions.push(`(position(${text} in lower(coalesce(j.facts ->> 'label', ''))) > 0 or position(${text} in lower(j.path)) > 0
      or position(${text} in lower(j.client)) > 0 or position(${text} in lower(coalesce(j.facts ->> 'filter', ''))) > 0)`);
  }
  return {
    text: `select ${columns} from workspace.request_journal j where ${conditions.join(' and ')}
      order by j.id desc limit ${bind(query.limit + 1)}`,
    values: parameters.values,
  };
}

/** A successor of the same externalId has the life of the one before, and of the one before that. */
function lifeStatement(tenant: string, resource: string, limit: number): Statement {
  return {
    name: 'request_life',
    text: `with recursive line as (
        select r.id, r.predecessor, 1 as generation from workspace.resource r where r.tenant = $1 and r.id = $2
        union all
        select p.id, p.predecessor, line.generation + 1 from workspace.resource p join line on line.predecessor = p.id
         where p.tenant = $1 and line.generation < 20)
      select ${columns} from workspace.request_journal j
       where j.tenant = $1 and j.id = any(array(
         select own.id from workspace.request_journal own where own.tenant = $1 and own.resource in (select line.id from line)
          and own.operation <> 'read'
         union select s.journal from workspace.request_subject s where s.tenant = $1 and s.resource in (select line.id from line)
         order by 1 desc limit $3))
       order by j.id desc limit $3`,
    values: [tenant, resource, limit],
  };
}

const hourMs = 3_600_000;

/** What the Overview calls the operations, and how a row of the journal shows one. */
const operationsSeen = [
  ['list', "j.operation in ('list', 'search', 'read')"],
  ['create', "j.operation = 'create'"],
  ['update', "j.operation in ('replace', 'patch') and j.changed"],
  ['deactivate', `j.facts -> 'changes' @> '[{"path": "active", "after": false}]'`],
  ['delete', "j.operation = 'delete'"],
  ['members', "j.changed and j.facts ? 'references' and j.path_template like '%/{id}'"],
] as const;

async function statistics(
  database: TenantDatabase,
  tenant: string,
  connection: string,
  now: Date,
): Promise<ConnectionStatistics> {
  const since = new Date(Math.floor(now.getTime() / hourMs) * hourMs - 23 * hourMs);
  const of = 'from workspace.request_journal j where j.tenant = $1 and j.connection = $2';
  const [last = [], success = [], failure = [], counts = [], seen = [], hours = []] = await database.batch(tenant, [
    { name: 'log_last', text: `select j.at, j.client ${of} order by j.id desc limit 1`, values: [tenant, connection] },
    {
      name: 'log_success',
      text: `select j.at ${of} and j.status < 400 order by j.id desc limit 1`,
      values: [tenant, connection],
    },
    {
      name: 'log_failure',
      text: `select j.id, j.at, j.facts -> 'error' ->> 'detail' as detail ${of} and j.status >= 400 order by j.id desc limit 1`,
      values: [tenant, connection],
    },
    {
      name: 'log_managed',
      text: `select r.resource_type, count(*) filter (where r.connection = $2) as managed,
          count(*) filter (where r.connection is null) as unmanaged
        from workspace.resource r where r.tenant = $1 and r.deleted_at is null group by r.resource_type`,
      values: [tenant, connection],
    },
    {
      name: 'log_seen',
      text: `select ${operationsSeen.map(([, sign], index) => `max(j.at) filter (where ${sign}) as seen_${index}`).join(', ')}
        ${of} and j.status < 400`,
      values: [tenant, connection],
    },
    {
      name: 'log_hours',
      text: `select floor(extract(epoch from j.at) / 3600)::bigint as hour, count(*) filter (where j.status < 400) as accepted,
          count(*) filter (where j.status >= 400) as refused
        from workspace.request_journal j
       where j.tenant = $1 and j.id >= $3 and (j.connection = $2 or j.connection is null) group by 1`,
      values: [tenant, connection, lowestId(since)],
    },
  ]);
  const lastSuccess = success[0]?.['at'] as Date | undefined;
  return {
    last: last[0] ? { at: (last[0]['at'] as Date).toISOString(), client: last[0]['client'] as string } : null,
    lastSuccessAt: lastSuccess?.toISOString() ?? null,
    lastError: failure[0]
      ? {
          at: (failure[0]['at'] as Date).toISOString(),
          detail: (failure[0]['detail'] as string | null) ?? '',
          requestId: failure[0]['id'] as string,
        }
      : null,
    managed: byType(counts, 'managed'),
    unmanaged: byType(counts, 'unmanaged'),
    operationsSeen: operationsSeen.map(([operation], index) => ({
      operation,
      at: (seen[0]?.[`seen_${index}`] as Date | null | undefined)?.toISOString() ?? null,
    })),
    byHour: everyHour(since, hours),
    notLetIn: await notLetIn(database, tenant, lastSuccess ?? since),
  };
}

function byType(rows: readonly Row[], column: 'managed' | 'unmanaged'): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row['resource_type'] as string, row[column] as number]));
}

function everyHour(since: Date, rows: readonly Row[]): ConnectionStatistics['byHour'] {
  const counted = new Map(rows.map((row) => [row['hour'] as number, row]));
  return Array.from({ length: 24 }, (_, index) => {
    const hour = since.getTime() / hourMs + index;
    const row = counted.get(hour);
    return {
      hour: new Date(hour * hourMs).toISOString(),
      accepted: (row?.['accepted'] as number | undefined) ?? 0,
      refused: (row?.['refused'] as number | undefined) ?? 0,
    };
  });
}

async function notLetIn(
  database: TenantDatabase,
  tenant: string,
  since: Date,
): Promise<ConnectionStatistics['notLetIn']> {
  const [[row] = []] = await database.batch(tenant, [
    {
      name: 'log_not_let_in',
      text: `select count(*) as count, min(j.at) as since, (array_agg(j.token_hint order by j.id desc))[1] as hint
        from workspace.request_journal j where j.tenant = $1 and j.connection is null and j.id > $2 and j.at > $3`,
      values: [tenant, lowestId(since), since],
    },
  ]);
  if (!row || row['count'] === 0) return null;
  return {
    count: row['count'] as number,
    since: (row['since'] as Date).toISOString(),
    tokenHint: row['hint'] as string | null,
  };
}
