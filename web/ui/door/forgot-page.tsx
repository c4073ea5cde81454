/* Asks for a link that sets a new password; says the same for an address nobody has. Reach: own origin. */
import { Button, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import { Form, FormActions, fieldError, useFields } from '../form/form.tsx';
import { useWrite } from '../queries.ts';
import { Door } from './door.tsx';
import { say } from './words.ts';

export function ForgotPage({ nameLabel = say('field.email') }: { nameLabel?: string }) {
  const fields = useFields({ email: '' });
  const ask = useWrite(routes.forgotPassword);
  return (
    <Door title={say('forgot.title')} lead={say('forgot.lead')} foot={<Link to="/signin">{say('forgot.back')}</Link>}>
      {ask.isSuccess ? (
        <p role="status">{say('forgot.sent', { email: fields.values.email })}</p>
      ) : (
        <Form onSubmit={() => ask.mutate({ body: fields.values })} error={ask.error} label={say('forgot.title')}>
          <TextInput
            {...fields.text('email')}
            autoComplete="username"
            label={nameLabel}
            error={fieldError(ask.error, 'email')}
          />
          <FormActions>
            <Button type="submit" variant="filled" disabled={ask.isPending}>
              {say('forgot.submit')}
            </Button>
          </FormActions>
        </Form>
      )}
    </Door>
  );
}
