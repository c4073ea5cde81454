// Reads of one tenant that are asked for in the same moment share one transaction: the setting of the tenant and the
// commit are paid once for all of them. Pure but for the clock of the event loop; over any `batch`.
// Two transactions of a tenant are under way at a time; what is asked for meanwhile goes together in the next, so that the
// more there is to do, the less each costs. Only for reads an index answers in a moment: each waits for the others of its
// transaction. Where one fails, all are asked again on their own, so that nobody gets another's error.

import type { Row, Statement, TenantDatabase } from './database.ts';

const mostTogether = 32;
const mostUnderWay = 2;

interface Waiting {
  readonly statement: Statement;
  resolve(rows: Row[]): void;
  reject(error: unknown): void;
}

interface Line {
  waiting: Waiting[];
  underWay: number;
  isCalled: boolean;
}

export type SharedRead = (tenant: string, statement: Statement) => Promise<Row[]>;

export function createSharedReads(batch: TenantDatabase['batch']): SharedRead {
  const lines = new Map<string, Line>();

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

  function sendSome(tenant: string, line: Line): void {
    line.isCalled = false;
    while (line.waiting.length > 0 && line.underWay < mostUnderWay) {
      line.underWay += 1;
      void together(tenant, line.waiting.splice(0, mostTogether)).finally(() => {
        line.underWay -= 1;
        if (line.waiting.length > 0) call(tenant, line);
        else if (line.underWay === 0 && !line.isCalled) lines.delete(tenant);
      });
    }
  }

  /** After the requests that have arrived by now have been read. */
  function call(tenant: string, line: Line): void {
    if (line.isCalled || line.underWay >= mostUnderWay) return;
    line.isCalled = true;
    setImmediate(sendSome, tenant, line);
  }

  return (tenant, statement) =>
    new Promise((resolve, reject) => {
      const line = lines.get(tenant) ?? { waiting: [], underWay: 0, isCalled: false };
      lines.set(tenant, line);
      line.waiting.push({ statement, resolve, reject });
      call(tenant, line);
    });
}
