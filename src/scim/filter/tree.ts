// The shape of a filter (RFC 7644 section 3.4.2.2): first as parsed, then bound to the attributes of a type. Pure.
// `and` and `or` hold all their terms in one node: a chain of 64 is one level deep, not 64.
import type { ResolvedPath } from '../path.ts';
import type { Attribute } from '../schema/attribute.ts';

export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';
export type Literal = string | number | boolean | null;

export type Filter =
  | { readonly op: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly op: 'not'; readonly term: Filter }
  | { readonly op: 'pr'; readonly path: string }
  | { readonly op: Comparison; readonly path: string; readonly value: Literal }
  | { readonly op: 'has'; readonly path: string; readonly filter: Filter };

/** What a test looks at: `leaf` is the attribute compared, `path` how to get there. */
export interface BoundPath extends ResolvedPath {
  readonly attribute: Attribute;
  /** The attribute whose values are compared: `sub` if there is one, else `attribute`. */
  readonly leaf: Attribute;
}

export type BoundFilter =
  | { readonly op: 'and' | 'or'; readonly terms: readonly BoundFilter[] }
  | { readonly op: 'not'; readonly term: BoundFilter }
  | { readonly op: 'pr'; readonly path: BoundPath }
  | { readonly op: Comparison; readonly path: BoundPath; readonly value: Literal }
  | { readonly op: 'has'; readonly path: BoundPath; readonly filter: ElementFilter }
  /** True of no resource of the type. */
  | typeof nothing;

/** What is asked of an attribute that the type does not have. */
export const nothing = { op: 'nothing' } as const;

/** A filter over the elements of one attribute: its paths are sub-attributes of it. */
export type ElementFilter =
  | { readonly op: 'and' | 'or'; readonly terms: readonly ElementFilter[] }
  | { readonly op: 'not'; readonly term: ElementFilter }
  | { readonly op: 'pr'; readonly leaf: Attribute }
  | { readonly op: Comparison; readonly leaf: Attribute; readonly value: Literal };
