// PATCH on an attribute with one value, simple or complex (RFC 7644 sections 3.5.2.1 to 3.5.2.3). Pure.
// add and replace do the same here: a simple value is set, of a complex one the given sub-attributes are.
import { ScimError } from '../errors.ts';
import { matchesElement } from '../filter/evaluate.ts';
import { isObject, type Json, type JsonObject, sameJson } from '../json.ts';
import { refuseImmutable, setValue, valueAt } from '../read-resource.ts';
import { readValue } from '../read-value.ts';
import type { PatchState, Target } from './apply.ts';
import type { PatchOperation } from './parse.ts';

export function editSingleValued(
  state: PatchState,
  operation: { op: PatchOperation['op']; value: Json },
  target: Target,
): boolean {
  const { attribute, container, path } = target;
  const before = valueAt(state.attributes, container.key, attribute.name);
  if (target.filter && !(before !== undefined && matchesElement(target.filter, before))) {
    if (operation.op === 'remove') return false;
    throw new ScimError('noTarget', `No value of "${attribute.name}" matches the filter of the path.`, path);
  }
  const after = edited(state, operation, target, before);
  refuseImmutable(attribute, before, after, path);
  if (sameJson(before, after)) return false;
  setValue(state.attributes, container.key, attribute.name, after);
  return true;
}

function edited(
  state: PatchState,
  operation: { op: PatchOperation['op']; value: Json },
  target: Target,
  before: Json | undefined,
): Json | undefined {
  const { attribute, sub, path } = target;
  if (sub) {
    const whole: JsonObject = isObject(before) ? { ...before } : {};
    const value = operation.op === 'remove' ? undefined : readValue(sub, operation.value, path, state.notes);
    refuseImmutable(sub, whole[sub.name], value, path);
    if (value === undefined) delete whole[sub.name];
    else whole[sub.name] = value;
    return Object.keys(whole).length > 0 ? whole : undefined;
  }
  if (operation.op === 'remove') return undefined;
  const value = readValue(attribute, operation.value, path, state.notes);
  if (operation.op === 'add' && value === undefined) return before;
  return attribute.type === 'complex' && isObject(before) && isObject(value) ? { ...before, ...value } : value;
}
