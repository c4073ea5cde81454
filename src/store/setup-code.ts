// The code printed on the console with which the first admin of an empty end is made (A15). Talks to: Postgres.
// It lives one hour and is used once, by whoever is first.

import { digestOf } from '../secrets/digest.ts';
import type { End } from './accounts.ts';
import type { Queryable } from './database.ts';

const lifetimeMs = 3_600_000;

function spell(code: string): string {
  return code.toUpperCase().replace(/[^A-Z2-7]/g, '');
}

/** Keeps a new code; earlier ones end. @param code as printed, in any grouping */
export async function keepSetupCode(end: End, control: Queryable, code: string, at: Date): Promise<void> {
  await control.query(`delete from control.${end}_setup_code`);
  await control.query(`insert into control.${end}_setup_code (digest, expires_at) values ($1, $2)`, [
    digestOf(spell(code)),
    new Date(at.getTime() + lifetimeMs),
  ]);
}

/** True for the first caller with a code that is alive. */
export async function useSetupCode(end: End, control: Queryable, code: string, at: Date): Promise<boolean> {
  const used = await control.query(
    `update control.${end}_setup_code set used_at = $2 where digest = $1 and used_at is null and expires_at > $2 returning digest`,
    [digestOf(spell(code)), at],
  );
  return used.length === 1;
}

/** True when the end has no workspace or organization yet. */
export async function isEmptyEnd(end: End, control: Queryable): Promise<boolean> {
  const rows = await control.query(
    `select slug from control.${end === 'workspace' ? 'workspace' : 'organization'} limit 1`,
  );
  return rows.length === 0;
}
