/*
 * I4.2: where the app is reached and with which credential; **Enable** runs the live checks with what is in the form and
 * switches on when all pass, **Save** keeps. Both orders work. Reach: own origin.
 */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  Body,
  ConfirmDialog,
  type Fields,
  Form,
  fieldError,
  isProblem,
  ProblemNote,
  useAnnounce,
  useFields,
  useWrite,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveBar } from '../save-bar.tsx';
import { ApiState } from './api-state.tsx';
import type { AppDetail } from './app-page.tsx';
import appCss from './apps.module.css';
import { Checks } from './checks.tsx';
import { CredentialField } from './credential-field.tsx';
import { readOrgId } from './spelling.ts';
import { say, sayRich } from './words.ts';

const STALE = ['tasks', 'dashboard', 'article', 'users'];
const FORM = 'configuration';
type ConfigurationFields = Fields<{ address: string; credential: string }>;

/** What is in the form and differs from what is saved, as the contract names it. */
function typedIn({ app, configuration }: AppDetail, { address, credential }: ConfigurationFields['values']) {
  const name = app.connector === 'rollcall' ? 'orgId' : 'baseUrl';
  const saved = app.connector === 'rollcall' ? configuration.orgId : configuration.baseUrl;
  return {
    ...(address === (saved ?? '') ? {} : { [name]: address }),
    ...(credential.trim() === '' ? {} : { credential }),
  };
}

function AddressField({
  detail,
  fields,
  error,
}: {
  detail: AppDetail;
  fields: ConfigurationFields;
  error: Error | null;
}) {
  const { app, configuration } = detail;
  const { address } = fields.values;
  const props = { ...fields.text('address'), autoComplete: 'off', spellCheck: false };
  if (app.connector === 'scim2') {
    return <TextInput {...props} id="baseUrl" label={say('config.baseUrl')} error={fieldError(error, 'baseUrl')} />;
  }
  const read = readOrgId(address);
  const asTyped = read === undefined || read === address.trim();
  return (
    <TextInput
      {...props}
      id="orgId"
      label={say('config.orgId')}
      description={
        asTyped
          ? sayRich('config.baseUrl.now', { url: configuration.baseUrl })
          : sayRich('config.orgId.as', { orgId: read })
      }
      error={fieldError(error, 'orgId')}
    />
  );
}

function ApiLine(props: { detail: AppDetail; busy: boolean; onEnable: () => void; onDisable: () => void }) {
  const { detail, busy, onEnable, onDisable } = props;
  const { apiStatus } = detail.configuration;
  return (
    <div className={appCss['apiLine']}>
      <h2>{say('config.api')}</h2>
      <span role="status">
        <ApiState status={apiStatus} />
      </span>
      {apiStatus === 'enabled' ? null : (
        <Button disabled={busy} onClick={onEnable}>
          {say(busy ? 'config.enabling' : 'config.enable')}
        </Button>
      )}
      {apiStatus === 'disabled' ? null : <Button onClick={onDisable}>{say('config.disable')}</Button>}
    </div>
  );
}

function DisableApi({ detail: { app }, onClose }: { detail: AppDetail; onClose: () => void }) {
  const disable = useWrite(routes.disableApi, STALE);
  return (
    <ConfirmDialog
      opened
      title={say('config.disable.title', { app: app.name })}
      confirm={say('config.disable')}
      busy={disable.isPending}
      error={disable.error}
      onConfirm={() => disable.mutate({ params: { id: app.id } }, { onSuccess: onClose })}
      onCancel={onClose}
    >
      <p>{say('config.disable.what')}</p>
    </ConfirmDialog>
  );
}

function useConfiguration(detail: AppDetail) {
  const { app, configuration } = detail;
  const announce = useAnnounce();
  const addressOf = (from: { orgId: string | null; baseUrl: string }) =>
    (app.connector === 'rollcall' ? from.orgId : from.baseUrl) ?? '';
  const fields = useFields({ address: addressOf(configuration), credential: '' });
  const [savedAt, setSavedAt] = useState<Date>();
  const enable = useWrite(routes.enableApi, STALE);
  const save = useWrite(routes.saveConfiguration, STALE);
  const call = () => ({ params: { id: app.id }, body: typedIn(detail, fields.values) });
  return {
    fields,
    savedAt,
    enable,
    save,
    runEnable: () =>
      enable.mutate(call(), {
        onSuccess: ({ apiStatus }) => announce(say(apiStatus === 'enabled' ? 'config.enabled' : 'config.failed')),
      }),
    runSave: () =>
      save.mutate(call(), {
        onSuccess: (saved) => {
          fields.reset({ address: addressOf(saved), credential: '' });
          setSavedAt(new Date());
        },
      }),
  };
}

export function ConfigurationTab({ detail }: { detail: AppDetail }) {
  const { configuration } = detail;
  const [disabling, setDisabling] = useState(false);
  const { fields, savedAt, enable, save, runEnable, runSave } = useConfiguration(detail);
  const failed = enable.error ?? save.error;
  // Field errors of Enable stand at their fields; the form shows one failure at a time.
  const other = isProblem(enable.error) && enable.error.errors.length > 0 ? null : enable.error;
  return (
    <>
      <SaveBar form={FORM} dirty={fields.dirty} busy={save.isPending} savedAt={savedAt}>
        {fields.dirty && configuration.apiStatus === 'enabled' ? (
          <p className={css['quiet']}>{say('config.saveToKeep')}</p>
        ) : null}
      </SaveBar>
      <Body narrow="narrow">
        <Form id={FORM} onSubmit={runSave} error={save.error} label={say('tab.configuration')}>
          <AddressField detail={detail} fields={fields} error={failed} />
          <CredentialField
            key={savedAt?.getTime()}
            hint={configuration.credentialHint}
            fields={fields}
            error={fieldError(failed, 'credential')}
            refused={configuration.held !== null}
          />
        </Form>
        <ApiLine detail={detail} busy={enable.isPending} onEnable={runEnable} onDisable={() => setDisabling(true)} />
        {other === null ? null : <ProblemNote error={other} />}
        <Checks checks={configuration.checks} checkedAt={configuration.checkedAt} running={enable.isPending} />
        {disabling ? <DisableApi detail={detail} onClose={() => setDisabling(false)} /> : null}
      </Body>
    </>
  );
}
