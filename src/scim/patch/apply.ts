// Applies PATCH operations to the attributes of one resource (RFC 7644 section 3.5.2): atomic, each operation with an
// outcome. Pure; the resource given is not changed.
// Reference attributes (members, manager) are not in the resource: their operations become deltas, and whether those
// change anything is settled when the store has applied them.
import { ScimError } from '../errors.ts';
import { bindElementFilter } from '../filter/bind.ts';
import { parseValuePath } from '../filter/parse.ts';
import type { ElementFilter } from '../filter/tree.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { formatPath, placed, type ResolvedPath, resolvePath, unknownPath } from '../path.ts';
import { requireAttributes } from '../read-resource.ts';
import { ignore, type Notes, newNotes } from '../read-value.ts';
import { namedValues, type ReferenceDelta, type ReferenceReport, readReferences } from '../references.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { editMultiValued } from './multi-valued.ts';
import type { PatchOperation } from './parse.ts';
import { editSingleValued } from './single-valued.ts';

export interface OperationOutcome {
  readonly op: PatchOperation['op'];
  readonly path: string;
  readonly outcome: 'applied' | 'unchanged' | 'pending' | 'refused';
  readonly detail?: string;
}

export interface PatchOptions {
  /**
   * What add and replace do when the filter of a value path matches nothing: noTarget, or a new value from its facts.
   * `one` asks more: the filter of any operation must match one value and no other, else invalidFilter.
   */
  readonly absentValuePath: 'refuse' | 'create' | 'one';
}

export interface PatchResult {
  readonly attributes: JsonObject;
  readonly deltas: readonly ReferenceDelta[];
  readonly outcomes: readonly OperationOutcome[];
  readonly ignored: readonly string[];
}

/** Refused as a whole; says what became of each operation up to the one that was refused. */
export class PatchRefusal extends ScimError {
  readonly outcomes: readonly OperationOutcome[];

  constructor(cause: ScimError, outcomes: readonly OperationOutcome[]) {
    super(cause.kind, cause.message, cause.path);
    this.outcomes = outcomes;
  }
}

/** Where one operation works. */
export interface Target extends ResolvedPath {
  readonly attribute: Attribute;
  readonly path: string;
  readonly filter?: ElementFilter;
}

export interface PatchState {
  readonly type: ResourceType;
  readonly id: string;
  readonly attributes: JsonObject;
  readonly deltas: ReferenceDelta[];
  readonly notes: Notes;
  readonly options: PatchOptions;
}

export function applyPatch(
  type: ResourceType,
  current: { id: string; attributes: JsonObject },
  operations: readonly PatchOperation[],
  options: PatchOptions,
): PatchResult {
  const attributes = structuredClone(current.attributes);
  const state: PatchState = { type, id: current.id, attributes, deltas: [], notes: newNotes(), options };
  const outcomes: OperationOutcome[] = [];
  for (const [index, operation] of operations.entries()) {
    const path = operation.path ?? '';
    try {
      const changed = applyOperation(state, operation, index);
      outcomes.push({ op: operation.op, path, outcome: changed ? 'applied' : 'unchanged' });
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      const refused: OperationOutcome = { op: operation.op, path, outcome: 'refused', detail: error.message };
      throw new PatchRefusal(error, [...outcomes, refused]);
    }
  }
  try {
    requireAttributes(type, attributes);
  } catch (error) {
    throw error instanceof ScimError ? new PatchRefusal(error, outcomes) : error;
  }
  return { attributes, deltas: state.deltas, outcomes, ignored: state.notes.ignored };
}

/** Completes the outcomes once the store has applied the deltas; `reports` are in the order of the deltas. */
export function settleOutcomes(result: PatchResult, reports: readonly ReferenceReport[]): OperationOutcome[] {
  return result.outcomes.map((outcome, index) => {
    const own = reports.filter((_, at) => result.deltas[at]?.operation === index);
    if (own.length === 0) return outcome;
    const pending = own.flatMap((report) => report.pending);
    if (pending.length > 0) return { ...outcome, outcome: 'pending', detail: waiting(pending) };
    const changed = own.some((report) => report.changed);
    return changed ? { ...outcome, outcome: 'applied' } : outcome;
  });
}

function waiting(pending: readonly string[]): string {
  const named = pending.slice(0, 5).map((value) => `"${value}"`);
  return `${named.join(', ')}${pending.length > 5 ? ` and ${pending.length - 5} more` : ''} not here yet; stored, and joined on arrival.`;
}

function applyOperation(state: PatchState, operation: PatchOperation, index: number): boolean {
  const { path, value } = operation;
  if (path === undefined) {
    if (operation.op === 'remove') throw new ScimError('noTarget', 'A remove operation needs a path.');
    return applyMany(state, operation, index, '');
  }
  const parts = parseValuePath(path);
  const resolved = resolvePath(state.type, parts.sub && !parts.filter ? `${parts.path}.${parts.sub}` : parts.path);
  if (!resolved) throw unknownPath(state.type, path);
  if (!resolved.attribute) return applyContainer(state, operation, index, resolved);
  return applyTarget(state, { ...operation, value: value ?? null }, index, target(state.type, resolved, parts));
}

function target(type: ResourceType, resolved: ResolvedPath, parts: ReturnType<typeof parseValuePath>): Target {
  const attribute = resolved.attribute!;
  if (!parts.filter) return { ...resolved, attribute, path: formatPath(resolved) };
  if (resolved.sub || !attribute.subAttributes) {
    const path = parts.path.slice(0, 200);
    throw new ScimError('invalidPath', `"${path}" has no values to select in brackets.`, path);
  }
  const filter = bindElementFilter(attribute, parts.filter);
  if (!parts.sub) return { ...resolved, attribute, filter, path: formatPath(resolved) };
  const sub = attribute.subAttributes.find((each) => each.name.toLowerCase() === parts.sub!.toLowerCase());
  if (!sub) throw unknownPath(type, `${parts.path}.${parts.sub}`);
  return { ...resolved, attribute, filter, sub, path: formatPath({ ...resolved, sub }) };
}

/** No path: "the value is a set of one or more attributes" (section 3.5.2.1); `prefix` is an extension's URN. */
function applyMany(state: PatchState, operation: PatchOperation, index: number, prefix: string): boolean {
  if (!isObject(operation.value))
    throw new ScimError('invalidValue', 'An operation without a path needs an object as its value.');
  let changed = false;
  for (const [key, value] of Object.entries(operation.value)) {
    const resolved = resolvePath(state.type, prefix ? `${prefix}:${key}` : key);
    if (!resolved || resolved.attribute?.name === 'schemas') {
      ignore(state.notes, prefix ? `${prefix}:${key}` : key);
    } else if (!resolved.attribute) {
      changed = applyContainer(state, { ...operation, value }, index, resolved) || changed;
    } else {
      const { attribute } = resolved;
      const each = { ...resolved, attribute, path: formatPath(resolved) };
      changed = applyTarget(state, { ...operation, value }, index, each) || changed;
    }
  }
  return changed;
}

function applyContainer(state: PatchState, operation: PatchOperation, index: number, resolved: ResolvedPath): boolean {
  const { container } = resolved;
  if (operation.op !== 'remove' && operation.value !== null)
    return applyMany(state, operation, index, container.schema.id);
  if (container.key === '')
    throw new ScimError('noTarget', 'The attributes of the core schema cannot be removed all at once.');
  let changed = false;
  for (const attribute of container.attributes.values()) {
    const each = { container, attribute, path: formatPath({ container, attribute }) };
    changed = applyTarget(state, { op: 'remove', value: null }, index, each) || changed;
  }
  return changed;
}

function applyTarget(state: PatchState, operation: PatchOperation, index: number, target: Target): boolean {
  const { attribute, sub } = target;
  const value = operation.value ?? null;
  if (attribute.name === 'id' && value === state.id) return false;
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {
    throw new ScimError('mutability', `"${target.path}" is read only.`, target.path);
  }
  if (attribute.mutability === 'writeOnly') {
    ignore(state.notes, target.path);
    return false;
  }
  if (attribute.storedAs) return applyReferences(state, operation, index, target);
  // null is no value (RFC 7643 section 2.5): clients clear an attribute with it, but nothing added to several is nothing.
  if (operation.op === 'add' && value === null && attribute.multiValued && !sub && !target.filter) return false;
  const op = value === null ? 'remove' : operation.op;
  // Of several values some may go, as long as one is left.
  const takesAll = op === 'remove' && !sub && !target.filter && !(attribute.multiValued && value !== null);
  if (takesAll && attribute.required) {
    throw new ScimError('mutability', `"${target.path}" is required and cannot be removed.`, target.path);
  }
  const edit = attribute.multiValued ? editMultiValued : editSingleValued;
  return edit(state, { op, value }, target);
}

/** Always "unchanged" here: the store knows better, see settleOutcomes. */
function applyReferences(state: PatchState, operation: PatchOperation, index: number, target: Target): false {
  const { attribute, sub, filter } = target;
  const common = { operation: index, attribute: placed(target) };
  const value = operation.value ?? null;
  if (filter && !sub && operation.op === 'remove') {
    const named = namedValues(filter);
    state.deltas.push(
      named
        ? { ...common, change: 'remove', values: named.map((each) => ({ value: each })) }
        : { ...common, change: 'removeWhere', where: filter },
    );
    return false;
  }
  if (filter || (sub && (attribute.multiValued || sub.name !== 'value'))) {
    throw new ScimError(
      'mutability',
      `The values of "${attribute.name}" are added and removed, not edited.`,
      target.path,
    );
  }
  const given = sub && value !== null ? { [sub.name]: value } : value;
  state.deltas.push(referenceDelta(state, { op: operation.op, value: given }, target, common));
  return false;
}

function referenceDelta(
  state: PatchState,
  operation: { op: PatchOperation['op']; value: Json },
  target: Target,
  common: Pick<ReferenceDelta, 'operation' | 'attribute'>,
): ReferenceDelta {
  const { attribute } = target;
  const { op, value } = operation;
  if (value === null && op === 'add' && attribute.multiValued) return { ...common, change: 'add', values: [] };
  if (value === null) return { ...common, change: 'replace', values: [] };
  const list = attribute.multiValued && !Array.isArray(value) ? [value] : value;
  const values = readReferences(attribute, list, target.path, state.notes);
  if (op === 'remove') return { ...common, change: 'remove', values };
  return { ...common, change: attribute.multiValued ? op : 'replace', values };
}
