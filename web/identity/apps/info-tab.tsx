/* I4.1: name, description, whether people see it; deleting. Reach: own origin. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Body, ConfirmDialog, Form, fieldError, useFields, useWrite } from '../../ui/index.ts';
import { SaveBar } from '../save-bar.tsx';
import type { AppDetail } from './app-page.tsx';
import { say } from './words.ts';

function DeleteApp({ detail: { app } }: { detail: AppDetail }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useWrite(routes.deleteApp, ['dashboard', 'tasks', 'users', 'roles', 'my', 'article']);
  return (
    <>
      <div>
        <Button onClick={() => setAsking(true)}>{say('info.delete')}</Button>
      </div>
      <ConfirmDialog
        opened={asking}
        title={say('info.delete.title', { app: app.name })}
        confirm={say('info.delete')}
        busy={remove.isPending}
        error={remove.error}
        typed={app.name}
        onConfirm={() => remove.mutate({ params: { id: app.id } }, { onSuccess: () => navigate('/apps') })}
        onCancel={() => setAsking(false)}
      >
        <p>{say('info.delete.what')}</p>
      </ConfirmDialog>
    </>
  );
}

export function AppInfoTab({ detail }: { detail: AppDetail }) {
  const { app, visibleInPortal } = detail;
  const fields = useFields({ name: app.name, description: app.description ?? '', visibleInPortal });
  const [savedAt, setSavedAt] = useState<Date>();
  const update = useWrite(routes.updateApp, ['my', 'dashboard', 'roles']);
  const save = () => {
    const { description, ...rest } = fields.values;
    const done = () => {
      fields.reset(fields.values);
      setSavedAt(new Date());
    };
    update.mutate({ params: { id: app.id }, body: { ...rest, description: description || null } }, { onSuccess: done });
  };
  return (
    <>
      <SaveBar form="app-info" dirty={fields.dirty} busy={update.isPending} savedAt={savedAt} />
      <Body narrow="narrow">
        <Form id="app-info" onSubmit={save} error={update.error} label={say('tab.info')}>
          <TextInput
            {...fields.text('name')}
            label={say('info.name')}
            autoComplete="off"
            error={fieldError(update.error, 'name')}
          />
          <TextInput {...fields.text('description')} label={say('info.description')} autoComplete="off" />
          <Checkbox {...fields.check('visibleInPortal')} label={say('info.visible')} />
        </Form>
        <DeleteApp detail={detail} />
      </Body>
    </>
  );
}
