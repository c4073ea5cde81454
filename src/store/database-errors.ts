// What a failure of the database means: the server is away, the transaction may be tried again, a constraint says no. Pure.

/** The database cannot be reached or is shutting down: to be answered 503 with Retry-After, never 404. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

function sqlState(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * True when the failure says that the server, not the statement, is at fault (classes 08, 57P0x, 53300, 58000; 25006: it
 * was demoted and only reads now).
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  const code = sqlState(error);
  if (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '53300' ||
    code === '58000' ||
    code === '25006' ||
    networkCodes.has(code)
  ) {
    return true;
  }
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|Query read timeout|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable/.test(
    message,
  );
}

/**
 * True when a prepared statement is not on the server any more (a pooler gave another connection), or its columns have
 * changed since (a migration).
 */
export function isOutdated(error: unknown): boolean {
  const code = sqlState(error);
  // The same code says that something is not supported; the message is in the server's language.
  return code === '26000' || (code === '0A000' && (error as { routine?: string }).routine === 'RevalidateCachedQuery');
}

/**
 * True when running the same transaction again may succeed: serialization failure, deadlock, or a prepared statement that
 * has to be prepared anew.
 */
export function isRetryable(error: unknown): boolean {
  const code = sqlState(error);
  return code === '40001' || code === '40P01' || isOutdated(error);
}

/** True when a statement was only not run because one before it had failed. */
export function isAborted(error: unknown): boolean {
  return sqlState(error) === '25P02';
}

/** True when a statement failed, and with it the transaction it ran in. */
export function isFailedStatement(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(sqlState(error)) || isDatabaseAway(error);
}

/** The name of the violated constraint, also where an engine only mentions it in the message; '' if the error is none. */
export function violatedConstraint(error: unknown): string {
  if (!sqlState(error).startsWith('23')) return '';
  const { constraint, message } = error as { constraint?: string; message?: string };
  return constraint ?? message ?? '';
}

/** What is thrown to callers: the failure itself, or that the database is away. */
export function asAway(error: unknown): unknown {
  if (error instanceof DatabaseAway || !isDatabaseAway(error)) return error;
  return new DatabaseAway('The database cannot be reached.', { cause: error });
}
