/* E-mail and password. The server says why it refuses: wrong, locked for a while, deactivated. Reach: own origin. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import { Form, FormActions, fieldError, useFields } from '../form/form.tsx';
import { useWrite } from '../queries.ts';
import { say } from './words.ts';

export interface PasswordFormProps {
  /** The tenant to sign in to, where the address names one. */
  slug?: string;
  /** What the first field is called; without it "E-mail". */
  nameLabel?: string;
  onSignedIn: () => void;
}

export function PasswordForm({ slug, nameLabel = say('field.email'), onSignedIn }: PasswordFormProps) {
  const fields = useFields({ email: '', password: '' });
  const signIn = useWrite(routes.signIn, ['session']);
  const submit = () => {
    const body = { ...fields.values, ...(slug === undefined ? {} : { slug }) };
    signIn.mutate({ body }, { onSuccess: onSignedIn });
  };
  return (
    <Form onSubmit={submit} error={signIn.error} label={say('signIn.title')}>
      <TextInput
        {...fields.text('email')}
        autoComplete="username"
        label={nameLabel}
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
