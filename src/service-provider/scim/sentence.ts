// A request as a sentence an administrator reads: who, what, to whom, with which value. Pure.
// Words come from the resource types ("person", "team") and from attribute names taken apart; only what the screens call
// differently is listed here.
import type { Json } from '../../scim/json.ts';
import type { AttributeChange, ReferenceChange, RequestFacts } from '../../scim/request-record.ts';
import { placedAttributes, type ResourceType, type ResourceTypes } from '../../scim/schema/resource-type.ts';

/** `name` stands in bold, `value` in mono. */
export interface SentencePart {
  readonly kind: 'text' | 'name' | 'value';
  readonly text: string;
}

export interface Told {
  readonly client: string;
  readonly remoteAddress: string;
  readonly tokenHint?: string;
  readonly facts: RequestFacts;
}

const text = (words: string): SentencePart => ({ kind: 'text', text: words });
const name = (words: string): SentencePart => ({ kind: 'name', text: words });
const value = (words: string): SentencePart => ({ kind: 'value', text: words });

export function sentenceOf(told: Told, types: ResourceTypes): SentencePart[] {
  const { facts } = told;
  if (facts.notLetIn) return notLetIn(told);
  const type =
    facts.resourceType === undefined ? undefined : (types.byName(facts.resourceType) ?? ownType(facts.resourceType));
  const who = name(told.client);
  if (facts.error) return [who, ...refused(facts.error)];
  if (!type && facts.operation === 'bulk') return [who, text(sentTogether(facts))];
  if (!type && (facts.operation === 'list' || facts.operation === 'search')) return [who, ...searchedAll(facts)];
  if (!type) return [who, text(' asked what this workspace offers')];
  return [who, ...deed(facts, type)];
}

const ownTypes = new Map<string, ResourceType>();
const mostOwnTypes = 1_000;

/** A type the workspace defined, as far as its name tells: enough for a sentence, also when it was removed since. */
function ownType(typeName: string): ResourceType {
  const before = ownTypes.get(typeName);
  if (before) return before;
  const one = typeName.toLowerCase();
  const made: ResourceType = {
    ...{ name: typeName, endpoint: `${typeName}s`, description: '', extensions: [] },
    schema: { id: typeName, name: typeName, description: '', attributes: [] },
    noun: { one, many: `${one}s` },
    ...{ labels: [], activeAttribute: 'active', matchAttribute: 'id', keptOnFirstWrite: [] },
  };
  if (ownTypes.size >= mostOwnTypes) ownTypes.clear();
  ownTypes.set(typeName, made);
  return made;
}

/** Asked to wait is no fault of the request: the client sends it again. */
function refused({ kind, detail }: NonNullable<RequestFacts['error']>): SentencePart[] {
  if (kind === 'tooManyRequests') return [text(' sent more requests a second than are taken and was asked to wait')];
  return [text(kind === 'unavailable' ? ' was asked to wait: ' : ' was refused: '), text(detail)];
}

function sentTogether({ operations }: RequestFacts): string {
  if (!operations) return ' sent several operations in one request';
  const { asked, done, refused: failed } = operations;
  const left = asked - done - failed;
  const whole = ` sent ${asked === 1 ? '1 operation' : `${asked} operations`} in one request`;
  const notDone = [...(failed > 0 ? [`${failed} refused`] : []), ...(left > 0 ? [`${left} not come to`] : [])];
  return notDone.length === 0 ? whole : `${whole}, ${notDone.join(' and ')}`;
}

function searchedAll({ filter, found }: RequestFacts): SentencePart[] {
  const many = found === undefined ? [] : [text(` and found ${found === 0 ? 'nothing' : found}`)];
  return filter === undefined
    ? [text(' listed everything'), ...many]
    : [text(' searched everything by '), value(filter), ...many];
}

export function plainText(parts: readonly SentencePart[]): string {
  return parts.map((part) => part.text).join('');
}

function notLetIn({ client, remoteAddress, tokenHint, facts }: Told): SentencePart[] {
  const who = [text(client === 'Unknown' ? 'Someone at ' : `${client} at `), value(remoteAddress)];
  const hint = tokenHint === undefined ? [] : [text(' ending '), value(tokenHint)];
  if (facts.notLetIn === 'no token') return [...who, text(' sent no token')];
  if (facts.notLetIn === 'disabled') return [...who, text(' used a token'), ...hint, text(' while SCIM is disabled')];
  return [
    ...who,
    text(facts.notLetIn === 'unknown token' ? ' used an unknown token' : ' used something that is no token'),
    ...hint,
  ];
}

function deed(facts: RequestFacts, type: ResourceType): SentencePart[] {
  const whom = name(facts.label ?? `a ${type.noun.one}`);
  switch (facts.operation) {
    case 'list':
    case 'search':
      return lookedUp(facts, type);
    case 'read':
      return [text(' read '), whom];
    case 'delete':
      return [text(' deleted '), whom];
    case 'create':
      return facts.linked ? linked(facts, type, whom) : [text(' created '), whom, ...also(facts, type)];
    default:
      return facts.linked ? linked(facts, type, whom) : changed(facts, type, whom);
  }
}

function count(found: number, type: ResourceType): string {
  return `${found === 0 ? 'no' : found} ${found === 1 ? type.noun.one : type.noun.many}`;
}

function lookedUp(facts: RequestFacts, type: ResourceType): SentencePart[] {
  const found = text(facts.found === undefined ? '' : ` and found ${count(facts.found, type)}`);
  if (facts.filter === undefined) return [text(` listed the ${type.noun.many}`), found];
  const equal = /^[^\s[\]]+ eq "((?:[^"\\]|\\.)*)"$/i.exec(facts.filter);
  return equal
    ? [text(' looked up '), value(equal[1]!), found]
    : [text(` searched ${type.noun.many} by `), value(facts.filter), found];
}

function linked(facts: RequestFacts, type: ResourceType, whom: SentencePart): SentencePart[] {
  const by = facts.matchedBy === undefined ? '' : ` by ${attributeWords(facts.matchedBy)}`;
  return [
    text(' linked '),
    whom,
    text(`, a ${type.noun.one} who was here already${by}`.replace('a team who', 'a team that')),
  ];
}

/** Members a new resource came with. */
function also(facts: RequestFacts, type: ResourceType): SentencePart[] {
  const several = facts.references.filter((each) => isSeveral(type, each.path));
  const total = several.reduce((sum, each) => sum + each.counts.added + each.counts.pending, 0);
  return total === 0 ? [] : [text(` with ${members(total)}`)];
}

function isSeveral(type: ResourceType, path: string): boolean {
  return placedAttributes(type).some((placed) => placed.key === path && placed.attribute.multiValued);
}

function changed(facts: RequestFacts, type: ResourceType, whom: SentencePart): SentencePart[] {
  const changes = facts.changes.filter((each) => each.path !== type.activeAttribute);
  const access = facts.changes.find((each) => each.path === type.activeAttribute);
  const members = facts.references.filter((each) => isSeveral(type, each.path));
  const single = facts.references.filter((each) => !isSeveral(type, each.path));
  const clauses: SentencePart[][] = [
    ...(access ? [[text(access.after === false ? ' deactivated ' : ' reactivated '), whom]] : []),
    ...attributeClauses(changes, single, whom, access !== undefined),
    ...members.flatMap((each) => memberClauses(each, type, whom)),
  ];
  if (clauses.length === 0) return [text(' sent '), whom, text(' again. Nothing differed')];
  return clauses.flatMap((clause, index) => (index === 0 ? clause : [text(' and'), ...clause]));
}

function attributeClauses(
  changes: readonly AttributeChange[],
  single: readonly ReferenceChange[],
  whom: SentencePart,
  named: boolean,
): SentencePart[][] {
  const all = [...changes, ...single.map(asChange)];
  const [only, ...more] = all;
  if (!only) return [];
  const possessive = named ? [text(' ')] : [text(' '), whom, text('’s ')];
  if (more.length > 1) {
    return [
      named ? [text(` changed ${all.length} attributes`)] : [text(` changed ${all.length} attributes of `), whom],
    ];
  }
  const [first, second] = [valueClause(only), more[0] && valueClause(more[0])];
  const verb = text(only.after === undefined && !second ? ' cleared' : ' changed');
  return [[verb, ...possessive, ...first, ...(second ? [text(' and '), ...second] : [])]];
}

function asChange({ path, added, removed, pending }: ReferenceChange): AttributeChange {
  const [after] = [...added, ...pending];
  return {
    path,
    ...(removed[0] === undefined ? {} : { before: removed[0] }),
    ...(after === undefined ? {} : { after }),
  };
}

function valueClause(change: AttributeChange): SentencePart[] {
  const words = text(attributeWords(change.path));
  const shown = change.after === undefined ? undefined : shortValue(change.after);
  return shown === undefined ? [words] : [words, text(' to '), value(shown)];
}

function memberClauses(change: ReferenceChange, type: ResourceType, team: SentencePart): SentencePart[][] {
  const { added, removed, counts } = change;
  const waiting = counts.pending === 0 ? [] : [text(` (${counts.pending} not here yet)`)];
  const clauses: SentencePart[][] = [];
  if (counts.added + counts.pending > 0) {
    clauses.push([
      text(' added '),
      ...(added.length > 0 ? people(added, counts.added) : [text(members(counts.pending))]),
      text(' to '),
      team,
      ...waiting,
    ]);
  }
  if (counts.removed > 0)
    clauses.push([
      text(' removed '),
      ...people(removed, counts.removed),
      text(` from ${clauses.length > 0 ? `the ${type.noun.one}` : ''}`),
      ...(clauses.length > 0 ? [] : [team]),
    ]);
  return clauses;
}

function people(labels: readonly string[], total: number): SentencePart[] {
  const [first, second] = labels;
  if (first === undefined || total > 2) return [text(members(total))];
  return second === undefined ? [name(first)] : [name(first), text(' and '), name(second)];
}

function members(total: number): string {
  return total === 1 ? '1 member' : `${total} members`;
}

/** What the screens call an attribute otherwise than its name taken apart. */
const calledOtherwise: Readonly<Record<string, string>> = {
  emails: 'email',
  userType: 'employee type',
  userName: 'user name',
  phoneNumbers: 'phone numbers',
  'name.formatted': 'full name',
  managerDisplayName: 'manager name',
};

/** "urn:...:User:costCenter" reads "cost center". */
export function attributeWords(path: string): string {
  const attribute = path.slice(path.lastIndexOf(':') + 1);
  const last = attribute.split('.').at(-1)!;
  return calledOtherwise[attribute] ?? last.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

/** A value in few words; of several e-mail addresses the preferred one. */
export function shortValue(given: Json): string {
  if (typeof given === 'string') return given.length > 80 ? `${given.slice(0, 79)}…` : given;
  if (Array.isArray(given)) {
    const preferred = given.find(
      (each) => typeof each === 'object' && each !== null && !Array.isArray(each) && each['primary'] === true,
    );
    const first = preferred ?? given[0];
    const rest = given.length > 1 ? ` and ${given.length - 1} more` : '';
    return first === undefined ? '' : `${shortValue(first)}${rest}`;
  }
  if (typeof given === 'object' && given !== null) {
    return shortValue(
      given['value'] ??
        given['formatted'] ??
        Object.values(given)
          .filter((each) => each !== null)
          .map(String)
          .join(' '),
    );
  }
  return String(given);
}

export type RequestOutcome = 'applied' | 'unchanged' | 'pending' | 'refused';

/** What became of a request as a whole. Reads change nothing. */
export function outcomeOf(facts: RequestFacts): RequestOutcome {
  if (facts.error) return 'refused';
  if (facts.references.some((each) => each.pending.length > 0)) return 'pending';
  const wrote = facts.operation === 'delete' || facts.linked || facts.changes.length + facts.references.length > 0;
  return wrote ? 'applied' : 'unchanged';
}
