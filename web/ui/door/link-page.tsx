/*
 * A one-time link. Opening the page uses nothing up (mail scanners follow links); the button does. An invitation and a
 * set-password link ask for the new password, a sign-in link does not. Reach: own origin.
 */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import { type AnswerOf, isProblem } from '../api.ts';
import { Form, FormActions, fieldError, useFields } from '../form/form.tsx';
import { useRoute, useWrite } from '../queries.ts';
import { Loading } from '../state/loaded.tsx';
import { ProblemNote } from '../state/problem-note.tsx';
import { useArrive } from './arrive.ts';
import { Door } from './door.tsx';
import { say } from './words.ts';

type OneTimeLink = AnswerOf<typeof routes.link>;

function UseLink({ token, link }: { token: string; link: OneTimeLink }) {
  const arrive = useArrive();
  const fields = useFields({ password: '' });
  const use = useWrite(routes.useLink, ['session']);
  const asksPassword = link.kind !== 'sign-in';
  const submit = () => {
    use.mutate({ params: { token }, body: asksPassword ? fields.values : {} }, { onSuccess: arrive });
  };
  return (
    <Form onSubmit={submit} error={use.error} label={say(`link.${link.kind}.title`, link)}>
      {asksPassword ? (
        <>
          <TextInput label={say('field.email')} value={link.email} readOnly autoComplete="username" />
          <PasswordInput
            {...fields.text('password')}
            autoComplete="new-password"
            label={say('field.newPassword')}
            description={say('field.newPassword.rule')}
            error={fieldError(use.error, 'password')}
          />
        </>
      ) : null}
      <FormActions>
        <Button type="submit" variant="filled" disabled={use.isPending}>
          {say(`link.${link.kind}.submit`)}
        </Button>
      </FormActions>
    </Form>
  );
}

function SpentLink({ token }: { token: string }) {
  const renew = useWrite(routes.renewLink);
  if (renew.isSuccess) return <p role="status">{say('link.renewed')}</p>;
  return (
    <Form onSubmit={() => renew.mutate({ params: { token } })} error={renew.error} label={say('link.spent')}>
      <FormActions>
        <Button type="submit" variant="filled" disabled={renew.isPending}>
          {say('link.renew')}
        </Button>
        <Link to="/signin">{say('forgot.back')}</Link>
      </FormActions>
    </Form>
  );
}

export function LinkPage() {
  const { token = '' } = useParams();
  const link = useRoute(routes.link, { params: { token } });
  if (link.data !== undefined) {
    const { kind } = link.data;
    return (
      <Door title={say(`link.${kind}.title`, link.data)} lead={say(`link.${kind}.lead`, link.data)}>
        <UseLink token={token} link={link.data} />
      </Door>
    );
  }
  if (link.error === null) return <Loading />;
  const spent = isProblem(link.error) && (link.error.kind === 'link-spent' || link.error.status === 404);
  return (
    <Door title={say(spent ? 'link.spent' : 'failure.title')} lead={spent ? say('link.spent.lead') : undefined}>
      {spent ? <SpentLink token={token} /> : <ProblemNote error={link.error} onRetry={() => void link.refetch()} />}
    </Door>
  );
}
