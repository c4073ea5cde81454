// What the domains of both ends throw when they refuse an administrator's wish: a kind a program compares, and a whole
// sentence a person can act on. `http` renders it as a problem (RFC 9457) of the same kind. Pure.

export type RefusalKind =
  | 'invalid-request'
  | 'plan-required'
  | 'not-allowed'
  | 'not-found'
  | 'conflict'
  | 'precondition'
  | 'remote-failed';

export interface RefusalFacts {
  /** Fields at fault, by JSON pointer (RFC 6901). */
  errors?: { pointer: string; detail: string }[];
  /** Names of people who may do what the caller may not. */
  whoCan?: string[];
}

export class Refusal extends Error {
  override name = 'Refusal';
  readonly kind: RefusalKind;
  readonly facts: RefusalFacts;
  constructor(kind: RefusalKind, detail: string, facts: RefusalFacts = {}) {
    super(detail);
    this.kind = kind;
    this.facts = facts;
  }
}
