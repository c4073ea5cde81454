/* A user's status as tie and word, and the ten attributes that apps are told, as facts. Pure. */
import type { User } from '../../../src/contract/identity.ts';
import { type Fact, Tie, type TieState } from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import { say } from './words.ts';

const STATUS_TIE: Readonly<Record<User['status'], TieState>> = {
  'not-activated': 'only-left',
  invited: 'moving',
  active: 'agree',
  suspended: 'held',
};

export function UserState({ status }: { status: User['status'] }) {
  return <Tie state={STATUS_TIE[status]}>{say(`status.${status}`)}</Tie>;
}

const PLAIN = ['employeeType', 'location', 'department', 'startDate'] as const;

/** What apps are told of a person, in the article's words. */
export function profileFacts(user: User): Fact[] {
  const fact = (term: string, value: string | null): Fact => ({ term, value: value || sayCommon('none') });
  return [
    fact(say('attribute.displayName'), user.displayName),
    fact(say('attribute.title'), user.title),
    fact(say('attribute.email'), user.email),
    fact(say('attribute.groups'), user.groups.map(({ name }) => name).join(', ')),
    fact(say('attribute.managerName'), user.manager?.name ?? null),
    fact(say('attribute.managerEmail'), user.managerEmail),
    ...PLAIN.map((name) => fact(say(`attribute.${name}`), user[name])),
    fact(say('attribute.userName'), user.userName),
  ];
}
