/*
 * Step 2: our values, each under the name that the chosen identity provider gives it. They are the same before and after
 * SAML is on, so the other end can be set up first. Reach: the clipboard.
 */
import { Button } from '@mantine/core';
import { CopyButton, CopyField, Facts, FormActions } from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { namesOf } from './identity-providers.ts';
import type { StepProps } from './step.ts';

export function GiveStep({ saml, onNext }: StepProps) {
  const names = namesOf(saml.card.idpKind);
  const { acsUrl, entityId, metadataUrl, nameIdFormat, signInUrl } = saml.give;
  const rows = [
    { label: say('saml.give.metadata'), value: metadataUrl, description: say('saml.give.metadata.what') },
    { label: names.acsUrl, value: acsUrl, description: say('saml.give.acs.also') },
    { label: names.entityId, value: entityId, description: say('saml.give.entity.also') },
    { label: say('saml.give.signIn'), value: signInUrl, description: say('saml.give.signIn.what') },
  ];
  const table = rows.map((row) => `${row.label}\t${row.value}`).join('\n');
  return (
    <>
      <p>{say('saml.give.lead', { idp: names.name })}</p>
      {rows.map((row) => (
        <CopyField key={row.label} {...row} />
      ))}
      <Facts facts={[{ term: names.nameId, value: say('saml.give.nameId'), note: <code>{nameIdFormat}</code> }]} />
      <p>{sayRich('saml.give.match')}</p>
      <FormActions>
        <Button variant="filled" onClick={() => onNext('take')}>
          {say('continue')}
        </Button>
        <CopyButton text={table} label={say('saml.give.all')} size="sm" />
      </FormActions>
    </>
  );
}
