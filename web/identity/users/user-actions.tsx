/* Activate, invite, suspend and delete a user; what touches others is asked about first. Reach: own origin. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { identityRoutes as routes, type User } from '../../../src/contract/identity.ts';
import { ConfirmDialog, ProblemNote, useAnnounce, useSignedIn, useWrite } from '../../ui/index.ts';
import { say } from './words.ts';

type Asking = 'suspend' | 'delete' | undefined;
const STALE = ['tasks', 'apps', 'dashboard', 'article'];

function useLife(user: User) {
  const announce = useAnnounce();
  const activate = useWrite(routes.activateUser, STALE);
  const invite = useWrite(routes.inviteUser, STALE);
  const unsuspend = useWrite(routes.unsuspendUser, STALE);
  const params = { id: user.id };
  const invited = () => announce(say('user.invited', user));
  return {
    error: activate.error ?? invite.error ?? unsuspend.error,
    busy: activate.isPending || invite.isPending || unsuspend.isPending,
    activate: () =>
      activate.mutate(
        { params, body: { invite: false } },
        { onSuccess: () => announce(say('user.activated', { name: user.displayName })) },
      ),
    activateAndInvite: () => activate.mutate({ params, body: { invite: true } }, { onSuccess: invited }),
    invite: () => invite.mutate({ params }, { onSuccess: invited }),
    unsuspend: () => unsuspend.mutate({ params }),
  };
}

/** The one thing that is next in this person's life. */
function NextAction({ user, life }: { user: User; life: ReturnType<typeof useLife> }) {
  if (user.status === 'not-activated')
    return (
      <Button disabled={life.busy} onClick={life.activateAndInvite}>
        {say('user.activateInvite')}
      </Button>
    );
  if (user.status === 'invited')
    return (
      <Button disabled={life.busy} onClick={life.invite}>
        {say('user.invite')}
      </Button>
    );
  if (user.status === 'suspended')
    return (
      <Button disabled={life.busy} onClick={life.unsuspend}>
        {say('user.unsuspend')}
      </Button>
    );
  return null;
}

function ConfirmLife({ user, asking, onClose }: { user: User; asking: 'suspend' | 'delete'; onClose: () => void }) {
  const navigate = useNavigate();
  const suspend = useWrite(routes.suspendUser, STALE);
  const remove = useWrite(routes.deleteUser, STALE);
  const params = { id: user.id };
  const confirm = () => {
    if (asking === 'suspend') suspend.mutate({ params }, { onSuccess: onClose });
    else remove.mutate({ params }, { onSuccess: () => navigate('/users') });
  };
  return (
    <ConfirmDialog
      opened
      title={say(`user.${asking}.title`, { name: user.displayName })}
      confirm={say(`user.${asking}`)}
      busy={suspend.isPending || remove.isPending}
      error={suspend.error ?? remove.error}
      onConfirm={confirm}
      onCancel={onClose}
    >
      <p>{say(`user.${asking}.what`)}</p>
    </ConfirmDialog>
  );
}

export function UserActions({ user }: { user: User }) {
  const { me } = useSignedIn();
  const [asking, setAsking] = useState<Asking>();
  const life = useLife(user);
  if (user.id === me.id) return null;
  return (
    <>
      {life.error === null ? null : <ProblemNote error={life.error} />}
      <Menu>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={15} />}>{say('users.more')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {user.status === 'not-activated' ? (
            <Menu.Item onClick={life.activate}>{say('user.activate')}</Menu.Item>
          ) : null}
          {user.status === 'suspended' ? null : (
            <Menu.Item onClick={() => setAsking('suspend')}>{say('user.suspend')}</Menu.Item>
          )}
          <Menu.Item onClick={() => setAsking('delete')}>{say('user.delete')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NextAction user={user} life={life} />
      {asking === undefined ? null : <ConfirmLife user={user} asking={asking} onClose={() => setAsking(undefined)} />}
    </>
  );
}
