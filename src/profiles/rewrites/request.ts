// The rewrites every tolerant profile makes, in their order: filter text, then URNs, shapes and values of a body. Pure.
import type { NormalizedRequest, ParsedRequest } from '../../scim/handler/profile.ts';
import type { Query } from '../../scim/handler/query.ts';
import { isObject, type Json } from '../../scim/json.ts';
import { rewriteFilter } from './filter.ts';
import { rewriteKeys } from './keys.ts';
import { rewritePatch } from './patch.ts';
import type { Habits, Rewriting } from './rewriting.ts';
import { rewriteUrns } from './urns.ts';
import { rewriteResource } from './values.ts';

export function rewriteRequest(request: ParsedRequest, habits: Habits): NormalizedRequest {
  const { type, body } = request;
  const { keepAbsent, absentValuePath } = habits;
  const common = { keepAbsent, absentValuePath, query: request.query };
  if (!type) return { ...common, ...(body === undefined ? {} : { body }), rewrites: [] };
  const rewriting: Rewriting = { type, habits, notes: new Set() };
  const query = rewriteQuery(rewriting, request.query);
  const rewritten = body === undefined ? {} : { body: rewriteBody(rewriting, request, body) };
  return { ...common, query, ...rewritten, rewrites: [...rewriting.notes] };
}

function rewriteQuery(rewriting: Rewriting, query: Query): Query {
  const filter = query.get('filter');
  return filter ? new Map([...query, ['filter', rewriteFilter(rewriting, filter)]]) : query;
}

function rewriteBody(rewriting: Rewriting, request: ParsedRequest, body: Json): Json {
  if (!isObject(body)) return body;
  if (request.operation === 'patch') return rewritePatch(rewriting, body);
  return rewriteResource(rewriting, rewriteKeys(rewriting, rewriteUrns(rewriting, body)));
}
