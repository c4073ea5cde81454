/* The first admin of an empty server: the code that the start printed, the tenant's name, one's own. Reach: own origin. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Navigate, useSearchParams } from 'react-router';
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import { type Fields, Form, FormActions, fieldError, useFields } from '../form/form.tsx';
import { useRoute, useWrite } from '../queries.ts';
import { Loading } from '../state/loaded.tsx';
import { useArrive } from './arrive.ts';
import { Door } from './door.tsx';
import { say } from './words.ts';

type SetupFields = Fields<{
  code: string;
  tenantName: string;
  slug: string;
  name: string;
  email: string;
  password: string;
}>;

type Tenant = 'workspace' | 'organization';

/** `Acme Inc.` -> `acme-inc`, as a proposal. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
}

function SetupInputs({ fields, error, tenant }: { fields: SetupFields; error: Error | null; tenant: Tenant }) {
  const plain = (name: 'code' | 'tenantName' | 'slug' | 'name' | 'email') => ({
    ...fields.text(name),
    error: fieldError(error, name),
  });
  const nameWorkspace = (name: string) => {
    if (fields.values.slug === slugOf(fields.values.tenantName)) fields.set('slug', slugOf(name));
    fields.set('tenantName', name);
  };
  return (
    <>
      <TextInput
        {...plain('code')}
        label={say('setup.code')}
        description={say('setup.code.where')}
        autoComplete="one-time-code"
      />
      <TextInput
        {...plain('tenantName')}
        label={say(`setup.${tenant}.name`)}
        onChange={(event) => nameWorkspace(event.currentTarget.value)}
        autoComplete="organization"
      />
      <TextInput
        {...plain('slug')}
        label={say('setup.slug')}
        description={say(`setup.${tenant}.slug`)}
        autoComplete="off"
      />
      <TextInput {...plain('name')} label={say('setup.name')} autoComplete="name" />
      <TextInput {...plain('email')} label={say('field.email')} type="email" autoComplete="username" />
      <PasswordInput
        {...fields.text('password')}
        label={say('field.newPassword')}
        description={say('field.newPassword.rule')}
        error={fieldError(error, 'password')}
        autoComplete="new-password"
      />
    </>
  );
}

/** `tenant` is what this end calls what is made. */
export function SetupPage({ tenant }: { tenant: Tenant }) {
  const arrive = useArrive();
  const [search] = useSearchParams();
  const session = useRoute(routes.session);
  const setup = useWrite(routes.setup, ['session']);
  const fields = useFields({
    code: search.get('code') ?? '',
    tenantName: '',
    slug: '',
    name: '',
    email: '',
    password: '',
  });
  if (session.isPending) return <Loading />;
  if (session.data?.setupNeeded === false && !setup.isSuccess) return <Navigate to="/signin" replace />;
  return (
    <Door title={say(`setup.${tenant}.title`)} lead={say('setup.lead')}>
      <Form
        onSubmit={() => setup.mutate({ body: fields.values }, { onSuccess: arrive })}
        error={setup.error}
        label={say(`setup.${tenant}.title`)}
      >
        <SetupInputs fields={fields} error={setup.error} tenant={tenant} />
        <FormActions>
          <Button type="submit" variant="filled" disabled={setup.isPending}>
            {say('setup.submit')}
          </Button>
        </FormActions>
      </Form>
    </Door>
  );
}
