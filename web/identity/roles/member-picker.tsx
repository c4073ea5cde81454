/* The members of a role or a group: who is in, a field that finds who else, and a button to take each out. Reach: own origin. */
import { ActionIcon, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { useRoute } from '../../ui/index.ts';
import css from './roles.module.css';
import { say } from './words.ts';

export interface Member {
  readonly id: string;
  readonly name: string;
}

/** Whether somebody is in one list and not in the other. */
export function areOthers(members: readonly Member[], saved: readonly Member[]): boolean {
  const ids = new Set(saved.map(({ id }) => id));
  return members.length !== saved.length || members.some(({ id }) => !ids.has(id));
}

const MOST = 20;

export function MemberPicker({
  members,
  onChange,
}: {
  members: readonly Member[];
  onChange: (members: Member[]) => void;
}) {
  const [search, setSearch] = useState('');
  const found = useRoute(routes.users, { query: { search, perPage: MOST } });
  const inside = new Set(members.map(({ id }) => id));
  const candidates = (found.data?.users ?? []).filter(({ id }) => !inside.has(id));
  const add = (id: string | null) => {
    const user = candidates.find((candidate) => candidate.id === id);
    if (user) onChange([...members, { id: user.id, name: user.displayName }]);
    setSearch('');
  };
  return (
    <>
      <Select
        label={say('members.find')}
        searchable
        value={null}
        searchValue={search}
        onSearchChange={setSearch}
        data={candidates.map(({ id, displayName, userName }) => ({ value: id, label: `${displayName} (${userName})` }))}
        filter={({ options }) => options}
        onChange={add}
      />
      {members.length === 0 ? (
        <p>{say('members.none')}</p>
      ) : (
        <ul className={css['members']} aria-label={say('members')}>
          {members.map((member) => (
            <li key={member.id}>
              {member.name}
              <ActionIcon
                variant="subtle"
                aria-label={say('members.remove', { name: member.name })}
                onClick={() => onChange(members.filter(({ id }) => id !== member.id))}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
