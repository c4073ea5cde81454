/*
 * The API token in any spelling, with what will be sent shown while it is typed. A saved one is known by its last four
 * characters and can only be replaced. Pure.
 */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Fields } from '../../ui/index.ts';
import { FormActions } from '../../ui/index.ts';
import { hintOf, readCredential } from './spelling.ts';
import { say, sayRich } from './words.ts';

export interface CredentialFieldProps {
  /** Of the saved credential; null when none is saved. */
  hint: string | null;
  fields: Fields<{ address: string; credential: string }>;
  error: string | undefined;
  /** The app refuses the saved one: the field is open at once. */
  refused: boolean;
}

export function CredentialField({ hint, fields, error, refused }: CredentialFieldProps) {
  const [replacing, setReplacing] = useState(refused);
  const typed = fields.values.credential;
  if (hint !== null && !replacing && typed === '') {
    return (
      <div>
        <p>{sayRich('config.credential.saved', { hint })}</p>
        <FormActions>
          <Button onClick={() => setReplacing(true)}>{say('config.replace')}</Button>
        </FormActions>
      </div>
    );
  }
  const token = readCredential(typed);
  return (
    <TextInput
      {...fields.text('credential')}
      label={say('config.credential')}
      placeholder={say('config.credential.before')}
      description={
        token === undefined
          ? sayRich('config.credential.what')
          : sayRich('config.credential.as', { hint: hintOf(token) })
      }
      autoComplete="off"
      spellCheck={false}
      error={error}
      {...(replacing && !refused ? { autoFocus: true } : {})}
      onBlur={() => {
        if (typed === '' && hint !== null && !refused) setReplacing(false);
      }}
    />
  );
}
