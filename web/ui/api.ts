/*
 * The apps' one way to the server: a route of the contract is called with its parameters, query and body, its answer is
 * parsed by its schema, a failure is thrown as a Problem (RFC 9457). Reach: talks to the own origin.
 * A server that cannot be reached is a Problem too (status 0), so that screens know one kind of failure.
 */
import { z } from 'zod';
import { type ProblemKindName, problemSchema } from '../../src/contract/problem.ts';
import { pathOf, type Route } from '../../src/contract/route.ts';

type LocalKind = 'unreachable' | 'unexpected-answer';
export type ProblemName = ProblemKindName | LocalKind;

export class Problem extends Error {
  readonly kind: ProblemName;
  readonly status: number;
  /** A whole sentence: what happened and what to do. Empty where the server gave none. */
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: readonly { pointer: string; detail: string }[];
  readonly whoCan: readonly string[];

  constructor(status: number, body: unknown) {
    const parsed = problemSchema.partial().safeParse(body);
    const said = parsed.success ? parsed.data : {};
    super(said.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.kind = (said.type?.split('/').at(-1) ?? 'internal') as ProblemName;
    this.status = status;
    this.detail = said.detail ?? '';
    this.requestId = said.instance;
    this.errors = said.errors ?? [];
    this.whoCan = said.whoCan ?? [];
  }
}

function localProblem(kind: LocalKind, status: number, detail = ''): Problem {
  return new Problem(status, { type: `/problems/${kind}`, detail });
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem;
}

type BodyOf<R extends Route> = R['body'] extends z.ZodType
  ? { readonly body: z.input<R['body']> }
  : { readonly body?: never };
type QueryOf<R extends Route> = R['query'] extends z.ZodType
  ? { readonly query?: Partial<z.input<R['query']>> }
  : { readonly query?: never };
export type AnswerOf<R extends Route> = R['answer'] extends z.ZodType ? z.output<R['answer']> : undefined;
interface PathParameters {
  readonly params?: Record<string, string>;
}
export type CallOf<R extends Route> = BodyOf<R> & QueryOf<R> & PathParameters & { readonly signal?: AbortSignal };
/** The call object may be left out where the route wants no body. */
export type CallArguments<R extends Route> = R['body'] extends z.ZodType ? [call: CallOf<R>] : [call?: CallOf<R>];

interface AnyCall extends PathParameters {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
}

function searchOf(query: AnyCall['query']): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function send(route: Route, call: AnyCall): Promise<Response> {
  const init: RequestInit = {
    method: route.method,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    credentials: 'same-origin',
    redirect: 'error',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
  try {
    return await fetch(pathOf(route, call.params) + searchOf(call.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw localProblem('unreachable', 0);
  }
}

/** Calls a route once. Throws a Problem, also when the answer is not what the contract promises. */
export async function callRoute<R extends Route>(route: R, ...[call]: CallArguments<R>): Promise<AnswerOf<R>> {
  const response = await send(route, call ?? {});
  const body = await readJson(response);
  if (!response.ok) throw new Problem(response.status, body);
  if (route.answer === undefined) return undefined as AnswerOf<R>;
  const parsed = route.answer.safeParse(body);
  if (parsed.success) return parsed.data as AnswerOf<R>;
  throw localProblem('unexpected-answer', response.status, z.prettifyError(parsed.error));
}
