// What the screens ask about the requests of SCIM clients: the interface; the store answers it. Pure (types only).
import type { RequestFacts } from '../../scim/request-record.ts';

export interface LoggedRequest {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** Null: no token let it in. */
  readonly connection: string | null;
  readonly token: string | null;
  readonly tokenHint: string | null;
  readonly client: string;
  readonly userAgent: string | null;
  readonly remoteAddress: string;
  readonly method: string;
  readonly path: string;
  readonly query: string | null;
  readonly status: number;
  readonly durationMs: number;
  readonly facts: RequestFacts;
}

export interface LoggedRequestWhole extends LoggedRequest {
  readonly requestBody: string | null;
  readonly responseBody: string | null;
}

export interface RequestQuery {
  /** In the name of whom it was about, the path, the client. */
  readonly search: string;
  readonly result?: 'refused' | 'changes';
  /** Older than this id. */
  readonly before?: string;
  /** Newer than this id: the live tail. */
  readonly after?: string;
  readonly limit: number;
}

export interface ConnectionStatistics {
  readonly last: { readonly at: string; readonly client: string } | null;
  readonly lastSuccessAt: string | null;
  readonly lastError: { readonly at: string; readonly detail: string; readonly requestId: string } | null;
  /** Managed by this connection, by resource type name. */
  readonly managed: Readonly<Record<string, number>>;
  /** Managed by nobody, by resource type name. */
  readonly unmanaged: Readonly<Record<string, number>>;
  readonly operationsSeen: readonly { readonly operation: string; readonly at: string | null }[];
  /** The last 24 hours, oldest first, hours without a request included. */
  readonly byHour: readonly { readonly hour: string; readonly accepted: number; readonly refused: number }[];
  /** Requests that no token let in since the last success. */
  readonly notLetIn: { readonly count: number; readonly since: string; readonly tokenHint: string | null } | null;
}

export interface RequestLog {
  /** Newest first. */
  list(tenant: string, query: RequestQuery): Promise<{ requests: LoggedRequest[]; hasMore: boolean }>;
  one(tenant: string, id: string): Promise<LoggedRequestWhole | undefined>;
  /** The requests that touched a resource or one it succeeds, newest first. */
  life(tenant: string, resource: string, limit: number): Promise<LoggedRequest[]>;
  statistics(tenant: string, connection: string, now: Date): Promise<ConnectionStatistics>;
}
