/* E-mail and password. The server says why it refuses: wrong, locked for a while, deactivated. Reach: own origin. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Form, FormActions, fieldError, useFields, useWrite } from '../../ui/index.ts';
import { say } from '../words.ts';
import { useArrive } from './arrive.ts';

export function PasswordForm({ slug }: { slug?: string }) {
  const arrive = useArrive();
  const fields = useFields({ email: '', password: '' });
  const signIn = useWrite(routes.signIn, ['session']);
  const submit = () => {
    const body = { ...fields.values, ...(slug === undefined ? {} : { slug }) };
    signIn.mutate({ body }, { onSuccess: arrive });
  };
  return (
    <Form onSubmit={submit} error={signIn.error} label={say('signIn.title')}>
      <TextInput
        {...fields.text('email')}
        type="email"
        autoComplete="username"
        label={say('field.email')}
        error={fieldError(signIn.error, 'email')}
      />
      <PasswordInput {...fields.text('password')} autoComplete="current-password" label={say('field.password')} />
      <FormActions>
        <Button type="submit" variant="filled" disabled={signIn.isPending}>
          {say(signIn.isPending ? 'signIn.busy' : 'signIn.submit')}
        </Button>
        <Link to="/forgot">{say('signIn.forgot')}</Link>
      </FormActions>
    </Form>
  );
}
