// Measures SCIM from outside of it: every request leaves a record with the store and an answer with the same id; the two
// are brought together here. Pure: over any ResourceStore and any site.

import type { RequestRecord } from '../scim/request-record.ts';
import type { ResourceStore, ResourceTransaction } from '../scim/resource-store.ts';

export interface ScimMeter {
  /** The same store, whose records are noted. */
  store<S extends ResourceStore>(store: S): S;
  /** To be called with every answer, after its record. */
  answered(requestId: string, status: number, durationMs: number): void;
}

/** A record whose answer never comes (its request was given up) must not stay for ever. */
const mostWaiting = 10_000;

export function createScimMeter(
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
      transact: (scope, work, reach) => store.transact(scope, (transaction) => work(noting(transaction)), reach),
      recordNow(scope, record) {
        note(record);
        return store.recordNow(scope, record);
      },
      recordSoon(scope, record) {
        note(record);
        store.recordSoon(scope, record);
      },
    }),
    answered(requestId, status, durationMs) {
      tell(status, durationMs, waiting.get(requestId));
      waiting.delete(requestId);
    },
  };
}
