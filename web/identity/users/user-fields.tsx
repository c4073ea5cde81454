/* The attributes of a user as form fields, for a new user and for one who is here. Pure. */
import { TextInput } from '@mantine/core';
import type { User } from '../../../src/contract/identity.ts';
import { type Fields, fieldError } from '../../ui/index.ts';
import { PersonPicker } from './person-picker.tsx';
import css from './users.module.css';
import { say } from './words.ts';

const NAMES = ['displayName', 'givenName', 'familyName', 'userName', 'email'] as const;
const WORK = ['title', 'department', 'employeeType', 'location', 'startDate'] as const;

export type UserValues = Record<(typeof NAMES)[number] | (typeof WORK)[number] | 'manager', string>;

export const NEW_USER: UserValues = {
  displayName: '',
  givenName: '',
  familyName: '',
  userName: '',
  email: '',
  title: '',
  department: '',
  employeeType: '',
  location: '',
  startDate: '',
  manager: '',
};

export function valuesOf(user: User): UserValues {
  const { displayName, givenName, familyName, userName, email } = user;
  return {
    ...{ displayName, givenName, familyName, userName, email },
    title: user.title ?? '',
    department: user.department ?? '',
    employeeType: user.employeeType ?? '',
    location: user.location ?? '',
    startDate: user.startDate ?? '',
    manager: user.manager?.id ?? '',
  };
}

/** What differs, so that nothing that somebody else saved meanwhile is taken back. */
export function changesOf(values: UserValues, start: UserValues): Partial<ReturnType<typeof bodyOf>> {
  const changed = new Set(
    Object.keys(values).filter((name) => values[name as keyof UserValues] !== start[name as keyof UserValues]),
  );
  return Object.fromEntries(Object.entries(bodyOf(values)).filter(([name]) => changed.has(name)));
}

/** As the contract wants it: what is empty and may be is null. */
export function bodyOf(values: UserValues) {
  const { displayName, givenName, familyName, userName, email, ...work } = values;
  return {
    ...{ displayName, givenName, familyName, userName, email },
    title: work.title || null,
    department: work.department || null,
    employeeType: work.employeeType || null,
    location: work.location || null,
    startDate: work.startDate || null,
    manager: work.manager || null,
  };
}

export interface UserFieldsProps {
  fields: Fields<UserValues>;
  error: Error | null;
  user?: User;
}

export function UserFields({ fields, error, user }: UserFieldsProps) {
  const input = (name: (typeof NAMES)[number] | (typeof WORK)[number]) => (
    <TextInput
      key={name}
      {...fields.text(name)}
      label={say(`attribute.${name}`)}
      description={name === 'startDate' || name === 'userName' ? say(`attribute.${name}.what`) : undefined}
      autoComplete="off"
      error={fieldError(error, name)}
    />
  );
  return (
    <>
      <fieldset className={css['fields']}>
        <legend>{say('form.who')}</legend>
        {NAMES.map(input)}
      </fieldset>
      <fieldset className={css['fields']}>
        <legend>{say('form.work')}</legend>
        {WORK.map(input)}
        <PersonPicker
          id="manager"
          label={say('attribute.manager')}
          placeholder={say('attribute.manager.none')}
          initial={user?.manager ?? null}
          except={user === undefined ? [] : [user.id]}
          error={fieldError(error, 'manager')}
          onPick={(person) => fields.set('manager', person?.id ?? '')}
        />
      </fieldset>
    </>
  );
}
