// A model of PATCH on one small resource type, written from RFC 7644 section 3.5.2 as plainly as possible: each rule is a
// few lines over plain values, and nothing of src/scim/patch is used.

import { attribute, plural } from '../../src/scim/schema/attribute.ts';
import { createResourceTypes, type ResourceType } from '../../src/scim/schema/resource-type.ts';

export const extra = 'urn:example:params:scim:schemas:extension:2.0:Device';

export const [device] = createResourceTypes([
  {
    name: 'Device',
    endpoint: 'Devices',
    description: '',
    schema: {
      id: 'urn:example:Device',
      name: 'Device',
      description: '',
      attributes: [
        attribute('title', ''),
        attribute('serial', '', { mutability: 'immutable' }),
        attribute('spot', '', { subAttributes: [attribute('x', ''), attribute('y', '', { mutability: 'immutable' })] }),
        attribute('tags', '', { multiValued: true }),
        plural('mails', '', ['work', 'home']),
      ],
    },
    extensions: [
      { schema: { id: extra, name: 'Extra', description: '', attributes: [attribute('level', '')] }, required: false },
    ],
    noun: { one: 'device', many: 'devices' },
    labels: [['title']],
    matchAttribute: 'title',
    keptOnFirstWrite: [],
  },
]).all as [ResourceType];

export interface Mail {
  value?: string;
  type?: string;
  display?: string;
  primary?: boolean;
}
export interface Device {
  title?: string;
  serial?: string;
  spot?: { x?: string; y?: string };
  tags?: string[];
  mails?: Mail[];
  [extra]?: { level?: string };
}

/** What an operation does, by what it aims at. `kind` is only of those that take a value filter. */
export type Change =
  | { op: 'add' | 'replace' | 'remove'; at: 'title' | 'serial' | 'spot.x' | 'spot.y' | 'level'; value: string | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'spot'; value: { x?: string; y?: string } | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'tags'; value: string[] | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'mails'; value: Mail[] | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'mails[type]'; kind: string; value: Mail | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'mails[type].value'; kind: string; value: string | null }
  | { op: 'add' | 'replace' | 'remove'; at: 'mails.display'; value: string | null };

/** Refused, by the scimType the answer would have. */
export class Refused extends Error {}

const isEmpty = (value: object | undefined | null) => !value || Object.keys(value).length === 0;
const same = (left: unknown, right: unknown) => JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, sorted(each)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
const fold = (text: string | undefined) => text?.toLowerCase();

export function applyToModel(before: Device, change: Change, absent: 'refuse' | 'create'): Device {
  const next = structuredClone(before);
  const { value } = change;
  // Nothing to add to several values; for one value null means that there is none.
  if (change.op === 'add' && value === null && (change.at === 'tags' || change.at === 'mails')) return next;
  const op = value === null ? 'remove' : change.op;
  switch (change.at) {
    case 'title':
      put(next, 'title', op === 'remove' ? null : (value as string | null));
      return next;
    case 'serial':
      if (next.serial !== undefined && (op === 'remove' || value !== next.serial)) throw new Refused('mutability');
      put(next, 'serial', op === 'remove' ? null : (value as string | null));
      return next;
    case 'level':
      put(next, extra, op === 'remove' || value === null ? null : { level: value as string });
      return next;
    case 'spot':
      return spot(next, op, value as Device['spot'] | null);
    case 'spot.x':
    case 'spot.y': {
      const name = change.at === 'spot.x' ? 'x' : 'y';
      const given = op === 'remove' ? null : (value as string | null);
      if (name === 'y' && next.spot?.y !== undefined && given !== next.spot.y) throw new Refused('mutability');
      const whole = { ...next.spot };
      put(whole, name, given);
      put(next, 'spot', isEmpty(whole) ? null : whole);
      return next;
    }
    case 'tags':
      put(next, 'tags', some(tags(next.tags ?? [], op, value as string[] | null)));
      return next;
    default:
      put(next, 'mails', some(mails(next.mails ?? [], { ...change, op } as Change, absent)));
      return next;
  }
}

function put<T extends object, K extends keyof T>(target: T, name: K, value: T[K] | null): void {
  if (value === null || value === undefined) delete target[name];
  else target[name] = value;
}

function some<T>(values: T[]): T[] | null {
  return values.length > 0 ? values : null;
}

function spot(next: Device, op: Change['op'], value: Device['spot'] | null): Device {
  if (op === 'remove') put(next, 'spot', null);
  else if (isEmpty(value)) put(next, 'spot', op === 'add' ? (next.spot ?? null) : null);
  else put(next, 'spot', { ...next.spot, ...value });
  return next;
}

function tags(before: string[], op: Change['op'], value: string[] | null): string[] {
  const given = value ?? [];
  const among = (list: string[], tag: string) => list.some((each) => fold(each) === fold(tag));
  if (op === 'replace') return given;
  if (op === 'remove') return value === null ? [] : before.filter((tag) => !among(given, tag));
  const all = [...before];
  for (const tag of given) if (!among(all, tag)) all.push(tag);
  return all;
}

function mails(before: Mail[], change: Change, absent: 'refuse' | 'create'): Mail[] {
  const after = changed(before, change, absent).filter((each) => !isEmpty(each));
  const was = before.filter((each) => each.primary === true);
  const fresh = after.filter((each) => each.primary === true && !was.some((old) => same(old, each)));
  const handed =
    fresh.length === 1
      ? after.map((each) => (each.primary && each !== fresh[0] ? { ...each, primary: false } : each))
      : after;
  if (handed.filter((each) => each.primary === true).length > 1) throw new Refused('invalidValue');
  return handed;
}

function changed(before: Mail[], change: Change, absent: 'refuse' | 'create'): Mail[] {
  const { op, value } = change;
  switch (change.at) {
    case 'mails':
      return wholeMails(before, op, value as Mail[] | null);
    case 'mails.display':
      if (op === 'remove' || value === null) return before.map(({ display: _, ...rest }) => rest);
      return before.length === 0
        ? [{ display: value as string }]
        : before.map((each) => ({ ...each, display: value as string }));
    case 'mails[type]': {
      const hits = (each: Mail) => fold(each.type) === fold(change.kind);
      if (op === 'remove' || value === null) return before.filter((each) => !hits(each));
      const given = value as Mail;
      if (!before.some(hits)) return [...before, made(change.kind, given, absent)];
      return before.map((each) => (!hits(each) ? each : op === 'add' ? { ...each, ...given } : given));
    }
    case 'mails[type].value': {
      const hits = (each: Mail) => fold(each.type) === fold(change.kind);
      if (op === 'remove' || value === null)
        return before.map((each) => (hits(each) ? (({ value: _, ...rest }) => rest)(each) : each));
      if (!before.some(hits)) return [...before, made(change.kind, { value: value as string }, absent)];
      return before.map((each) => (hits(each) ? { ...each, value: value as string } : each));
    }
    default:
      throw new Error(change.at);
  }
}

function made(kind: string, given: Mail, absent: 'refuse' | 'create'): Mail {
  if (absent === 'refuse') throw new Refused('noTarget');
  return { type: kind, ...given };
}

function wholeMails(before: Mail[], op: Change['op'], value: Mail[] | null): Mail[] {
  const given = (value ?? []).filter((each) => !isEmpty(each));
  if (given.filter((each) => each.primary === true).length > 1) throw new Refused('invalidValue');
  if (op === 'replace') return given;
  const states = (wanted: Mail, each: Mail) =>
    (Object.keys(wanted) as (keyof Mail)[]).every((name) =>
      name === 'primary' ? each[name] === wanted[name] : fold(each[name]) === fold(wanted[name]),
    );
  if (op === 'remove')
    return value === null ? [] : before.filter((each) => !given.some((wanted) => states(wanted, each)));
  const all = [...before];
  const twin = (mail: Mail) => (each: Mail) =>
    mail.value === undefined || each.value === undefined
      ? same(each, mail)
      : fold(each.value) === fold(mail.value) && fold(each.type) === fold(mail.type);
  for (const mail of given) {
    const at = all.findIndex(twin(mail));
    if (at < 0) all.push(mail);
    else all[at] = { ...all[at], ...mail };
  }
  return all;
}
