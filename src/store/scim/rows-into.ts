// Rows of one tenant into a table, by one statement. Pure.
import type { Statement } from '../database.ts';

export type Column = readonly [name: string, type: string];

/**
 * Statements that put rows of `columns` into `table`; the tenant goes before them. One row is bound plainly: that costs a
 * third of what is made for many.
 * @param key the column that comes back
 */
export function rowsInto(
  table: string,
  columns: readonly Column[],
  key: string,
): (tenant: string, rows: readonly (readonly unknown[])[]) => Statement {
  const names = columns.map(([name]) => name).join(', ');
  const into = `insert into workspace.${table} (tenant, ${names})`;
  const one = `${into} values ($1, ${columns.map((_, index) => `$${index + 2}`).join(', ')}) returning ${key}`;
  const many = `${into}
    select $1, ${columns.map(([name]) => `x.${name}`).join(', ')}
      from unnest(${columns.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ')}) as x(${names})
    returning ${key}`;
  return (tenant, rows) => {
    if (rows.length === 1) return { name: `${table}_one`, text: one, values: [tenant, ...rows[0]!] };
    const values = [tenant, ...columns.map((_, index) => rows.map((row) => row[index]))];
    return { name: `${table}_many`, text: many, values };
  };
}
