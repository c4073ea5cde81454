/*
 * I9: the form of a bulk operation: who, which role, which operation; Continue counts and asks, Confirm starts the job.
 * The users that were ticked in the list come with the navigation. Reach: own origin.
 */
import { Button, Select, Textarea } from '@mantine/core';
import { useLocation, useNavigate } from 'react-router';
import { type BulkBody, identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  Body,
  Form,
  FormActions,
  PageHeader,
  ProblemNote,
  Section,
  useFields,
  useRoute,
  useWrite,
} from '../../ui/index.ts';
import { ConfirmBulk } from './confirm-bulk.tsx';
import { say } from './words.ts';

const OPERATIONS = ['activate-invite', 'activate', 'invite', 'suspend', 'assign-app', 'remove-app'] as const;
const KINDS = ['everyone', 'status', 'role', 'group', 'emails'] as const;
const STATUSES = ['not-activated', 'invited', 'active', 'suspended'] as const;
const NO_ROLE = 'none';

type Values = { kind: string; which: string; emails: string; role: string; operation: string; app: string };

/** The form as the server takes it; undefined while something is still to be chosen. */
function toBody(values: Values, selected: readonly string[]): BulkBody | undefined {
  const operation = OPERATIONS.find((each) => each === values.operation);
  const who = toWho(values, selected);
  const needsApp = operation === 'assign-app' || operation === 'remove-app';
  if (operation === undefined || who === undefined || (needsApp && values.app === '')) return undefined;
  return { who, operation, role: values.role === NO_ROLE ? null : values.role, app: needsApp ? values.app : null };
}

function toWho({ kind, which, emails }: Values, selected: readonly string[]): BulkBody['who'] | undefined {
  if (kind === 'everyone') return { kind };
  if (kind === 'selected') return { kind, users: [...selected] };
  if (kind === 'emails') return emails.trim() === '' ? undefined : { kind, emails };
  const status = STATUSES.find((each) => each === which);
  if (kind === 'status') return status && { kind, status };
  if (which === '') return undefined;
  return kind === 'role' ? { kind, role: which } : { kind: 'group', group: which };
}

function useChoices() {
  const roles = useRoute(routes.roles).data?.roles ?? [];
  const groups = useRoute(routes.groups).data?.groups ?? [];
  const apps = useRoute(routes.apps).data?.apps ?? [];
  const options = (entries: readonly { id: string; name: string }[]) =>
    entries.map(({ id, name }) => ({ value: id, label: name }));
  return { roles: options(roles), groups: options(groups), apps: options(apps) };
}

type Choices = ReturnType<typeof useChoices>;

function Which({
  values,
  set,
  choices,
}: {
  values: Values;
  set: (name: 'which' | 'emails', value: string) => void;
  choices: Choices;
}) {
  const { kind } = values;
  if (kind === 'emails') {
    return (
      <Textarea
        label={say('who.which.emails')}
        description={say('who.which.emails.what')}
        rows={6}
        value={values.emails}
        onChange={(event) => set('emails', event.currentTarget.value)}
      />
    );
  }
  if (kind !== 'status' && kind !== 'role' && kind !== 'group') return null;
  const data = {
    status: STATUSES.map((status) => ({ value: status, label: say(`status.${status}`) })),
    role: choices.roles,
    group: choices.groups,
  }[kind];
  return (
    <Select
      label={say(`who.which.${kind}`)}
      data={data}
      value={values.which || null}
      onChange={(value) => set('which', value ?? '')}
    />
  );
}

export function BulkPage() {
  const { state } = useLocation();
  const navigate = useNavigate();
  const choices = useChoices();
  const selected = (state as { users?: string[] } | null)?.users ?? [];
  const fields = useFields<Values>({
    kind: selected.length > 0 ? 'selected' : 'everyone',
    which: '',
    emails: '',
    role: NO_ROLE,
    operation: 'activate-invite',
    app: '',
  });
  const { values } = fields;
  const preview = useWrite(routes.bulkPreview);
  const body = toBody(values, selected);
  const needsApp = values.operation === 'assign-app' || values.operation === 'remove-app';
  const kinds = [
    ...(selected.length > 0 ? [{ value: 'selected', label: say('who.selected', { n: selected.length }) }] : []),
    ...KINDS.map((kind) => ({ value: kind, label: say(`who.${kind}`) })),
  ];
  return (
    <>
      <PageHeader title={say('title')} crumbs={[{ to: '/users', label: say('crumb') }]} />
      <Body narrow="narrow">
        <Form label={say('title')} onSubmit={() => body && preview.mutate({ body })}>
          <Section title={say('who')}>
            <Select
              label={say('who.kind')}
              data={kinds}
              value={values.kind}
              allowDeselect={false}
              onChange={(value) => {
                fields.set('kind', value ?? 'everyone');
                fields.set('which', '');
              }}
            />
            <Which values={values} set={fields.set} choices={choices} />
          </Section>
          <Section title={say('what')}>
            <Select
              label={say('role')}
              description={say('role.what')}
              data={[{ value: NO_ROLE, label: say('role.none') }, ...choices.roles]}
              value={values.role}
              allowDeselect={false}
              onChange={(value) => fields.set('role', value ?? NO_ROLE)}
            />
            <Select
              label={say('operation')}
              data={OPERATIONS.map((operation) => ({ value: operation, label: say(`operation.${operation}`) }))}
              value={values.operation}
              allowDeselect={false}
              onChange={(value) => fields.set('operation', value ?? '')}
            />
            {needsApp ? (
              <Select
                label={say('app')}
                data={choices.apps}
                value={values.app || null}
                onChange={(value) => fields.set('app', value ?? '')}
              />
            ) : null}
          </Section>
          {preview.error === null ? null : <ProblemNote error={preview.error} />}
          {preview.data?.people === 0 ? <p role="status">{say('preview.nobody')}</p> : null}
          <FormActions>
            <Button
              type="submit"
              variant="filled"
              disabled={body === undefined || preview.isPending}
              aria-busy={preview.isPending}
            >
              {preview.isPending ? say('counting') : say('continue')}
            </Button>
          </FormActions>
        </Form>
        {preview.data !== undefined && preview.data.people > 0 && body !== undefined ? (
          <ConfirmBulk
            preview={preview.data}
            body={body}
            onStarted={(id) => void navigate(`/bulk/${id}`)}
            onCancel={() => preview.reset()}
          />
        ) : null}
      </Body>
    </>
  );
}
