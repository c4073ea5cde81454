/* A new password for whoever is signed in; needed once after a one-time link. Reach: own origin. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import { Form, FormActions, fieldError, useFields } from '../form/form.tsx';
import { Body } from '../page/card.tsx';
import { PageHeader } from '../page/page-header.tsx';
import { useWrite } from '../queries.ts';
import { Saved } from '../state/saved.tsx';
import { say } from './words.ts';

/** `name` is what the person signs in with; password stores want to see it beside the new password. */
export function PasswordPage({ name }: { name: string }) {
  const fields = useFields({ password: '' });
  const [savedAt, setSavedAt] = useState<Date>();
  const change = useWrite(routes.setPassword);
  const saved = () => {
    fields.reset({ password: '' });
    setSavedAt(new Date());
  };
  return (
    <>
      <PageHeader title={say('password.title')}>{say('password.lead')}</PageHeader>
      <Body narrow="narrow">
        <Form
          onSubmit={() => change.mutate({ body: fields.values }, { onSuccess: saved })}
          error={change.error}
          label={say('password.title')}
        >
          <TextInput label={say('field.email')} value={name} readOnly autoComplete="username" />
          <PasswordInput
            {...fields.text('password')}
            autoComplete="new-password"
            label={say('field.newPassword')}
            description={say('field.newPassword.rule')}
            error={fieldError(change.error, 'password')}
          />
          <FormActions>
            <Button type="submit" variant="filled" disabled={!fields.dirty || change.isPending}>
              {say('password.submit')}
            </Button>
            {savedAt === undefined || fields.dirty ? null : <Saved at={savedAt} />}
          </FormActions>
        </Form>
      </Body>
    </>
  );
}
