// Refusals of the admin APIs as RFC 9457 problem details. An unknown failure is 500 with a request id and never a
// stranger's message; a database that is away is 503, never 404.

import { Refusal } from '../accounts/refusal.ts';
import { SignInError } from '../accounts/sign-in.ts';
import { type ProblemDetails, type ProblemKindName, problemKinds } from '../contract/problem.ts';

export class Problem extends Error {
  override name = 'Problem';
  readonly kind: ProblemKindName;
  readonly facts: Pick<ProblemDetails, 'errors' | 'whoCan'>;
  constructor(kind: ProblemKindName, detail: string, facts: Pick<ProblemDetails, 'errors' | 'whoCan'> = {}) {
    super(detail);
    this.kind = kind;
    this.facts = facts;
  }
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refusal) return new Problem(error.kind, error.message, error.facts);
  if (error instanceof SignInError) {
    if (error.kind !== 'weak-password') return new Problem(error.kind, error.message);
    return new Problem('invalid-request', error.message, { errors: [{ pointer: '/password', detail: error.message }] });
  }
  if (error instanceof Error && error.name === 'DatabaseAway') {
    return new Problem(
      'database-away',
      'The database cannot be reached just now. Look whether the change is there, and try again in a moment.',
    );
  }
  return new Problem('internal', 'Something failed here, and it was written to the log with this request id.');
}

/** @param requestId id in the log, given to the reader as `instance` */
export function renderProblem(error: unknown, requestId: string): Response {
  const problem = asProblem(error);
  const { status, title } = problemKinds[problem.kind];
  const body: ProblemDetails = {
    type: `/problems/${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: requestId,
    ...problem.facts,
  };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 503) headers['retry-after'] = '5';
  return new Response(JSON.stringify(body), { status, headers });
}

/** True when the failure is ours and belongs in the log with its stack. */
export function isOurFault(error: unknown): boolean {
  return asProblem(error).kind === 'internal';
}
