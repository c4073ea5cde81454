// Reads of one tenant that are asked for in the same moment share one transaction: the setting of the tenant and the
// commit are paid once for all of them. Pure but for the clock of the event loop; over any `batch`.
// Only for reads an index answers in a moment: each waits for the others of its transaction. Where one fails, all are asked
// again on their own, so that nobody gets another's error.

import type { Row, Statement, TenantDatabase } from './database.ts';

const mostTogether = 16;

interface Waiting {
  readonly statement: Statement;
  resolve(rows: Row[]): void;
  reject(error: unknown): void;
}

export type SharedRead = (tenant: string, statement: Statement) => Promise<Row[]>;

export function createSharedReads(batch: TenantDatabase['batch']): SharedRead {
  const waiting = new Map<string, Waiting[]>();

  async function alone(tenant: string, { statement, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve((await batch(tenant, [statement]))[0] ?? []);
    } catch (error) {
      reject(error);
    }
  }

  async function send(tenant: string, all: readonly Waiting[]): Promise<void> {
    if (all.length === 1) return alone(tenant, all[0]!);
    try {
      const answers = await batch(
        tenant,
        all.map(({ statement }) => statement),
      );
      for (const [at, { resolve }] of all.entries()) resolve(answers[at] ?? []);
    } catch {
      await Promise.all(all.map((each) => alone(tenant, each)));
    }
  }

  function sendAll(tenant: string): void {
    const all = waiting.get(tenant) ?? [];
    waiting.delete(tenant);
    for (let from = 0; from < all.length; from += mostTogether) void send(tenant, all.slice(from, from + mostTogether));
  }

  return (tenant, statement) =>
    new Promise((resolve, reject) => {
      const entry: Waiting = { statement, resolve, reject };
      const others = waiting.get(tenant);
      if (others) {
        others.push(entry);
        return;
      }
      waiting.set(tenant, [entry]);
      // After the requests that have arrived by now have been read.
      setImmediate(sendAll, tenant);
    });
}
