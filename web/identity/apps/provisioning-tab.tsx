/*
 * I4.7: whether the app follows this directory, what waits for approval, what happens when somebody leaves; beside it the
 * people. Tasks that wait for an approval no longer required are asked about before saving. Reach: own origin.
 */
import { Button, Checkbox, Select } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { z } from 'zod';
import { type provisioningSettingsSchema, identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Body, Dialog, type Fields, Form, FormActions, ProblemNote, useFields, useWrite } from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveBar } from '../save-bar.tsx';
import type { AppDetail } from './app-page.tsx';
import appCss from './apps.module.css';
import { PeopleWithApp } from './people-with-app.tsx';
import { say } from './words.ts';

type Settings = z.infer<typeof provisioningSettingsSchema>;
type SettingsFields = Fields<Record<keyof Settings, string | boolean> & Settings>;

const FORM = 'provisioning';
const APPROVALS = [
  { field: 'approveCreate', action: 'create' },
  { field: 'approveDelete', action: 'delete' },
  { field: 'approveUpdate', action: 'update' },
] as const;
const LEAVES = {
  onDelete: ['delete', 'suspend', 'nothing'],
  onUnassign: ['delete', 'suspend', 'nothing'],
  onSuspend: ['suspend', 'nothing'],
} as const;

function Approvals({ detail, fields }: { detail: AppDetail; fields: SettingsFields }) {
  return (
    <fieldset className={appCss['boxes']}>
      <legend>{say('prov.approval')}</legend>
      {APPROVALS.map(({ field, action }) => {
        const waiting = detail.waiting[action];
        return (
          <Checkbox
            key={field}
            {...fields.check(field)}
            label={say(`prov.${action}`)}
            description={waiting === 0 ? undefined : say('prov.waits', { n: waiting })}
          />
        );
      })}
      <p className={css['quiet']}>{say('prov.help')}</p>
    </fieldset>
  );
}

function Leaving({ detail: { app }, fields }: { detail: AppDetail; fields: SettingsFields }) {
  return (
    <fieldset className={appCss['boxes']}>
      <legend>{say('prov.leave')}</legend>
      {(['onDelete', 'onUnassign', 'onSuspend'] as const).map((field) => (
        <Select
          key={field}
          label={say(`prov.${field}`)}
          data={LEAVES[field].map((value) => ({ value, label: say(`leave.${value}`, { app: app.name }) }))}
          value={fields.values[field]}
          onChange={(value) => {
            const chosen = LEAVES[field].find((each) => each === value);
            if (chosen !== undefined) fields.set(field, chosen);
          }}
        />
      ))}
    </fieldset>
  );
}

function WaitingDialog(props: {
  count: number;
  busy: boolean;
  error: Error | null;
  onChoose: (waiting: 'run' | 'keep') => void;
  onClose: () => void;
}) {
  const { count, busy, error, onChoose, onClose } = props;
  return (
    <Dialog opened onClose={onClose} title={say('waiting.title', { n: count })}>
      <p>{say('waiting.what')}</p>
      {error === null ? null : <ProblemNote error={error} />}
      <FormActions>
        <Button variant="filled" disabled={busy} data-autofocus onClick={() => onChoose('run')}>
          {say('waiting.run')}
        </Button>
        <Button disabled={busy} onClick={() => onChoose('keep')}>
          {say('waiting.keep')}
        </Button>
      </FormActions>
    </Dialog>
  );
}

/** How many tasks wait for an approval that would no longer be required. */
function freedBy(detail: AppDetail, settings: Settings): number {
  return APPROVALS.filter(({ field }) => detail.settings[field] && !settings[field])
    .map(({ action }) => detail.waiting[action])
    .reduce((sum, count) => sum + count, 0);
}

export function ProvisioningTab({ detail }: { detail: AppDetail }) {
  const { app, settings } = detail;
  const fields: SettingsFields = useFields(settings);
  const [savedAt, setSavedAt] = useState<Date>();
  const [asking, setAsking] = useState(false);
  const save = useWrite(routes.saveProvisioning, ['tasks', 'dashboard', 'article', 'users']);
  const freed = freedBy(detail, fields.values);
  const put = (waiting?: 'run' | 'keep') => {
    const body = { ...fields.values, ...(waiting === undefined ? {} : { waiting }) };
    const done = () => {
      fields.reset(fields.values);
      setSavedAt(new Date());
      setAsking(false);
    };
    save.mutate({ params: { id: app.id }, body }, { onSuccess: done });
  };
  const apiOff = app.apiStatus === 'disabled';
  return (
    <>
      <SaveBar form={FORM} dirty={fields.dirty} busy={save.isPending} savedAt={savedAt} />
      <div className={appCss['columns']}>
        <Body>
          {apiOff ? (
            <p>
              {say('prov.disabled')} <Link to={`/apps/${app.id}/configuration`}>{say('prov.toConfiguration')}</Link>
            </p>
          ) : null}
          <Form
            id={FORM}
            onSubmit={() => (freed > 0 ? setAsking(true) : put())}
            error={asking ? null : save.error}
            label={say('tab.provisioning')}
          >
            <Checkbox
              {...fields.check('enabled')}
              disabled={apiOff && !fields.values.enabled}
              label={say('prov.enable')}
              description={say('prov.enable.what', { app: app.name })}
            />
            <Approvals detail={detail} fields={fields} />
            <Leaving detail={detail} fields={fields} />
          </Form>
        </Body>
        <div className={appCss['people']}>
          <h2 className={appCss['peopleHead']}>{say('prov.people')}</h2>
          <PeopleWithApp detail={detail} />
        </div>
      </div>
      {asking ? (
        <WaitingDialog
          count={freed}
          busy={save.isPending}
          error={save.error}
          onChoose={put}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
