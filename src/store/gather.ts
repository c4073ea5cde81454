// What is asked for in the same moment goes together: some under way at a time for each tenant, and what comes meanwhile goes
// in the next, so that the more there is to do, the less each costs. Pure but for the clock of the event loop.

export interface GatherOptions<T> {
  readonly mostTogether: number;
  /** Of one tenant. */
  readonly mostUnderWay: number;
  /** Does all of these; never rejects. */
  run(tenant: string, all: readonly T[]): Promise<void>;
}

interface Line<T> {
  waiting: T[];
  underWay: number;
  isCalled: boolean;
}

/** @returns takes one to be run with others of its tenant */
export function createGatherer<T>(options: GatherOptions<T>): (tenant: string, one: T) => void {
  const { mostTogether, mostUnderWay, run } = options;
  const lines = new Map<string, Line<T>>();

  function sendSome(tenant: string, line: Line<T>): void {
    line.isCalled = false;
    while (line.waiting.length > 0 && line.underWay < mostUnderWay) {
      line.underWay += 1;
      void run(tenant, line.waiting.splice(0, mostTogether)).finally(() => {
        line.underWay -= 1;
        if (line.waiting.length > 0) call(tenant, line);
        else if (line.underWay === 0 && !line.isCalled) lines.delete(tenant);
      });
    }
  }

  /** After the requests that have arrived by now have been read. */
  function call(tenant: string, line: Line<T>): void {
    if (line.isCalled || line.underWay >= mostUnderWay) return;
    line.isCalled = true;
    setImmediate(sendSome, tenant, line);
  }

  return (tenant, one) => {
    const line = lines.get(tenant) ?? { waiting: [], underWay: 0, isCalled: false };
    lines.set(tenant, line);
    line.waiting.push(one);
    call(tenant, line);
  };
}
