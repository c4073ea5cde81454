// What this process counts for Prometheus, and how each is named: base units, `_total` for counters, no label that grows
// with tenants, people or addresses. Pure but for the counters, and for the process's own facts (memory, event loop).
// A tenant is never a label: what concerns one tenant is in its request log.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestRecord } from '../scim/request-record.ts';

export type Site = 'workspace' | 'identity';

export interface HttpRequest {
  site: string;
  method: string;
  status: number;
  durationMs: number;
}

/** Counts that are looked up when they are asked for, by the value of their one label. */
export type Look = () => Promise<ReadonlyMap<string, number>>;

export interface Metrics {
  http(request: HttpRequest): void;
  /** A SCIM request that was answered; `record` is absent when nobody could be found for it, or nothing was kept. */
  scim(status: number, durationMs: number, record: RequestRecord | undefined): void;
  ssoLogin(site: Site, outcome: string): void;
  /** Tasks of the sending end by state, over all its tenants. */
  watchTasks(look: Look): void;
  /** Jobs that wait, by queue. */
  watchQueues(look: Look): void;
  contentType: string;
  /** Everything, in Prometheus's text format. */
  text(): Promise<string>;
}

/** OpenTelemetry's advice for `http.server.request.duration`. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE']);
const mostTypes = 20;

/** What became of a request, in one word. */
export function outcomeOf(status: number): string {
  if (status < 400) return 'accepted';
  if (status === 401) return 'unauthenticated';
  if (status === 429) return 'limited';
  if (status === 503) return 'unavailable';
  return status < 500 ? 'refused' : 'failed';
}

/** Resource types are defined by tenants, at run time: past the first twenty they share one name. */
function createTypeLabel(): (type: string | undefined) => string {
  const known = new Set<string>();
  return (type) => {
    if (type === undefined) return 'none';
    if (!known.has(type) && known.size >= mostTypes) return 'other';
    known.add(type);
    return type;
  };
}

function createScimMetrics(registers: Registry[]): Metrics['scim'] {
  const labelNames = ['resource', 'operation', 'outcome', 'idp'] as const;
  const total = new Counter({ name: 'scim_requests_total', help: 'SCIM requests answered.', labelNames, registers });
  const duration = new Histogram({
    name: 'scim_request_duration_seconds',
    help: 'From the arrival of a SCIM request to its answer.',
    labelNames: ['resource', 'operation'],
    ...{ buckets: seconds, registers },
  });
  const last = new Gauge({
    name: 'scim_connection_last_request_timestamp_seconds',
    help: 'When a connection of this kind of client last asked something of this process.',
    ...{ labelNames: ['idp'], registers },
  });
  const typeLabel = createTypeLabel();
  return (status, durationMs, record) => {
    const resource = typeLabel(record?.facts.resourceType);
    const operation = record?.facts.operation ?? 'unknown';
    const idp = record?.client ?? 'Unknown';
    total.inc({ resource, operation, outcome: outcomeOf(status), idp });
    duration.observe({ resource, operation }, durationMs / 1_000);
    if (record?.token !== undefined) last.set({ idp }, Date.parse(record.at) / 1_000);
  };
}

function gaugeOf(registers: Registry[], gauge: { name: string; help: string; label: string }): (look: Look) => void {
  return (look) => {
    new Gauge({
      ...{ name: gauge.name, help: gauge.help, labelNames: [gauge.label], registers },
      async collect() {
        // A database that is away leaves a gap in the series, and not a scrape that fails or a number that is old.
        const counts = await look().catch(() => new Map<string, number>());
        this.reset();
        for (const [value, count] of counts) this.set({ [gauge.label]: value }, count);
      },
    });
  };
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const http = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'From the arrival of a request to its answer, without the sending of a stream.',
    labelNames: ['site', 'http_request_method', 'http_response_status_code'],
    ...{ buckets: seconds, registers },
  });
  const logins = new Counter({
    name: 'sso_logins_total',
    help: 'Sign-ins by SAML: judged by the workspace app, or answered by the identity provider.',
    ...{ labelNames: ['site', 'outcome'], registers },
  });
  return {
    http({ site, method, status, durationMs }) {
      const known = methods.has(method) ? method : '_OTHER';
      http.observe({ site, http_request_method: known, http_response_status_code: status }, durationMs / 1_000);
    },
    scim: createScimMetrics(registers),
    ssoLogin: (site, outcome) => logins.inc({ site, outcome }),
    watchTasks: gaugeOf(registers, {
      ...{ name: 'provisioning_tasks', label: 'state' },
      help: 'People and groups at apps, by where their provisioning stands. The same in every process.',
    }),
    watchQueues: gaugeOf(registers, {
      ...{ name: 'jobs_queue_depth', label: 'queue' },
      help: 'Jobs that wait, by queue. The same in every process.',
    }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
