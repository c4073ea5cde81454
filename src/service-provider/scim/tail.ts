// The request log as a stream: each request once, in the order of its arrival, while it grows. Pure: over a RequestLog.
// An id is taken when a request arrives and its row is there when it is answered, in whatever process: a row may appear
// behind a newer one. So each look goes back a minute and leaves out what was shown.

import type { LoggedRequest, RequestLog } from './request-log.ts';

const lookBackMs = 60_000;
const mostAtOnce = 1_000;

/** The smallest id a request of this moment can have (UUIDv7, RFC 9562 section 5.7). */
export function firstIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}

export interface Tail {
  /** What is new since the look before, oldest first; the first look gives the newest `lines`. */
  look(): Promise<LoggedRequest[]>;
}

export function createTail(log: Pick<RequestLog, 'list'>, tenant: string, lines: number): Tail {
  let newest: number | undefined;
  const shown = new Set<string>();
  function take(requests: readonly LoggedRequest[]): LoggedRequest[] {
    const fresh = requests.filter(({ id }) => !shown.has(id)).reverse();
    for (const { id } of fresh) {
      shown.add(id);
      newest = Math.max(newest ?? 0, timeOf(id));
    }
    for (const id of shown) if (timeOf(id) < (newest ?? 0) - lookBackMs) shown.delete(id);
    return fresh;
  }
  return {
    async look() {
      if (newest === undefined) {
        // More than is shown: what is left out now must not come at the next look.
        const { requests } = await log.list(tenant, { search: '', limit: Math.max(lines, mostAtOnce) });
        const taken = take(requests);
        newest ??= 0;
        return taken.slice(Math.max(0, taken.length - lines));
      }
      const after = firstIdAt(new Date(newest - lookBackMs));
      const { requests } = await log.list(tenant, { search: '', after, limit: mostAtOnce });
      return take(requests);
    },
  };
}
