/* The ten attributes and the names of a user, as a form; who may administer, for owners. Reach: own origin. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { roleSchema } from '../../../src/contract/sign-in.ts';
import { allowed, Body, Form, ProblemNote, Section, useFields, useSignedIn, useWrite } from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveBar } from '../save-bar.tsx';
import { changesOf, UserFields, valuesOf } from './user-fields.tsx';
import type { UserStory } from './user-page.tsx';
import { say } from './words.ts';

const FORM = 'user';

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
  const [start, setStart] = useState(valuesOf(user));
  const fields = useFields(start);
  const [savedAt, setSavedAt] = useState<Date>();
  const update = useWrite(routes.updateUser, ['tasks', 'apps', 'my', 'article', 'dashboard']);
  const saved = () => {
    fields.reset(fields.values);
    setStart(fields.values);
    setSavedAt(new Date());
  };
  return (
    <Body narrow="narrow">
      <SaveBar form={FORM} dirty={fields.dirty} busy={update.isPending} savedAt={savedAt} />
      <Form
        id={FORM}
        onSubmit={() =>
          update.mutate({ params: { id: user.id }, body: changesOf(fields.values, start) }, { onSuccess: saved })
        }
        error={update.error}
        label={say('user.info')}
      >
        <UserFields fields={fields} error={update.error} user={user} />
        <p className={css['quiet']}>{say('form.groups')}</p>
      </Form>
      {allowed(routes.setAdminRole, me.role) && user.id !== me.id ? <AdminRole story={story} /> : null}
    </Body>
  );
}
