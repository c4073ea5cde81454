// PATCH on an attribute with several values (RFC 7644 sections 3.5.2.1 to 3.5.2.3): whole, by value filter, by
// sub-attribute. Pure.
// A remove that carries values removes those and no others: the RFC has no such form, clients do, and taking it for
// "remove all" would lose the rest. When a value becomes primary, the others cease to be (section 3.5.2).
import { comparable } from '../comparable.ts';
import { ScimError } from '../errors.ts';
import { matchesElement } from '../filter/evaluate.ts';
import type { ElementFilter } from '../filter/tree.ts';
import { isObject, type Json, type JsonObject, sameJson } from '../json.ts';
import { setValue, valueAt } from '../read-resource.ts';
import { readElement, readValue, refuseTwoPrimaries } from '../read-value.ts';
import { type Attribute, subAttribute } from '../schema/attribute.ts';
import type { PatchState, Target } from './apply.ts';
import type { PatchOperation } from './parse.ts';

type Edit = { readonly op: PatchOperation['op']; readonly value: Json };

export function editMultiValued(state: PatchState, operation: Edit, target: Target): boolean {
  const { attribute, container, path } = target;
  const stored = valueAt(state.attributes, container.key, attribute.name);
  const before = Array.isArray(stored) ? stored : [];
  const after =
    target.filter || target.sub
      ? editSome(state, operation, target, before)
      : editAll(state, operation, target, before);
  const handedOver = handOverPrimary(before, after);
  refuseTwoPrimaries(handedOver, path);
  if (sameJson(before, handedOver)) return false;
  if (attribute.required && handedOver.length === 0) {
    throw new ScimError('mutability', `"${path}" is required and cannot be removed.`, path);
  }
  setValue(state.attributes, container.key, attribute.name, handedOver.length > 0 ? handedOver : undefined);
  return true;
}

function editAll(state: PatchState, operation: Edit, target: Target, before: readonly Json[]): Json[] {
  const { attribute } = target;
  if (operation.op === 'remove' && operation.value === null) return [];
  const given = readElements(state, operation.value, target);
  if (operation.op === 'replace') return given;
  if (operation.op === 'remove')
    return before.filter((element) => !given.some((value) => covers(attribute, value, element)));
  const after = [...before];
  for (const value of given) {
    const at = after.findIndex((element) => sameValue(attribute, element, value));
    const there = after[at];
    if (at < 0) after.push(value);
    else if (isObject(there) && isObject(value)) after[at] = { ...there, ...value };
  }
  return after;
}

function readElements(state: PatchState, value: Json, target: Target): Json[] {
  const read = readValue(target.attribute, Array.isArray(value) ? value : [value], target.path, state.notes);
  return Array.isArray(read) ? read : [];
}

function editSome(state: PatchState, operation: Edit, target: Target, before: readonly Json[]): Json[] {
  const { attribute, filter, sub } = target;
  const selected = before.map((element) => !filter || matchesElement(filter, element));
  if (filter) refuseUnlessOne(state, target, selected.filter(Boolean).length);
  if (operation.op === 'remove') {
    if (!sub) return before.filter((_, index) => !selected[index]);
    return before.flatMap((element, index) => (selected[index] ? withSub(element, sub, undefined) : [element]));
  }
  if (!selected.includes(true)) return [...before, created(state, operation, target)];
  const value = sub
    ? readValue(sub, operation.value, target.path, state.notes)
    : readElement(attribute, operation.value, target.path, state.notes);
  return before.flatMap((element, index) => {
    if (!selected[index]) return [element];
    if (sub) return withSub(element, sub, value);
    if (operation.op === 'add' && isObject(element) && isObject(value)) return [{ ...element, ...value }];
    return value === undefined ? [] : [value];
  });
}

function withSub(element: Json, sub: Attribute, value: Json | undefined): Json[] {
  const next: JsonObject = isObject(element) ? { ...element } : {};
  if (sub.mutability === 'immutable' && Object.hasOwn(next, sub.name) && !sameJson(next[sub.name], value)) {
    throw new ScimError('mutability', `"${sub.name}" cannot be changed once it has a value.`, sub.name);
  }
  if (value === undefined) delete next[sub.name];
  else next[sub.name] = value;
  return Object.keys(next).length > 0 ? [next] : [];
}

function refuseUnlessOne(state: PatchState, { attribute, path }: Target, found: number): void {
  if (state.options.absentValuePath !== 'one' || found === 1) return;
  const many = found === 0 ? 'no value' : `${found} values`;
  throw new ScimError(
    'invalidFilter',
    `The filter of the path must match one value of "${attribute.name}"; it matches ${many}.`,
    path,
  );
}

/** Nothing matched: a value made of the facts the filter states, where the client counts on that; else noTarget. */
function created(state: PatchState, operation: Edit, target: Target): Json {
  const { attribute, filter, sub, path } = target;
  if (filter && state.options.absentValuePath !== 'create') {
    throw new ScimError('noTarget', `No value of "${attribute.name}" matches the filter of the path.`, path);
  }
  const given: Json = sub ? { [sub.name]: operation.value } : operation.value;
  if (!isObject(given)) throw new ScimError('invalidValue', `"${path}" must be an object with sub-attributes.`, path);
  const element = readElement(attribute, { ...(filter ? facts(filter) : {}), ...given }, path, state.notes);
  if (element === undefined) throw new ScimError('noTarget', `The operation gives "${path}" no value.`, path);
  // What the filter does not describe (by "or", "sw") would be a value of this one sub-attribute, and in nobody's path.
  if (filter && sub && !matchesElement(filter, element)) {
    throw new ScimError(
      'noTarget',
      `No value of "${attribute.name}" matches the filter of the path, nor would one that the operation could make.`,
      path,
    );
  }
  return element;
}

function facts(filter: ElementFilter): JsonObject {
  if (filter.op === 'eq') return { [filter.leaf.name]: filter.value };
  return filter.op === 'and' ? Object.assign({}, ...filter.terms.map(facts)) : {};
}

/** The same value of a multi-valued attribute: the same `value` and `type`, or alike as a whole where there is no value. */
function sameValue(attribute: Attribute, left: Json, right: Json): boolean {
  if (!isObject(left) || !isObject(right)) return sameJson(comparable(attribute, left), comparable(attribute, right));
  if (!Object.hasOwn(left, 'value') || !Object.hasOwn(right, 'value')) return sameJson(left, right);
  return sameSub(attribute, left, right, 'value') && sameSub(attribute, left, right, 'type');
}

function sameSub(attribute: Attribute, left: JsonObject, right: JsonObject, name: string): boolean {
  const sub = subAttribute(attribute, name);
  if (!sub) return true;
  return sameJson(comparable(sub, left[name] ?? null), comparable(sub, right[name] ?? null));
}

/** Every sub-attribute that `wanted` states is so in `element`. */
function covers(attribute: Attribute, wanted: Json, element: Json): boolean {
  if (!isObject(wanted) || !isObject(element)) return sameValue(attribute, wanted, element);
  return Object.keys(wanted).every((name) => sameSub(attribute, wanted, element, name));
}

/** If a value became primary that was not, the values that were primary before no longer are. */
function handOverPrimary(before: readonly Json[], after: readonly Json[]): Json[] {
  const was = before.filter(isPrimary);
  const fresh = after.filter((element) => isPrimary(element) && !was.some((old) => sameJson(old, element)));
  if (fresh.length !== 1) return [...after];
  return after.map((element) =>
    isPrimary(element) && element !== fresh[0] ? { ...element, primary: false } : element,
  );
}

function isPrimary(element: Json): element is JsonObject {
  return isObject(element) && element['primary'] === true;
}
