// Changes of one connection that arrive in the same moment share one transaction. Talks to: Postgres.
// Each runs against a transaction that can do little (shared-change-member). First each says which resource it is about; then
// that is locked, or looked whether somebody has its keys, has parked its names or left it something; then all go on to their
// end, and what they want written is written and committed at once.
// Whoever needs more (references, new keys, a holder to take over, a predecessor) leaves before anything is written, and runs
// in a transaction of its own. So do all of them when a statement fails: nobody gets another's error.
import { losesAccess } from '../../scim/active.ts';
import type { StoreScope, TransactionWork } from '../../scim/resource-store.ts';
import { referenceNames, uniqueKeys } from '../../scim/unique-keys.ts';
import {
  isDatabaseAway,
  isFailedStatement,
  type Statement,
  type TenantDatabase,
  type TenantTransaction,
} from '../database.ts';
import { createGatherer } from '../gather.ts';
import { journalStatement } from './journal.ts';
import {
  heirStatement,
  holderStatement,
  lockFreeStatement,
  parkedNamesStatement,
  readStatement,
} from './lookup-statements.ts';
import { lockReferences } from './references.ts';
import { type ResourceRow, toStored } from './resource-rows.ts';
import { creationStatements, updateStatements, type Writer } from './resource-statements.ts';
import type { ResourceRules } from './resource-transaction.ts';
import { leaving, type Member, type Sought, startMember, type Waiting } from './shared-change-member.ts';
import { together } from './sql.ts';

export interface SharedChangesOptions {
  readonly database: TenantDatabase;
  readonly rules: ResourceRules;
  readonly newId: () => string;
  /** Runs work in a transaction of its own. */
  alone<T>(scope: StoreScope, work: TransactionWork<T>, holders: 'look' | 'assume none'): Promise<T>;
}

/** The transaction was rolled back and would have to be run again, which work that has gone on cannot. */
class RolledBack extends Error {}

const mostTogether = 16;
const mostUnderWay = 3;

export function createSharedChanges(options: SharedChangesOptions) {
  function runAlone({ scope, work, isTaken, resolve, reject }: Member): void {
    options.alone(scope, work, isTaken ? 'look' : 'assume none').then(resolve, reject);
  }

  async function run(asking: readonly Member[]): Promise<void> {
    let written: readonly Member[] = [];
    try {
      written = await write(options, asking);
    } catch (error) {
      for (const member of asking) {
        // Nobody knows whether it was committed; a statement that failed was not.
        if (isDatabaseAway(error) || !(error instanceof RolledBack || isFailedStatement(error))) member.reject(error);
        else runAlone(member);
      }
      return;
    }
    for (const member of written) member.resolve(((await member.outcome) as { value: unknown }).value);
    await settle(asking.filter((member) => !written.includes(member)));
  }

  /** Those that wrote nothing: refused before it came to that, or in need of a transaction of their own. */
  async function settle(members: readonly Member[]): Promise<void> {
    for (const member of members) {
      const outcome = await member.outcome;
      if ('error' in outcome && outcome.error !== leaving) member.reject(outcome.error);
      else runAlone(member);
    }
  }

  async function byConnection(_tenant: string, all: readonly Member[]): Promise<void> {
    await Promise.all([...Map.groupBy(all, ({ scope }) => scope.connection).values()].map(run));
  }

  // Who changes somebody waits for nobody. Who creates may, for a key or for those who park: the others do not wait with them.
  const creations = createGatherer<Member>({ mostTogether, mostUnderWay, run: byConnection });
  const changes = createGatherer<Member>({ mostTogether, mostUnderWay, run: byConnection });
  async function line(member: Member): Promise<void> {
    await member.asked;
    const { tenant } = member.scope;
    if (member.creation) creations(tenant, member);
    else if (member.sought) changes(tenant, member);
    else await settle([member]);
  }
  return <T>(scope: StoreScope, work: TransactionWork<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      void line(startMember({ scope, work, resolve: resolve as Waiting['resolve'], reject }, options.rules));
    });
}

/** @returns those whose work ended well, once they are committed */
async function write(options: SharedChangesOptions, asking: readonly Member[]): Promise<Member[]> {
  const { database, rules, newId } = options;
  const { scope } = asking[0]!;
  const writer: Writer = { scope, newId, manages: scope.connection };
  let written: Member[] = [];
  let isBegun = false;
  try {
    await database.withTenant(scope.tenant, async (transaction) => {
      // What they were given to go on with was true in a transaction that is no more.
      if (isBegun) throw new RolledBack();
      isBegun = true;
      await (asking[0]!.creation ? admitFree : lockSought)(transaction, scope, asking);
      const outcomes = await Promise.all(asking.map(({ outcome }) => outcome));
      written = asking.filter(({ record }, index) => record && 'value' in outcomes[index]!);
      if (written.length === 0) return;
      // Not waited for: all of it leaves with the COMMIT, which tells the first that failed.
      const send = (sent: Promise<unknown>) => void sent.catch(() => {});
      const updates = written.flatMap(({ update }) => update ?? []);
      const statements = [
        ...creationStatements(
          writer,
          transaction.lane,
          written.flatMap(({ creation }) => creation ?? []),
        ),
        ...updateStatements(writer, updates),
        journalStatement(
          scope.tenant,
          written.map(({ record }) => ({ ...scope, record: record! })),
        ),
      ];
      for (const statement of statements) send(transaction.query(statement));
      for (const { current, attributes } of updates.map(({ update }) => update)) {
        if (losesAccess(current.type, current.attributes, attributes))
          send(rules.onDeactivated(transaction, { id: current.id, type: current.type.name }));
      }
    });
  } finally {
    // Those the transaction never came to must not wait for ever.
    for (const member of asking) member.leave();
  }
  return written;
}

/**
 * Gives each who seeks a resource what is there, locked. One resource is for one of them, and those of one kind go. Where
 * somebody else has it locked, or nothing is there, they leave: nobody in company waits for a lock.
 */
async function lockSought(transaction: TenantTransaction, scope: StoreScope, asking: readonly Member[]): Promise<void> {
  const { type, want } = asking[0]!.sought!;
  const kindOf = (sought: Sought) => [sought.type.name, ...sought.want.map(({ key }) => key)].join(' ');
  const kind = kindOf(asking[0]!.sought!);
  const going = new Map<string, Member>();
  for (const member of asking) {
    const { sought } = member;
    if (kindOf(sought!) !== kind || going.has(sought!.id)) member.leave();
    else going.set(sought!.id, member);
  }
  // One by one: of a list the planner thinks that the whole tenant is the shorter one, as long as it has not counted it.
  const ids = [...going.keys()];
  const locking = ids.map((id) => transaction.query<ResourceRow>(lockFreeStatement(scope, id, type)));
  // What they point at is read once they are held.
  const reading =
    want.length > 0 ? ids.map((id) => transaction.query<ResourceRow>(readStatement(scope, id, type, want))) : locking;
  const [locked, read] = await together([together(locking), together(reading)]);
  for (const [index, member] of [...going.values()].entries()) {
    const row = locked[index]![0] && read[index]![0];
    member.transaction = transaction;
    if (row) member.goOn(toStored(type, row, want));
    else member.leave();
  }
}

/** Lets those go on whose keys nobody has, whose names nobody has parked, and to whom nobody left anything. */
async function admitFree(transaction: TenantTransaction, scope: StoreScope, asking: readonly Member[]): Promise<void> {
  const looked = asking.map((member) => {
    const { type, id, attributes } = member.creation!.creation;
    return { member, type, keys: uniqueKeys(type, attributes), names: referenceNames(type, id, attributes) };
  });
  // Whoever deletes leaves something in the same moment as the keys are given up: so the keys are looked at first.
  const lookFor = ({ type, keys, names }: (typeof looked)[number]) => {
    const any = (statements: readonly Statement[]) =>
      together(statements.map((statement) => transaction.query(statement))).then((rows) => rows.flat().length > 0);
    const externalIds = keys.filter(({ attribute }) => attribute === 'externalId');
    return together([
      any(keys.map((key) => holderStatement(scope, type, key))),
      any(externalIds.map(({ value }) => heirStatement(scope, type, value))),
      any([parkedNamesStatement(scope, names)]),
    ]);
  };
  const look = () => together([lockReferences(transaction, 'share'), together(looked.map(lookFor))]);
  const first = await look();
  // Looked at before the lock was there, names could have been parked since.
  const [, answers] = first[0] === 'made' ? await look() : first;
  const taken = new Set<string>();
  for (const [index, { member, type, keys }] of looked.entries()) {
    const [isHeld, isHeir, isAwaited] = answers[index]!;
    const own = keys.map(({ attribute, value }) => `${type.name} ${attribute} ${value}`);
    member.isTaken = isHeld || own.some((name) => taken.has(name));
    for (const name of own) taken.add(name);
    if (member.isTaken || isHeir || isAwaited) member.leave();
    else member.goOn();
  }
}
