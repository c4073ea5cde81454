/* A new password for whoever is signed in; needed once after a one-time link. Reach: own origin. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Body, Form, FormActions, fieldError, PageHeader, Saved, useFields, useWrite } from '../../ui/index.ts';
import { useSignedIn } from '../session.ts';
import { say } from '../words.ts';

export function PasswordPage() {
  const { me } = useSignedIn();
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
          <TextInput label={say('field.email')} value={me.email} readOnly autoComplete="username" />
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
