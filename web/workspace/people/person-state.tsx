/* A person's status as a tie and a word, and where the person comes from. Pure. */
import { IconLock } from '@tabler/icons-react';
import type { Person } from '../../../src/contract/workspace.ts';
import { Tie, type TieState } from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './people.module.css';

export function PersonState({ status, managed }: { status: Person['status']; managed: boolean }) {
  const here: TieState = managed ? 'agree' : 'only-right';
  const state: TieState = status === 'invited' ? 'moving' : status === 'deactivated' ? 'only-left' : here;
  return <Tie state={state}>{say(`status.${status}`)}</Tie>;
}

/** The client's name behind a lock, since its fields are not editable here; or that the person exists only here. */
export function Source({ source }: { source: Person['source'] }) {
  if (source.kind === 'manual') return say('source.manual');
  return (
    <span className={css['source']}>
      <IconLock size={14} stroke={1.6} aria-hidden="true" />
      {source.client ?? say('source.scim')}
    </span>
  );
}

/** The manager's name; what was sent, when that person is not here yet. */
export function ManagerName({ manager }: { manager: Person['manager'] }) {
  if (manager.person !== null) return manager.person.name;
  if (manager.name !== null) return manager.name;
  if (manager.waitingFor !== null) return <span className={css['waits']}>{say('manager.waits')}</span>;
  return <span className={css['none']}>–</span>;
}
