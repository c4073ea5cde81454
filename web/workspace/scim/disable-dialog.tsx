/*
 * S13: what stops, what stays, and the one choice: whether the people who exist only through SCIM are deactivated too.
 * Reach: own origin.
 */
import { Checkbox, TextInput } from '@mantine/core';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { ConfirmDialog, useAnnounce, useFields, useRoute, useSignedIn, useWrite } from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';

/** More people than this, and the workspace's name has to be typed before they are deactivated. */
const TYPE_ABOVE = 25;

export function DisableDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { tenant } = useSignedIn();
  const announce = useAnnounce();
  const preview = useRoute(routes.disablePreview, { enabled: opened });
  const disable = useWrite(routes.disableScim, ['integrations', 'people', 'teams', 'article']);
  const fields = useFields({ deactivate: false, reason: '' });
  const { deactivate, reason } = fields.values;
  const only = preview.data?.onlyThroughScim ?? 0;
  const close = () => {
    disable.reset();
    fields.reset({ deactivate: false, reason: '' });
    onClose();
  };
  const confirm = () => {
    const body = { deactivateScimPeople: deactivate, ...(reason === '' ? {} : { reason }) };
    disable.mutate(
      { body },
      {
        onSuccess: () => {
          announce(say('disable.done'));
          close();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={say('disable.title', { workspace: tenant.name })}
      confirm={say('scim.disable')}
      busyLabel={say('disable.busy')}
      busy={disable.isPending || preview.isPending}
      error={disable.error ?? preview.error}
      {...(deactivate && only > TYPE_ABOVE ? { typed: tenant.name } : {})}
      onConfirm={confirm}
      onCancel={close}
    >
      <p>{sayRich('disable.stops')}</p>
      <p>{sayRich('disable.stays', { n: preview.data?.people ?? 0, teams: preview.data?.teams ?? 0 })}</p>
      <p>{sayRich('disable.again')}</p>
      {only > 0 ? <Checkbox {...fields.check('deactivate')} label={say('disable.deactivate', { n: only })} /> : null}
      <TextInput {...fields.text('reason')} label={say('disable.reason')} maxLength={500} autoComplete="off" />
    </ConfirmDialog>
  );
}
