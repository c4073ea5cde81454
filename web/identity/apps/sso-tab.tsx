/* I4.5: what the app needs of this identity provider, and what it told of itself. Pure. */
import { Button } from '@mantine/core';
import { Body, CopyField, type Fact, Facts, Section, When } from '../../ui/index.ts';
import type { AppDetail } from './app-page.tsx';
import { say } from './words.ts';

/** A file made in the browser; nothing is asked for again. */
function download(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Ours({ sso }: { sso: AppDetail['sso'] }) {
  const { pem, fingerprint, notAfter } = sso.certificate;
  return (
    <Section title={say('sso.ours')}>
      <p>{say('sso.ours.what')}</p>
      <CopyField label={say('sso.metadata')} value={sso.metadataUrl} />
      <CopyField label={say('sso.issuer')} value={sso.issuer} />
      <CopyField label={say('sso.url')} value={sso.ssoUrl} />
      <Facts
        facts={[
          {
            term: say('sso.certificate'),
            value: (
              <>
                {say('sso.until')} <When at={notAfter} as="day" />
              </>
            ),
          },
          { term: say('sso.fingerprint'), value: <code>{fingerprint}</code> },
        ]}
      />
      <div>
        <Button onClick={() => download('rollcall-identity-provider.pem', pem)}>{say('sso.download')}</Button>
      </div>
    </Section>
  );
}

export function SsoTab({ detail: { sso } }: { detail: AppDetail }) {
  const code = (term: string, value: string | null): Fact => ({
    term,
    value: value === null ? say('add.unknown') : <code>{value}</code>,
  });
  return (
    <Body narrow="narrow">
      <Ours sso={sso} />
      <Section title={say('sso.theirs')}>
        <Facts
          facts={[
            code(say('sso.entityId'), sso.entityId),
            code(say('sso.acs'), sso.acsUrls.join(', ')),
            code(say('sso.nameId'), sso.nameIdFormat),
            code(say('sso.signIn'), sso.signInUrl),
          ]}
        />
      </Section>
    </Body>
  );
}
