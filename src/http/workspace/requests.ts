// The request log, for its screen: each request a sentence, with what changed, what was rewritten, and both bodies.

import type { workspaceRoutes } from '../../contract/workspace.ts';
import { registeredTypes } from '../../scim/schema/registered.ts';
import type { LoggedRequest, LoggedRequestWhole } from '../../service-provider/scim/request-log.ts';
import { attributeWords, outcomeOf, sentenceOf, shortValue } from '../../service-provider/scim/sentence.ts';
import type { Handlers } from '../api.ts';
import { Problem } from '../problem.ts';
import type { WorkspaceApiPorts } from './ports.ts';

type Part = Pick<Handlers<typeof workspaceRoutes>, 'requests' | 'request'>;

/** A request's sentence, in the parts a screen sets differently. */
export function tell(request: LoggedRequest) {
  const { client, remoteAddress, tokenHint, facts } = request;
  return [
    ...sentenceOf({ client, remoteAddress, facts, ...(tokenHint === null ? {} : { tokenHint }) }, registeredTypes),
  ];
}

function toRow(request: LoggedRequest) {
  const { id, at, method, path, status, durationMs, client } = request;
  return {
    id,
    at,
    method,
    path,
    status,
    client,
    durationMs: Math.round(durationMs * 10) / 10,
    sentence: tell(request),
    outcome: outcomeOf(request.facts),
  };
}

function changesOf({ facts }: LoggedRequest) {
  const values = facts.changes.map(({ path, before, after }) => ({
    attribute: attributeWords(path),
    before: before === undefined ? null : shortValue(before),
    after: after === undefined ? null : shortValue(after),
  }));
  const references = facts.references.map(({ path, added, removed, pending }) => ({
    attribute: attributeWords(path),
    before: removed.length > 0 ? removed.join(', ') : null,
    after: [...added, ...pending.map((value) => `${value} (not here yet)`)].join(', ') || null,
  }));
  return [...values, ...references];
}

function toDetail(request: LoggedRequestWhole) {
  const { facts } = request;
  const isPerson = facts.resourceType === 'User' && facts.resourceId !== undefined;
  return {
    ...toRow(request),
    path: request.query === null ? request.path : `${request.path}?${request.query}`,
    changes: changesOf(request),
    operations: facts.outcomes.map((outcome) => ({
      outcome: outcome.outcome,
      operation: [outcome.op, outcome.path].filter(Boolean).join(' '),
      why: outcome.detail ?? null,
    })),
    bulk: facts.bulk ? { request: facts.bulk.request, operation: facts.bulk.operation + 1 } : null,
    bulkOperations: facts.operations ?? null,
    rewrites: [
      ...facts.rewrites,
      ...facts.ignored.map(
        (path) => `${path} is not an attribute this workspace has, or not one a client may set. It was ignored.`,
      ),
    ],
    matchedBy: facts.matchedBy ?? null,
    tokenHint: request.tokenHint,
    address: request.remoteAddress,
    agent: request.userAgent,
    requestBody: request.requestBody,
    responseBody: request.responseBody,
    person: isPerson ? { id: facts.resourceId ?? '', name: facts.label ?? '' } : null,
  };
}

export function requestHandlers(ports: WorkspaceApiPorts): Part {
  return {
    async requests({ account, query }) {
      const { result, before, ...rest } = query;
      const [page, connection] = await Promise.all([
        ports.requestLog.list(account.tenant, {
          ...rest,
          ...(result ? { result } : {}),
          ...(before ? { before } : {}),
        }),
        ports.store.scimConnection(account.tenant),
      ]);
      const statistics = connection && (await ports.requestLog.statistics(account.tenant, connection.id, ports.now()));
      return {
        requests: page.requests.map(toRow),
        hasMore: page.hasMore,
        last: statistics?.last ?? null,
        byHour: statistics ? [...statistics.byHour] : [],
      };
    },
    async request({ account, parameters }) {
      const request = await ports.requestLog.one(account.tenant, parameters['id'] ?? '');
      if (!request) throw new Problem('not-found', 'There is no request with this id.');
      return toDetail(request);
    },
  };
}
