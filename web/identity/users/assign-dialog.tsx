/*
 * *Assign new login*: choose the app, **Continue**, then the login with where every value comes from, **Save**.
 * Reach: own origin.
 */
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type App, type Assignment, identityRoutes as routes, type User } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Dialog,
  Facts,
  Form,
  FormActions,
  fieldError,
  Loaded,
  useFields,
  useRoute,
  useWrite,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { say as sayCommon } from '../words.ts';
import { say } from './words.ts';

type LoginForm = AnswerOf<typeof routes.loginForm>;

export interface AssignDialogProps {
  opened: boolean;
  user: User;
  assignments: readonly Assignment[];
  onClose: () => void;
}

/** The app as a choice; why it cannot be chosen, where it cannot. */
function choiceOf(app: App, assignments: readonly Assignment[]) {
  const login = assignments.find((assignment) => assignment.app.id === app.id);
  const has = login !== undefined && !['deprovisioned', 'suspended', 'skipped'].includes(login.status);
  if (has) return { value: app.id, label: say('assign.already', { app: app.name }), disabled: true };
  if (app.apiStatus === 'disabled')
    return { value: app.id, label: say('assign.disabled', { app: app.name }), disabled: true };
  return { value: app.id, label: app.name };
}

function ChooseApp(props: {
  apps: readonly App[];
  assignments: readonly Assignment[];
  onChosen: (app: App) => void;
  onClose: () => void;
}) {
  const { apps, assignments, onChosen, onClose } = props;
  const choices = apps.map((app) => choiceOf(app, assignments));
  const free = choices.filter((choice) => choice.disabled !== true);
  const [picked, setPicked] = useState<string | null>(null);
  // Where there is only one to choose, it is chosen.
  const id = picked ?? (free.length === 1 ? (free[0]?.value ?? null) : null);
  const chosen = apps.find((app) => app.id === id);
  return (
    <Form onSubmit={() => chosen !== undefined && onChosen(chosen)} label={say('assign.title')}>
      {apps.length === 0 ? <p>{say('assign.noApps')}</p> : null}
      <Select
        label={say('assign.app')}
        placeholder={say('assign.choose')}
        data={choices}
        value={id}
        onChange={setPicked}
        data-autofocus
      />
      <FormActions>
        <Button type="submit" variant="filled" disabled={chosen === undefined}>
          {sayCommon('continue')}
        </Button>
        <Button onClick={onClose}>{sayCommon('cancel')}</Button>
      </FormActions>
    </Form>
  );
}

function EditLogin({ app, user, form, onClose }: { app: App; user: User; form: LoginForm; onClose: () => void }) {
  const editable = form.fields.filter((field) => field.editable);
  const fixed = form.fields.filter((field) => !field.editable);
  const fields = useFields<Record<string, string | boolean>>({
    ...Object.fromEntries(editable.map(({ attribute, value }) => [attribute, value])),
    maySignIn: true,
  });
  const assign = useWrite(routes.assignApp, ['tasks', 'apps', 'dashboard', 'article', 'my']);
  const save = () => {
    const overrides = Object.fromEntries(
      editable.map(({ attribute }) => [attribute, String(fields.values[attribute] ?? '')]),
    );
    const body = { overrides, maySignIn: fields.values['maySignIn'] === true };
    assign.mutate({ params: { id: user.id, app: app.id }, body }, { onSuccess: onClose });
  };
  return (
    <Form onSubmit={save} error={assign.error} label={say('edit.title', { name: user.displayName })}>
      <p>{say('edit.lead', { app: app.name })}</p>
      {editable.map((field) => (
        <TextInput
          key={field.attribute}
          {...fields.text(field.attribute)}
          label={field.label}
          description={say('edit.from', { from: field.from })}
          autoComplete="off"
          error={fieldError(assign.error, `overrides/${field.attribute}`)}
        />
      ))}
      <Checkbox {...fields.check('maySignIn')} label={say('edit.maySignIn')} />
      <details>
        <summary>{say('edit.fixed')}</summary>
        <Facts
          facts={fixed.map(({ label, value, from }) => ({ term: label, value, note: say('edit.from', { from }) }))}
        />
      </details>
      <details>
        <summary>{say('edit.preview')}</summary>
        <pre className={css['code']}>{form.preview}</pre>
      </details>
      <FormActions>
        <Button type="submit" variant="filled" disabled={assign.isPending}>
          {sayCommon(assign.isPending ? 'saving' : 'save')}
        </Button>
        <Button onClick={onClose}>{sayCommon('cancel')}</Button>
      </FormActions>
    </Form>
  );
}

function Stages({ user, assignments, onClose }: Omit<AssignDialogProps, 'opened'>) {
  const [app, setApp] = useState<App>();
  const apps = useRoute(routes.apps);
  const form = useRoute(routes.loginForm, {
    params: { id: user.id, app: app?.id ?? '' },
    enabled: app !== undefined,
  });
  return (
    <Dialog
      opened
      onClose={onClose}
      title={app === undefined ? say('assign.title') : say('edit.title', { name: user.displayName })}
    >
      {app === undefined ? (
        <Loaded query={apps} rows={2}>
          {(data) => <ChooseApp apps={data.apps} assignments={assignments} onChosen={setApp} onClose={onClose} />}
        </Loaded>
      ) : (
        <Loaded query={form} rows={4}>
          {(data) => <EditLogin app={app} user={user} form={data} onClose={onClose} />}
        </Loaded>
      )}
    </Dialog>
  );
}

export function AssignDialog({ opened, ...props }: AssignDialogProps) {
  return opened ? <Stages {...props} /> : null;
}
