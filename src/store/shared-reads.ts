// Reads of one tenant that are asked for in the same moment share one transaction: the setting of the tenant and the
// commit are paid once for all of them. Pure; over any `batch`.
// Only for reads an index answers in a moment: each waits for the others of its transaction. Where one fails, all are asked
// again on their own, so that nobody gets another's error.

import type { Row, Statement, TenantDatabase } from './database.ts';
import { createGatherer } from './gather.ts';

interface Waiting {
  readonly statement: Statement;
  resolve(rows: Row[]): void;
  reject(error: unknown): void;
}

export type SharedRead = (tenant: string, statement: Statement) => Promise<Row[]>;

export function createSharedReads(batch: TenantDatabase['batch']): SharedRead {
  async function alone(tenant: string, { statement, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve((await batch(tenant, [statement]))[0] ?? []);
    } catch (error) {
      reject(error);
    }
  }

  async function together(tenant: string, all: readonly Waiting[]): Promise<void> {
    if (all.length === 1) return alone(tenant, all[0]!);
    let answers: Row[][];
    try {
      answers = await batch(
        tenant,
        all.map(({ statement }) => statement),
      );
    } catch {
      await Promise.all(all.map((each) => alone(tenant, each)));
      return;
    }
    for (const [at, { resolve }] of all.entries()) resolve(answers[at] ?? []);
  }

  const gather = createGatherer<Waiting>({ mostTogether: 32, mostUnderWay: 2, run: together });
  return (tenant, statement) =>
    new Promise((resolve, reject) => {
      gather(tenant, { statement, resolve, reject });
    });
}
