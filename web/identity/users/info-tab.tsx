/* The ten attributes and the names of a user, as a form; who may administer, for owners. Reach: own origin. */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { roleSchema } from '../../../src/contract/sign-in.ts';
import {
  allowed,
  Body,
  Form,
  FormActions,
  ProblemNote,
  Saved,
  Section,
  useFields,
  useSignedIn,
  useWrite,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { say as sayCommon } from '../words.ts';
import { bodyOf, UserFields, valuesOf } from './user-fields.tsx';
import type { UserStory } from './user-page.tsx';
import { say } from './words.ts';

function AdminRole({ story: { user } }: { story: UserStory }) {
  const change = useWrite(routes.setAdminRole);
  return (
    <Section title={say('user.adminRole')}>
      <Select
        aria-label={say('user.adminRole')}
        description={say('user.adminRole.what')}
        data={roleSchema.options.map((role) => ({ value: role, label: say(`role.${role}`) }))}
        value={user.adminRole}
        disabled={change.isPending}
        onChange={(value) => {
          const role = roleSchema.options.find((name) => name === value);
          if (role !== undefined && role !== user.adminRole) change.mutate({ params: { id: user.id }, body: { role } });
        }}
      />
      {change.error === null ? null : <ProblemNote error={change.error} />}
    </Section>
  );
}

export function InfoTab({ story }: { story: UserStory }) {
  const { user } = story;
  const { me } = useSignedIn();
  const fields = useFields(valuesOf(user));
  const [savedAt, setSavedAt] = useState<Date>();
  const update = useWrite(routes.updateUser, ['tasks', 'apps', 'my', 'article', 'dashboard']);
  const saved = () => {
    fields.reset(fields.values);
    setSavedAt(new Date());
  };
  return (
    <Body narrow="narrow">
      <Form
        onSubmit={() => update.mutate({ params: { id: user.id }, body: bodyOf(fields.values) }, { onSuccess: saved })}
        error={update.error}
        label={say('user.info')}
      >
        <UserFields fields={fields} error={update.error} user={user} />
        <p className={css['quiet']}>{say('form.groups')}</p>
        <FormActions>
          <Button type="submit" variant="filled" disabled={!fields.dirty || update.isPending}>
            {sayCommon(update.isPending ? 'saving' : 'save')}
          </Button>
          {savedAt === undefined || fields.dirty ? null : <Saved at={savedAt} />}
        </FormActions>
      </Form>
      {allowed(routes.setAdminRole, me.role) && user.id !== me.id ? <AdminRole story={story} /> : null}
    </Body>
  );
}
