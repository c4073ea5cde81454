// Which statements of a batch a replica may answer, by their names. Pure: over a TenantDatabase.
// A page's figures are asked together with its facts; only the figures may be behind, so the batch is asked in two parts.

import type { Row, TenantDatabase } from '../database.ts';

/** What a day looked like, and which operations were ever seen: the heaviest reads there are, and nobody's own write. */
export const figures: ReadonlySet<string> = new Set(['log_seen', 'log_hours']);

/** The same database, whose batches ask the replica for the statements of these names. */
export function withBehind(database: TenantDatabase, names: ReadonlySet<string>): TenantDatabase {
  if (database.replica.batch === database.batch) return database;
  return {
    ...database,
    async batch(tenant, statements) {
      const isBehind = statements.map(({ name }) => name !== undefined && names.has(name));
      const part = (behind: boolean) => statements.filter((_, at) => isBehind[at] === behind);
      const [now, before] = [part(false), part(true)];
      const [current, older] = await Promise.all([
        now.length > 0 ? database.batch(tenant, now) : [],
        before.length > 0 ? database.replica.batch(tenant, before) : [],
      ]);
      const [rest, behind] = [[...current], [...older]];
      return isBehind.map((each) => (each ? behind : rest).shift() as Row[]);
    },
  };
}
