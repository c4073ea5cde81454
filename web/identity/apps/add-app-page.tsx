/* I3: add an app from its SAML metadata, by address or as a file; what it tells is shown before it is added. Reach: own origin. */
import { Button, Checkbox, FileButton, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  type Fact,
  Facts,
  Form,
  FormActions,
  fieldError,
  Section,
  useFields,
  useWrite,
} from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import { AppsHead } from './apps-head.tsx';
import { say } from './words.ts';

type Preview = AnswerOf<typeof routes.readAppMetadata>;
type Metadata = { url: string } | { xml: string };
type Connector = 'rollcall' | 'scim2';
const CONNECTORS = ['rollcall', 'scim2'] as const;

interface Read {
  readonly metadata: Metadata;
  readonly preview: Preview;
}

function toldBy(preview: Preview, connector: Connector): Fact[] {
  const fact = (term: string, value: string | null): Fact => ({
    term,
    value: value === null ? say('add.unknown') : <code>{value}</code>,
  });
  return [
    { term: sayCommon('name'), value: preview.name },
    fact(say('add.entityId'), preview.entityId),
    fact(say('add.acs'), preview.acsUrls.join(', ')),
    ...(connector === 'rollcall' ? [fact(say('add.orgId'), preview.orgId)] : []),
    fact(say('add.baseUrl'), preview.baseUrl),
    fact(say('add.signIn'), preview.signInUrl),
  ];
}

function ConfirmApp({ read, connector }: { read: Read; connector: Connector }) {
  const navigate = useNavigate();
  const { preview, metadata } = read;
  const fields = useFields({ name: preview.name, assignToMe: true });
  const add = useWrite(routes.addApp, ['dashboard', 'article', 'my', 'tasks', 'users']);
  const { name, assignToMe } = fields.values;
  const misfit = connector === 'rollcall' && preview.orgId === null;
  return (
    <Section title={say('add.told')}>
      <Facts facts={toldBy(preview, connector)} />
      {misfit ? <p role="alert">{say('add.noScim')}</p> : null}
      <Form
        onSubmit={() =>
          add.mutate(
            { body: { connector, name, metadata, assignToMe } },
            { onSuccess: ({ id }) => navigate(`/apps/${id}/configuration`) },
          )
        }
        error={add.error}
        label={say('add.told')}
      >
        <TextInput
          {...fields.text('name')}
          label={say('add.name')}
          autoComplete="off"
          error={fieldError(add.error, 'name')}
        />
        <Checkbox {...fields.check('assignToMe')} label={say('add.me')} description={say('add.me.what')} />
        <FormActions>
          <Button type="submit" variant="filled" disabled={misfit || add.isPending}>
            {add.isPending ? say('add.adding') : sayCommon('add')}
          </Button>
        </FormActions>
      </Form>
    </Section>
  );
}

function ConnectorChoice({ connector, onChoose }: { connector: Connector; onChoose: (connector: Connector) => void }) {
  return (
    <Radio.Group
      label={say('add.which')}
      value={connector}
      onChange={(value) => onChoose(CONNECTORS.find((name) => name === value) ?? 'rollcall')}
    >
      <Stack gap={8} mt={8}>
        {CONNECTORS.map((name) => (
          <Radio key={name} value={name} label={say(`connector.${name}`)} description={say(`connector.${name}.what`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

export function AddAppPage() {
  const fields = useFields({ url: '' });
  const [connector, setConnector] = useState<Connector>('rollcall');
  const [read, setRead] = useState<Read>();
  const ask = useWrite(routes.readAppMetadata);
  const look = (metadata: Metadata) =>
    ask.mutate({ body: metadata }, { onSuccess: (preview) => setRead({ metadata, preview }) });
  const lookAtFile = async (file: File | null) => {
    if (file !== null) look({ xml: await file.text() });
  };
  const { url } = fields.values;
  return (
    <>
      <AppsHead />
      <Body narrow="narrow">
        <ConnectorChoice connector={connector} onChoose={setConnector} />
        <Form onSubmit={() => look({ url })} error={ask.error} label={say('add.title')}>
          <TextInput
            {...fields.text('url')}
            type="url"
            label={say('add.url')}
            description={say('add.url.what')}
            autoComplete="off"
            error={fieldError(ask.error, 'url') ?? fieldError(ask.error, 'metadata')}
          />
          <FormActions>
            <Button
              type="submit"
              variant={read === undefined ? 'filled' : 'default'}
              disabled={url === '' || ask.isPending}
            >
              {say(ask.isPending ? 'add.reading' : 'add.read')}
            </Button>
            <FileButton
              onChange={(file) => void lookAtFile(file)}
              accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
            >
              {(props) => <Button {...props}>{say('add.file')}</Button>}
            </FileButton>
          </FormActions>
        </Form>
        {read === undefined ? null : <ConfirmApp key={read.preview.entityId} read={read} connector={connector} />}
      </Body>
    </>
  );
}
