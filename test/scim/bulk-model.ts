// What a bulk request that can be done leaves behind, by a model of a few lines: people with their manager, teams with
// their members, changed one operation after the other. Who refers to whom has no circles, but forward references.
import fc from 'fast-check';
import type { JsonObject } from '../../src/scim/json.ts';
import { enterprise, type GeneratedOperation } from './generated-bulk.ts';

/** By lower-case userName or displayName: a person's manager, a team's members. */
export type Directory = Record<string, { manager?: string; members?: string[] }>;

export interface Modelled {
  readonly operations: readonly GeneratedOperation[];
  readonly left: Directory;
}

interface Plan {
  /** Of those that are made: whether it is a team, and who comes before whom in references. */
  readonly made: readonly { isTeam: boolean; rank: number; refersTo: readonly number[] }[];
  readonly changes: readonly { kind: 'add' | 'remove' | 'replace' | 'manager' | 'delete'; who: number; whom: number }[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  made: fc.array(
    fc.record({ isTeam: fc.boolean(), rank: fc.nat(99), refersTo: fc.array(fc.nat(20), { maxLength: 3 }) }),
    { minLength: 2, maxLength: 9 },
  ),
  changes: fc.array(
    fc.record({
      kind: fc.constantFrom(
        'add' as const,
        'add' as const,
        'remove' as const,
        'replace' as const,
        'manager' as const,
        'delete' as const,
      ),
      who: fc.nat(20),
      whom: fc.nat(20),
    }),
    { maxLength: 6 },
  ),
});

/** The first two are here already, made by hand: they are taken over, and keep the ids they have. */
function nameOf(index: number, isTeam: boolean): string {
  const first = isTeam ? 'crew' : 'ben';
  return index === 0 ? first : `${isTeam ? 'g' : 'u'}${index}`;
}

const names = (index: number) => `n${index}`;
const ref = (index: number) => ({ value: `bulkId:${names(index)}` });

interface State {
  readonly isTeam: boolean;
  readonly name: string;
  members: readonly number[];
  manager?: number | undefined;
}

type Change = Plan['changes'][number];

function create(state: State, index: number): GeneratedOperation {
  const { isTeam, name, members, manager } = state;
  const data: JsonObject = isTeam
    ? { displayName: name, members: members.map(ref) }
    : { userName: name, ...(manager === undefined ? {} : { [enterprise]: { manager: ref(manager) } }) };
  return { method: 'POST', path: isTeam ? '/Groups' : '/Users', bulkId: names(index), data };
}

function start({ made }: Plan): Map<number, State> {
  const states = made.map(({ isTeam, rank, refersTo }, index): State => {
    const others = refersTo.map((each) => each % made.length).filter((each) => made[each]!.rank < rank);
    const name = nameOf(index, isTeam);
    return isTeam
      ? { isTeam, name, members: [...new Set(others)] }
      : { isTeam, name, members: [], manager: others.find((each) => !made[each]!.isTeam) };
  });
  return new Map(states.entries());
}

/** Makes the change in the state. @returns its operation as a PATCH, or undefined where it is none of this resource */
function patched(own: State, isOfTeam: boolean, { kind }: Change, whom: number): JsonObject | undefined {
  if (kind === 'manager') {
    if (own.isTeam || isOfTeam) return undefined;
    own.manager = whom;
    return { op: 'replace', path: `${enterprise}:manager`, value: ref(whom) };
  }
  if (!own.isTeam) return undefined;
  switch (kind) {
    case 'add':
      own.members = [...new Set([...own.members, whom])];
      return { op: 'add', path: 'members', value: [ref(whom)] };
    case 'remove':
      own.members = own.members.filter((member) => member !== whom);
      return { op: 'remove', path: `members[value eq "bulkId:${names(whom)}"]` };
    default:
      own.members = [whom];
      return { op: 'replace', path: 'members', value: [ref(whom)] };
  }
}

function remove(all: Map<number, State>, who: number): void {
  all.delete(who);
  for (const each of all.values()) {
    each.members = each.members.filter((member) => member !== who);
    if (each.manager === who) each.manager = undefined;
  }
}

function write(planned: Plan): Modelled {
  const all = start(planned);
  const called = [...all.values()].map(({ name }) => name);
  const operations = [...all].map(([index, state]) => create(state, index));
  for (const change of planned.changes) {
    const [who, whom] = [change.who % called.length, change.whom % called.length];
    const [own, other] = [all.get(who), all.get(whom)];
    if (!own || !other) continue;
    const path = `/${own.isTeam ? 'Groups' : 'Users'}/bulkId:${names(who)}`;
    if (change.kind === 'delete') {
      operations.push({ method: 'DELETE', path });
      remove(all, who);
      continue;
    }
    const patch = patched(own, other.isTeam, change, whom);
    if (patch) operations.push({ method: 'PATCH', path, data: { Operations: [patch] } });
  }
  const left = [...all.values()].map(({ name, isTeam, members, manager }): [string, Directory[string]] => [
    name,
    isTeam
      ? { members: members.map((each) => called[each]!).sort() }
      : { ...(manager === undefined ? {} : { manager: called[manager]! }) },
  ]);
  return { operations, left: Object.fromEntries(left) };
}

export const modelledBulk: fc.Arbitrary<Modelled> = plan.map(write);

interface Shown {
  id: string;
  userName?: string;
  displayName?: string;
  members?: { value: string }[];
  [enterprise]?: { manager?: { value: string } };
}

/** The same of what is stored; whoever is named by an id nobody has stays an id. */
export function directoryOf(resources: readonly JsonObject[]): Directory {
  const all = resources as unknown as Shown[];
  const nameOfId = new Map(all.map((each) => [each.id, (each.userName ?? each.displayName ?? '').toLowerCase()]));
  const name = ({ value }: { value: string }) => nameOfId.get(value) ?? value;
  return Object.fromEntries(
    all.map((each) => {
      const manager = each[enterprise]?.manager;
      const own = each.userName === undefined ? { members: (each.members ?? []).map(name).sort() } : {};
      return [nameOfId.get(each.id)!, { ...own, ...(manager ? { manager: name(manager) } : {}) }];
    }),
  );
}
