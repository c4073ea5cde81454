// How commands answer: a table or a sentence for people, JSON for programs, and exit codes that scripts can rely on.

import { Refusal } from '../accounts/refusal.ts';

/** 0 ok, 1 failed, 2 usage, 3 auth, 4 not found, 5 conflict, 6 remote down. */
export const exitCodes = { failed: 1, usage: 2, auth: 3, 'not-found': 4, conflict: 5, 'remote-down': 6 } as const;

export class CommandFailure extends Error {
  override name = 'CommandFailure';
  readonly kind: keyof typeof exitCodes;
  constructor(kind: keyof typeof exitCodes, message: string) {
    super(message);
    this.kind = kind;
  }
}

function kindOf(error: Error): keyof typeof exitCodes {
  if (error instanceof CommandFailure) return error.kind;
  if (error instanceof Refusal) {
    if (error.kind === 'not-found' || error.kind === 'conflict') return error.kind;
    if (error.kind === 'not-allowed') return 'auth';
    if (error.kind === 'invalid-request') return 'usage';
    if (error.kind === 'remote-failed') return 'remote-down';
  }
  return error.name === 'DatabaseAway' ? 'remote-down' : 'failed';
}

/** Says what went wrong in one sentence and returns the exit code. */
export function report(error: Error, json: boolean): number {
  const kind = kindOf(error);
  if (json) console.error(JSON.stringify({ error: kind, detail: error.message }));
  else console.error(error.message);
  if (process.env['LOG_LEVEL'] === 'debug') console.error(error.stack);
  return exitCodes[kind];
}

/** Prints rows as JSON or as aligned columns. */
export function printRows(rows: Record<string, unknown>[], json: boolean, empty: string): void {
  if (json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const [first] = rows;
  if (!first) {
    console.log(empty);
    return;
  }
  const columns = Object.keys(first);
  const text = (value: unknown) =>
    value === null || value === undefined ? '-' : Array.isArray(value) ? value.join(', ') || '-' : String(value);
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => text(row[column]).length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  console.log(line(columns));
  for (const row of rows) console.log(line(columns.map((column) => text(row[column]))));
}
