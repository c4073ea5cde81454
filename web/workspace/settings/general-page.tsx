/* S7: name and address of the workspace, its plan. Reach: own origin. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  allowed,
  Body,
  CopyField,
  Facts,
  Form,
  FormActions,
  fieldError,
  Loaded,
  Saved,
  useFields,
  useRoute,
  useSignedIn,
  useWrite,
} from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';

type Settings = AnswerOf<typeof routes.settings>;

function NameForm({ settings }: { settings: Settings }) {
  const fields = useFields({ name: settings.name });
  const [savedAt, setSavedAt] = useState<Date>();
  const update = useWrite(routes.updateSettings, ['session']);
  const saved = () => {
    fields.reset(fields.values);
    setSavedAt(new Date());
  };
  return (
    <Form
      onSubmit={() => update.mutate({ body: fields.values }, { onSuccess: saved })}
      error={update.error}
      label={say('settings.general')}
    >
      <TextInput {...fields.text('name')} label={say('settings.name')} error={fieldError(update.error, 'name')} />
      <FormActions>
        <Button type="submit" variant="filled" disabled={!fields.dirty || update.isPending}>
          {say('save')}
        </Button>
        {savedAt === undefined || fields.dirty ? null : <Saved at={savedAt} />}
      </FormActions>
    </Form>
  );
}

function General({ settings }: { settings: Settings }) {
  const { me } = useSignedIn();
  const edits = allowed(routes.updateSettings, me.role);
  const name = { term: say('settings.name'), value: settings.name };
  const plan = {
    term: say('settings.plan'),
    value: say(`plan.${settings.plan}`),
    note: sayRich('settings.plan.change', { slug: settings.slug }),
  };
  return (
    <Body narrow="narrow">
      {edits ? <NameForm settings={settings} /> : null}
      <CopyField label={say('settings.address')} value={settings.address} description={say('settings.address.what')} />
      <Facts
        facts={[...(edits ? [] : [name]), { term: say('settings.slug'), value: <code>{settings.slug}</code> }, plan]}
      />
    </Body>
  );
}

export function GeneralPage() {
  const settings = useRoute(routes.settings);
  return <Loaded query={settings}>{(data) => <General settings={data} />}</Loaded>;
}
