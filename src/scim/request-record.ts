// One request as it is remembered: who, what, what became of it. The facts from which its sentence, the diff and the
// request log are made. Pure.
// Bodies are kept with secrets already masked; a store never sees the clear ones.
import type { ErrorName } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { OperationOutcome } from './patch/apply.ts';

export type ScimOperation =
  | 'list'
  | 'search'
  | 'read'
  | 'create'
  | 'replace'
  | 'patch'
  | 'delete'
  | 'bulk'
  | 'discover'
  | 'unknown';

export interface AttributeChange {
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

/**
 * What happened to one row-stored attribute: how many, and the first hundred by name (by the value as sent where the
 * other resource is not known).
 */
export interface ReferenceChange {
  readonly path: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly pending: readonly string[];
  readonly counts: { readonly added: number; readonly removed: number; readonly pending: number };
}

export interface RequestFacts {
  operation: ScimOperation;
  resourceType?: string;
  resourceId?: string;
  /** The name of the resource for people. */
  label?: string;
  /** The bulk request this was an operation of, and which one, from 0. */
  bulk?: { readonly request: string; readonly operation: number };
  /** Of a bulk request itself: how many operations it asked for, and what became of those that were come to. */
  operations?: { readonly asked: number; readonly done: number; readonly refused: number };
  /** For list and search: the filter, and how many it found (absent where nobody counted). */
  filter?: string;
  found?: number;
  /** A resource made by hand was taken over by this request. */
  linked?: boolean;
  matchedBy?: string;
  /** Of a deletion: all that was there. Of other changes `changes` says it, attribute by attribute. */
  before?: JsonObject;
  changes: readonly AttributeChange[];
  references: readonly ReferenceChange[];
  outcomes: readonly OperationOutcome[];
  rewrites: readonly string[];
  ignored: readonly string[];
  /** Why the request was not let in; absent when it was. */
  notLetIn?: 'no token' | 'no token of ours' | 'unknown token' | 'disabled';
  error?: { readonly kind: ErrorName; readonly detail: string; readonly path?: string };
}

/** Facts of which nothing is known yet. */
export const noFacts = {
  operation: 'unknown',
  ...{ changes: [], references: [], outcomes: [], rewrites: [], ignored: [] },
} as const satisfies RequestFacts;

export interface RequestRecord {
  /** UUIDv7. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly token?: string;
  readonly tokenHint?: string;
  /** The client's name, as recognised or pinned. */
  readonly client: string;
  readonly userAgent?: string;
  readonly remoteAddress: string;
  readonly method: string;
  /** As it came, without the query. */
  readonly path: string;
  /** With {id} in place of an id: safe for logs and metrics. */
  readonly pathTemplate: string;
  readonly query?: string;
  readonly requestBody?: string;
  readonly status: number;
  readonly responseBody?: string;
  readonly durationMs: number;
  readonly facts: RequestFacts;
}
