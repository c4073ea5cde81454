/* Invites somebody by mail, as a member or an admin. Reach: own origin. */
import { Button, Select, TextInput } from '@mantine/core';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import { Dialog, Form, FormActions, fieldError, useAnnounce, useFields, useWrite } from '../../ui/index.ts';
import { say } from '../words.ts';

const ROLES = ['member', 'admin'] as const;
const NOBODY = { name: '', email: '', role: 'member' };

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const announce = useAnnounce();
  const fields = useFields(NOBODY);
  const invite = useWrite(routes.invite, ['people']);
  const { name, email } = fields.values;
  const role = ROLES.find((each) => each === fields.values.role) ?? 'member';
  const invited = () => {
    announce(say('invite.done', { name, email }));
    fields.reset(NOBODY);
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={say('people.invite')} size={460}>
      <Form
        onSubmit={() => invite.mutate({ body: { name, email, role } }, { onSuccess: invited })}
        error={invite.error}
        label={say('people.invite')}
      >
        <TextInput
          {...fields.text('name')}
          label={say('people.name')}
          autoComplete="off"
          error={fieldError(invite.error, 'name')}
          data-autofocus
        />
        <TextInput
          {...fields.text('email')}
          type="email"
          label={say('members.email')}
          autoComplete="off"
          description={say('invite.mail')}
          error={fieldError(invite.error, 'email')}
        />
        <Select
          label={say('attribute.role')}
          data={ROLES.map((each) => ({ value: each, label: say(`role.${each}`) }))}
          value={role}
          onChange={(value) => fields.set('role', value ?? 'member')}
        />
        <FormActions>
          <Button type="submit" variant="filled" disabled={invite.isPending}>
            {say('invite.submit')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
