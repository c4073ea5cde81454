// Bound parameters while a statement is put together: a value only ever becomes "$n". Pure.

export interface Parameters {
  readonly values: unknown[];
  bind(value: unknown): string;
}

export function newParameters(...first: unknown[]): Parameters {
  const values = [...first];
  return { values, bind: (value) => `$${values.push(value)}` };
}

/** What is unique in the whole workspace, not within one connection. */
export const wholeTenant = '00000000-0000-0000-0000-000000000000';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Ids are compared exactly (RFC 7643 section 3.1 caseExact), so an upper-case UUID is nobody's. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** The first UUIDv7 of an instant: ids in a range are rows of a time. */
export function lowestId(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/**
 * Waits for statements that were sent without waiting for each other, until every one has answered; then throws the
 * failure of the first in the list. Nothing goes on writing into a transaction that is being rolled back, and the cause
 * is not hidden behind "current transaction is aborted".
 */
export async function together<T extends readonly Promise<unknown>[]>(
  sent: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return settled.map((each) => (each as PromiseFulfilledResult<unknown>).value) as never;
}

/** Statements that were sent and need no answer yet; whoever waits for something waits for them first. */
export interface Sent {
  send(...statements: readonly Promise<unknown>[]): void;
  /** Waits for everything sent so far and for these; see {@link together}. */
  settle<T extends readonly Promise<unknown>[]>(
    ...statements: readonly [...T]
  ): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
}

export function newSent(): Sent {
  let waiting: Promise<unknown>[] = [];
  return {
    send(...statements) {
      // Its failure is thrown by the next settle; until then it must not count as unhandled.
      for (const each of statements) each.catch(() => {});
      waiting.push(...statements);
    },
    async settle(...statements) {
      const before = waiting;
      waiting = [];
      const all = await together([...before, ...statements]);
      return all.slice(before.length) as never;
    },
  };
}
