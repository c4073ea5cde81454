/* Chooses one of the users, searched by the server as one types. Reach: own origin. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { useRoute } from '../../ui/index.ts';

export interface PickedPerson {
  readonly id: string;
  readonly name: string;
}

export interface PersonPickerProps {
  id: string;
  label: string;
  placeholder: string;
  /** Who is chosen when the form opens; somebody else's later choice is the picker's own. */
  initial: PickedPerson | null;
  except: readonly string[];
  error?: string | undefined;
  onPick: (person: PickedPerson | null) => void;
}

const FOUND = 20;

export function PersonPicker({ id, label, placeholder, initial, except, error, onPick }: PersonPickerProps) {
  const [chosen, setChosen] = useState(initial);
  const [search, setSearch] = useState(initial?.name ?? '');
  const asked = search === chosen?.name ? '' : search;
  const users = useRoute(routes.users, { query: { search: asked, perPage: FOUND } });
  const found = (users.data?.users ?? [])
    .filter((user) => !except.includes(user.id) && user.id !== chosen?.id)
    .map((user) => ({ value: user.id, label: user.displayName }));
  const own = chosen === null ? [] : [{ value: chosen.id, label: chosen.name }];
  return (
    <Select
      id={id}
      label={label}
      placeholder={placeholder}
      searchable
      clearable
      data={[...own, ...found]}
      filter={({ options }) => options}
      value={chosen?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(value, option) => {
        const person = value === null ? null : { id: value, name: option?.label ?? '' };
        setChosen(person);
        onPick(person);
      }}
      error={error}
    />
  );
}
