// The rewrites every tolerant profile makes, in their order: URNs, then shapes, then values. Pure.
import type { NormalizedRequest, ParsedRequest } from '../../scim/handler/profile.ts';
import { isObject, type Json } from '../../scim/json.ts';
import { rewritePatch } from './patch.ts';
import type { Rewriting } from './rewriting.ts';
import { rewriteUrns } from './urns.ts';
import { rewriteResource } from './values.ts';

export function rewriteRequest(
  request: ParsedRequest,
  options: Pick<NormalizedRequest, 'keepAbsent' | 'absentValuePath'>,
): NormalizedRequest {
  const { type, body, query } = request;
  if (!type || body === undefined) return { ...options, query, rewrites: [] };
  const rewriting: Rewriting = { type, notes: new Set() };
  const rewritten = rewriteBody(rewriting, request, body);
  return { ...options, query, body: rewritten, rewrites: [...rewriting.notes] };
}

function rewriteBody(rewriting: Rewriting, request: ParsedRequest, body: Json): Json {
  if (!isObject(body)) return body;
  if (request.operation === 'patch') return rewritePatch(rewriting, body);
  return rewriteResource(rewriting, rewriteUrns(rewriting, body));
}
