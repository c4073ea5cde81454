/* I4.6: the roles that get the app; who would gain or lose it is said before saving. Reach: own origin. */
import { useEffect, useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Body, Form, Loaded, Section, useRoute, useWrite } from '../../ui/index.ts';
import { SaveBar } from '../save-bar.tsx';
import { type Choice, TickList, useTicks } from '../ticks.tsx';
import type { AppDetail } from './app-page.tsx';
import { say } from './words.ts';

const FORM = 'access';

function usePreview(id: string, roles: readonly string[], dirty: boolean): string | undefined {
  const { mutate, data, reset } = useWrite(routes.appRolesPreview);
  const asked = roles.join(' ');
  useEffect(() => {
    if (dirty) mutate({ params: { id }, body: { roles: asked === '' ? [] : asked.split(' ') } });
    else reset();
  }, [id, asked, dirty, mutate, reset]);
  return data?.sentence;
}

function AccessForm({ detail: { app, roles }, all }: { detail: AppDetail; all: readonly Choice[] }) {
  const ticks = useTicks(roles.map(({ id }) => id));
  const [savedAt, setSavedAt] = useState<Date>();
  const set = useWrite(routes.setAppRoles, ['roles', 'users', 'tasks', 'dashboard', 'my']);
  const preview = usePreview(app.id, ticks.ids, ticks.dirty);
  const save = () =>
    set.mutate({ params: { id: app.id }, body: { roles: ticks.ids } }, { onSuccess: () => setSavedAt(new Date()) });
  return (
    <>
      <SaveBar form={FORM} dirty={ticks.dirty} busy={set.isPending} savedAt={savedAt}>
        <p role="status">{ticks.dirty ? preview : null}</p>
      </SaveBar>
      <Body narrow="narrow">
        <Section title={say('access.title')}>
          <Form id={FORM} onSubmit={save} error={set.error} label={say('tab.access')}>
            <TickList all={all} ticks={ticks} empty={say('access.noRoles')} />
          </Form>
        </Section>
      </Body>
    </>
  );
}

export function AccessTab({ detail }: { detail: AppDetail }) {
  const roles = useRoute(routes.roles);
  return <Loaded query={roles}>{(data) => <AccessForm detail={detail} all={data.roles} />}</Loaded>;
}
