// Measures SCIM from outside of it: every request leaves a record with the store and an answer with the same id; the two
// are brought together here. Pure: over any ResourceStore and any site.

import type { RequestRecord } from '../scim/request-record.ts';
import type { ResourceStore, ResourceTransaction } from '../scim/resource-store.ts';

type Site<C> = (request: Request, connection: C) => Promise<Response>;

export interface ScimMeter {
  /** The same store, whose records are noted. */
  store<S extends ResourceStore>(store: S): S;
  /** The same site, whose answers are told with the record of their request. */
  site<C>(site: Site<C>): Site<C>;
}

/** A record whose answer never comes (its request was given up) must not stay for ever. */
const mostWaiting = 10_000;

export function createScimMeter(
  now: () => number,
  tell: (status: number, durationMs: number, record: RequestRecord | undefined) => void,
): ScimMeter {
  const waiting = new Map<string, RequestRecord>();
  function note(record: RequestRecord): void {
    if (waiting.size >= mostWaiting) waiting.clear();
    waiting.set(record.id, record);
  }
  const noting = (transaction: ResourceTransaction): ResourceTransaction => ({
    ...transaction,
    record(record) {
      note(record);
      return transaction.record(record);
    },
  });
  return {
    store: (store) => ({
      ...store,
      transact: (scope, work) => store.transact(scope, (transaction) => work(noting(transaction))),
      recordNow(scope, record) {
        note(record);
        return store.recordNow(scope, record);
      },
      recordSoon(scope, record) {
        note(record);
        store.recordSoon(scope, record);
      },
    }),
    site: (site) => async (request, connection) => {
      const started = now();
      const response = await site(request, connection);
      const id = response.headers.get('x-request-id') ?? '';
      tell(response.status, now() - started, waiting.get(id));
      waiting.delete(id);
      return response;
    },
  };
}
