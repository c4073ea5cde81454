// What was checked and how it came out: the vocabulary of every verdict in this folder. Pure.
// The list is closed, so that a screen can have words for each check and a test can name the one that refused.
// A reason quotes what a stranger sent: escape it where it is shown, and never show it to the browser that posted it.

/** In the order in which they are made; the ones up to `certificate` need no key. The last three are of requests. */
export type CheckName =
  | 'size'
  | 'encoding'
  | 'xml'
  | 'markup'
  | 'budget'
  | 'structure'
  | 'ids'
  | 'assertion-count'
  | 'signature-shape'
  | 'transforms'
  | 'algorithm'
  | 'digest'
  | 'certificate'
  | 'signature'
  | 'version'
  | 'status'
  | 'response-issuer'
  | 'assertion-issuer'
  | 'destination'
  | 'in-response-to'
  | 'confirmation'
  | 'recipient'
  | 'audience'
  | 'clock'
  | 'session'
  | 'name-id'
  | 'authn-statement'
  | 'attributes'
  | 'request-issuer'
  | 'acs-url'
  | 'binding';

/**
 * One check: `ok` is the tick or the cross, `sentence` says it in words, the values are given where there are two to
 * compare.
 */
export interface Check {
  readonly check: CheckName;
  readonly ok: boolean;
  readonly sentence: string;
  readonly expected?: string;
  readonly received?: string;
}

/** The failed checks of a verdict. */
export const failed = (checks: readonly Check[]): Check[] => checks.filter(({ ok }) => !ok);

/**
 * Thrown where reading cannot go on (size, markup, structure, algorithms). Caught at the door of each public function.
 */
export class Refusal extends Error {
  readonly reason: Check;

  constructor(check: CheckName, sentence: string, values: { expected?: string; received?: string } = {}) {
    super(sentence);
    this.name = 'Refusal';
    this.reason = { check, ok: false, sentence, ...shortened(values) };
  }
}

const RECEIVED_LIMIT = 200;

/** Values from outside are cut, so that a reason can be stored and shown. */
export function shortened<T extends { expected?: string; received?: string }>(values: T): T {
  const { received } = values;
  if (received === undefined || received.length <= RECEIVED_LIMIT) return values;
  return { ...values, received: `${received.slice(0, RECEIVED_LIMIT)}…` };
}

/** A check that compares two values. */
export function compared(check: CheckName, what: string, expected: string, received: string | undefined): Check {
  const ok = received === expected;
  const sentence = ok ? `${what} is right.` : `${what} is ${received === undefined ? 'missing' : 'another one'}.`;
  return { check, ok, sentence, ...shortened({ expected, received: received ?? '(none)' }) };
}

/**
 * The reason in whatever was thrown: a Refusal's own, a failed `xml` check for anything else. An error is never a
 * pass.
 */
export function refusalOf(error: unknown): Check {
  if (error instanceof Refusal) return error.reason;
  return { check: 'xml', ok: false, sentence: 'The message could not be read.' };
}
