/* The roles and the groups of a user, each a box to tick. Reach: own origin. */
import { useState } from 'react';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Body, Form, Loaded, useRoute, useWrite } from '../../ui/index.ts';
import { SaveBar } from '../save-bar.tsx';
import { type Choice, TickList, useTicks } from '../ticks.tsx';
import type { UserStory } from './user-page.tsx';
import { say } from './words.ts';

const FORM = 'memberships';

interface MembershipsProps {
  label: string;
  all: readonly Choice[];
  of: readonly Choice[];
  busy: boolean;
  error: Error | null;
  onSave: (ids: string[], saved: () => void) => void;
}

function Memberships({ label, all, of, busy, error, onSave }: MembershipsProps) {
  const ticks = useTicks(of.map(({ id }) => id));
  const [savedAt, setSavedAt] = useState<Date>();
  return (
    <>
      <SaveBar form={FORM} dirty={ticks.dirty} busy={busy} savedAt={savedAt} />
      <Form id={FORM} onSubmit={() => onSave(ticks.ids, () => setSavedAt(new Date()))} error={error} label={label}>
        <TickList all={all} ticks={ticks} empty={say('set.nothing')} />
      </Form>
    </>
  );
}

const STALE = ['roles', 'groups', 'tasks', 'apps', 'dashboard', 'article'];

export function UserRolesTab({ story: { user } }: { story: UserStory }) {
  const roles = useRoute(routes.roles);
  const save = useWrite(routes.setUserRoles, STALE);
  const put = (ids: string[], saved: () => void) =>
    save.mutate({ params: { id: user.id }, body: { roles: ids } }, { onSuccess: saved });
  return (
    <Body narrow="narrow">
      <Loaded query={roles}>
        {(data) => (
          <Memberships
            label={say('user.roles')}
            all={data.roles}
            of={user.roles}
            busy={save.isPending}
            error={save.error}
            onSave={put}
          />
        )}
      </Loaded>
    </Body>
  );
}

export function UserGroupsTab({ story: { user } }: { story: UserStory }) {
  const groups = useRoute(routes.groups);
  const save = useWrite(routes.setUserGroups, STALE);
  const put = (ids: string[], saved: () => void) =>
    save.mutate({ params: { id: user.id }, body: { groups: ids } }, { onSuccess: saved });
  return (
    <Body narrow="narrow">
      <Loaded query={groups}>
        {(data) => (
          <Memberships
            label={say('user.groups')}
            all={data.groups}
            of={user.groups}
            busy={save.isPending}
            error={save.error}
            onSave={put}
          />
        )}
      </Loaded>
    </Body>
  );
}
