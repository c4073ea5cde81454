// POST, PUT, PATCH and DELETE (RFC 7644 sections 3.3, 3.5, 3.6): each one transaction that ends with the request's own
// record. Pure; works over a ResourceTransaction.
// The work may run twice (another writer was faster), so everything it says about itself is made anew inside.
// First write of a connection to a resource made by hand: it is taken over, and what identifies a person stays as it was.
import { losesAccess } from '../active.ts';
import { changesBetween } from '../changes.ts';
import { ScimError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { applyPatch, type OperationOutcome, type PatchResult, settleOutcomes } from '../patch/apply.ts';
import { parsePatch } from '../patch/parse.ts';
import { locationOf, wanted } from '../project.ts';
import { type ReadResource, readResource, replaceAttributes, requireAttributes } from '../read-resource.ts';
import type { ReferenceDelta } from '../references.ts';
import type { ReferenceChange, RequestFacts } from '../request-record.ts';
import type { Authorship, ResourceTransaction, StoredResource, WriteResult } from '../resource-store.ts';
import { type ResourceType, referenceAttributes } from '../schema/resource-type.ts';
import { sameKey, uniqueKeys } from '../unique-keys.ts';
import { entityTag, isVersion } from '../version.ts';
import { newFacts, notFound, otherVersion, type ReadyExchange, recordOf, type ScimResponse } from './exchange.ts';
import { identity, scopeOf, selectionOf, shown } from './shown.ts';

interface Writing {
  readonly exchange: ReadyExchange;
  readonly type: ResourceType;
  readonly transaction: ResourceTransaction;
  readonly by: Authorship;
  readonly facts: RequestFacts;
}

export function write(exchange: ReadyExchange, type: ResourceType): Promise<ScimResponse> {
  const work = prepareWrite(exchange, type);
  return exchange.ports.store.transact(scopeOf(exchange.caller), work, reachOf(exchange, type));
}

/** Members and whatever else has no bound are references: changes of what has them are about many. */
function reachOf({ route }: ReadyExchange, type: ResourceType): 'one resource' | undefined {
  const isBounded = !referenceAttributes(type).some((placed) => placed.attribute.multiValued);
  return isBounded && ['create', 'patch'].includes(route.operation) ? 'one resource' : undefined;
}

/** What can be refused without looking at a resource is refused here. @returns the rest, to be run in a transaction */
export function prepareWrite(
  exchange: ReadyExchange,
  type: ResourceType,
): (transaction: ResourceTransaction) => Promise<ScimResponse> {
  const { ports, request, route } = exchange;
  const work = { create: prepareCreate, replace: prepareReplace, patch: preparePatch, delete: prepareDelete }[
    route.operation as 'create' | 'replace' | 'patch' | 'delete'
  ](exchange, type);
  return async (transaction) => {
    const by = { record: request.id, at: new Date(ports.clock()).toISOString() };
    const writing: Writing = { exchange, type, transaction, by, facts: newFacts(exchange) };
    const response = await work(writing);
    await transaction.record(recordOf(exchange, writing.facts, response));
    return response;
  };
}

type Work = (writing: Writing) => Promise<ScimResponse>;

function prepareCreate(exchange: ReadyExchange, type: ResourceType): Work {
  const given = readResource(type, exchange.normalized.body ?? null);
  requireAttributes(type, given.attributes);
  const attributes: JsonObject = { ...given.attributes };
  const { activeAttribute } = type;
  if (activeAttribute && !Object.hasOwn(attributes, activeAttribute)) attributes[activeAttribute] = true;
  const keys = uniqueKeys(type, attributes);
  return async (writing) => {
    const { transaction, by, facts } = writing;
    facts.ignored = given.notes.ignored;
    const holders = await transaction.holders(type, keys);
    if (holders.length > 0) return takeOver(writing, given, holderToTakeOver(writing, attributes, holders));
    const deltas = deltasOf(type, given);
    const want = wanted(type, selectionOf(exchange, type));
    const id = exchange.reservedId ?? exchange.ports.newId();
    const result = await transaction.insert({ type, id, attributes, deltas, want }, by);
    facts.changes = changesBetween(type, {}, attributes);
    return respond(writing, { deltas, result, status: 201 });
  };
}

/** The one unmanaged resource this POST means; throws 409 when there is none or more than one. */
function holderToTakeOver(
  writing: Writing,
  attributes: JsonObject,
  holders: readonly StoredResource[],
): StoredResource {
  const { type, exchange } = writing;
  const [first, ...others] = holders;
  if (others.length > 0) {
    throw new ScimError(
      'uniqueness',
      `Several ${type.noun.many} here match this one; an administrator of the workspace has to decide which it is.`,
    );
  }
  const key = uniqueKeys(type, attributes).find((each) =>
    uniqueKeys(type, first!.attributes).some((held) => sameKey(held, each)),
  );
  const name = key?.attribute ?? type.matchAttribute;
  if (first!.managedBy !== null || name !== type.matchAttribute) {
    const whose =
      first!.managedBy === exchange.caller.connection || first!.managedBy === null
        ? ''
        : ', managed by another connection';
    throw new ScimError('uniqueness', `A ${type.noun.one} with this ${name} is here already${whose}.`, name);
  }
  return first!;
}

async function takeOver(writing: Writing, given: ReadResource, held: StoredResource): Promise<ScimResponse> {
  const { type, facts, transaction, exchange } = writing;
  const current = await transaction.lock(type, held.id, wanted(type, selectionOf(exchange, type)));
  if (!current) throw notFound(exchange);
  const attributes = replaceAttributes(type, current.attributes, given, 'all');
  facts.linked = true;
  facts.matchedBy = type.matchAttribute;
  return change(writing, { current, attributes, deltas: deltasOf(type, given), status: 201 });
}

function prepareReplace(exchange: ReadyExchange, type: ResourceType): Work {
  const given = readResource(type, exchange.normalized.body ?? null);
  const keep = exchange.normalized.keepAbsent;
  const deltas = deltasOf(type, given);
  if (keep === 'none') {
    for (const attribute of referenceAttributes(type)) {
      if (!given.references.has(attribute.key)) deltas.push({ operation: 0, attribute, change: 'replace', values: [] });
    }
  }
  return async (writing) => {
    writing.facts.ignored = given.notes.ignored;
    const current = await lockForChange(writing, 200);
    const attributes = replaceAttributes(type, current.attributes, given, keep);
    requireAttributes(type, attributes);
    return change(writing, { current, attributes, deltas, status: 200 });
  };
}

function preparePatch(exchange: ReadyExchange, type: ResourceType): Work {
  const operations = parsePatch(exchange.normalized.body ?? null);
  const { absentValuePath } = exchange.normalized;
  return async (writing) => {
    const status = patchStatus(writing);
    const current = await lockForChange(writing, status);
    const result = applyPatch(type, current, operations, { absentValuePath });
    writing.facts.ignored = result.ignored;
    const { attributes, deltas } = result;
    return change(writing, { current, attributes, deltas, status, patch: result });
  };
}

/** A type whose values can be without number is not read back after each PATCH (RFC 7644 section 3.5.2 allows 204). */
function patchStatus({ exchange, type }: Writing): 200 | 204 {
  const unbounded = referenceAttributes(type).some((placed) => placed.attribute.multiValued);
  return unbounded && selectionOf(exchange, type).mode !== 'attributes' ? 204 : 200;
}

const prepareDelete =
  (_: ReadyExchange, type: ResourceType): Work =>
  async (writing) => {
    const { transaction, by, facts } = writing;
    const current = await lockForChange(writing, 204);
    if (current.managedBy === null) {
      throw new ScimError(
        'forbidden',
        `This ${type.noun.one} was made in the workspace and is not managed by this connection, so it cannot be deleted by it.`,
      );
    }
    await refuseProtected(writing, current);
    await transaction.remove(current, by);
    Object.assign(facts, identity(current), { before: current.attributes });
    return { status: 204, headers: {} };
  };

async function lockForChange(writing: Writing, status: 200 | 204): Promise<StoredResource> {
  const { exchange, type, transaction } = writing;
  const { caller, request, route } = exchange;
  const want = status === 204 ? [] : wanted(type, selectionOf(exchange, type));
  const current = await transaction.lock(type, route.id!, want);
  if (!current) throw notFound(exchange);
  if (current.managedBy !== null && current.managedBy !== caller.connection) {
    throw new ScimError('forbidden', `This ${type.noun.one} is managed by another connection of the workspace.`);
  }
  const { ifMatch, ifNoneMatch } = request;
  const refused =
    (ifMatch !== undefined && !isVersion(ifMatch, current.version)) ||
    (ifNoneMatch !== undefined && isVersion(ifNoneMatch, current.version));
  if (refused) throw otherVersion(type);
  return current;
}

interface Change {
  readonly current: StoredResource;
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
  readonly status: 200 | 201 | 204;
  readonly patch?: PatchResult;
}

async function change(writing: Writing, given: Change): Promise<ScimResponse> {
  const { exchange, type, transaction, by, facts } = writing;
  const { current, deltas, patch } = given;
  const first = current.managedBy === null;
  if (first) facts.linked = true;
  const attributes = first ? withKept(type, current.attributes, given.attributes) : given.attributes;
  if (losesAccess(type, current.attributes, attributes)) await refuseProtected(writing, current);
  await refuseTaken(writing, current, attributes);
  const want = given.status === 204 ? [] : wanted(type, selectionOf(exchange, type));
  const result = await transaction.update({ current, attributes, deltas, want }, by);
  facts.changes = changesBetween(type, current.attributes, attributes);
  if (patch) facts.outcomes = keptOutcomes(writing, first, settleOutcomes(patch, result.reports));
  return respond(writing, { deltas, result, status: given.status });
}

/** On a first write, what identifies the person stays as it was: taking over and renaming at once is how accounts are stolen. */
function withKept(type: ResourceType, current: JsonObject, next: JsonObject): JsonObject {
  const kept = type.keptOnFirstWrite.filter((name) => Object.hasOwn(current, name));
  return { ...next, ...Object.fromEntries(kept.map((name) => [name, current[name]!])) };
}

function keptOutcomes({ type }: Writing, first: boolean, outcomes: readonly OperationOutcome[]): OperationOutcome[] {
  if (!first) return [...outcomes];
  return outcomes.map((outcome) => {
    const name = type.keptOnFirstWrite.find((each) => outcome.path.toLowerCase().startsWith(each.toLowerCase()));
    if (!name || outcome.outcome !== 'applied') return outcome;
    return {
      ...outcome,
      outcome: 'unchanged',
      detail: `The first write to this ${type.noun.one} leaves "${name}" as it was here.`,
    };
  });
}

async function refuseProtected(writing: Writing, current: StoredResource): Promise<void> {
  const reason = await writing.transaction.protection(current);
  if (reason !== undefined) throw new ScimError('forbidden', reason);
}

async function refuseTaken(writing: Writing, current: StoredResource, attributes: JsonObject): Promise<void> {
  const { type, transaction } = writing;
  const held = uniqueKeys(type, current.attributes);
  const fresh = uniqueKeys(type, attributes).filter((key) => !held.some((each) => sameKey(each, key)));
  if (fresh.length === 0) return;
  const others = (await transaction.holders(type, fresh)).filter((each) => each.id !== current.id);
  if (others.length === 0) return;
  const taken = fresh.find((key) =>
    others.some((other) => uniqueKeys(type, other.attributes).some((each) => sameKey(each, key))),
  );
  throw new ScimError(
    'uniqueness',
    `Another ${type.noun.one} has this ${taken?.attribute ?? 'name'} already.`,
    taken?.attribute,
  );
}

function deltasOf(type: ResourceType, given: ReadResource): ReferenceDelta[] {
  return referenceAttributes(type).flatMap((attribute): ReferenceDelta[] => {
    const values = given.references.get(attribute.key);
    return values ? [{ operation: 0, attribute, change: 'replace', values }] : [];
  });
}

interface Written {
  readonly deltas: readonly ReferenceDelta[];
  readonly result: WriteResult;
  readonly status: 200 | 201 | 204;
}

function respond(writing: Writing, written: Written): ScimResponse {
  const { exchange, type, facts } = writing;
  const { resource } = written.result;
  Object.assign(facts, identity(resource));
  facts.references = referenceChanges(written);
  const { caller, request } = exchange;
  const location = locationOf(resource, { types: caller.types, baseUrl: request.baseUrl });
  const headers = { location, etag: entityTag(resource) };
  if (written.status === 204) return { status: 204, headers };
  return { status: written.status, headers, body: shown(exchange, resource, selectionOf(exchange, type)) };
}

const mostNamed = 100;

function referenceChanges({ deltas, result: { reports } }: Written): ReferenceChange[] {
  const byPath = Map.groupBy(reports.keys(), (index) => deltas[index]!.attribute.key);
  return [...byPath].flatMap(([path, indexes]) => {
    const all = (part: 'added' | 'removed' | 'pending') => indexes.flatMap((index) => reports[index]![part]);
    const [added, removed, pending] = [all('added'), all('removed'), all('pending')];
    if (added.length + removed.length + pending.length === 0) return [];
    const counts = { added: added.length, removed: removed.length, pending: pending.length };
    const named = (names: readonly string[]) => names.slice(0, mostNamed);
    return [{ path, added: named(added), removed: named(removed), pending: named(pending), counts }];
  });
}
