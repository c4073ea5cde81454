/* Step 3: the identity provider's metadata, by address or as a file; what was read from it is shown. Reach: own origin. */
import { Button, FileButton, TextInput } from '@mantine/core';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type Fact,
  Facts,
  Form,
  FormActions,
  fieldError,
  useAnnounce,
  useFields,
  useWrite,
  When,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import type { StepProps } from './step.ts';

function WhatWeRead({ take }: { take: NonNullable<StepProps['saml']['take']> }) {
  const source: Fact = {
    term: say('saml.take.from'),
    value: take.metadataUrl === null ? say('saml.take.fromFile') : <code>{take.metadataUrl}</code>,
    note: <When at={take.metadataReadAt} as="moment" />,
  };
  const certificates = take.certificates.map((certificate, index) => ({
    term: say('saml.take.certificate', { number: index + 1 }),
    value: (
      <>
        {certificate.subject} {say('saml.take.until')} <When at={certificate.notAfter} as="day" />
      </>
    ),
    note: <code>{certificate.fingerprint}</code>,
  }));
  return (
    <Facts
      facts={[
        { term: say('saml.take.issuer'), value: <code>{take.entityId}</code> },
        { term: say('saml.take.sso'), value: <code>{take.ssoUrl}</code> },
        source,
        ...certificates,
      ]}
    />
  );
}

export function TakeStep({ saml, onNext }: StepProps) {
  const announce = useAnnounce();
  const fields = useFields({ url: saml.take?.metadataUrl ?? '' });
  const read = useWrite(routes.readMetadata, ['integrations', 'article']);
  const done = { onSuccess: () => announce(say('saml.take.done')) };
  const readFile = async (file: File | null) => {
    if (file !== null) read.mutate({ body: { xml: await file.text() } }, done);
  };
  return (
    <>
      <Form
        onSubmit={() => read.mutate({ body: { url: fields.values.url } }, done)}
        error={read.error}
        label={say('saml.step.take')}
      >
        <TextInput
          {...fields.text('url')}
          type="url"
          label={say('saml.take.url')}
          description={say('saml.take.url.what')}
          autoComplete="off"
          error={fieldError(read.error, 'url')}
        />
        <FormActions>
          <Button
            type="submit"
            variant={saml.take === null ? 'filled' : 'default'}
            disabled={fields.values.url === '' || read.isPending}
          >
            {say(read.isPending ? 'saml.take.reading' : 'saml.take.read')}
          </Button>
          <FileButton
            onChange={(file) => void readFile(file)}
            accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
          >
            {(props) => <Button {...props}>{say('saml.take.file')}</Button>}
          </FileButton>
        </FormActions>
      </Form>
      {saml.take === null ? null : (
        <>
          <WhatWeRead take={saml.take} />
          <FormActions>
            <Button variant="filled" onClick={() => onNext('test')}>
              {say('continue')}
            </Button>
          </FormActions>
        </>
      )}
    </>
  );
}
