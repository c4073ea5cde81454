/* Makes a user. They are not activated: they cannot sign in until an administrator says so. Reach: own origin. */
import { Button } from '@mantine/core';
import { useNavigate } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Dialog, Form, FormActions, useFields, useWrite } from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import { bodyOf, NEW_USER, UserFields } from './user-fields.tsx';
import { say } from './words.ts';

export function NewUserDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const fields = useFields(NEW_USER);
  const create = useWrite(routes.createUser, ['dashboard', 'article']);
  const made = ({ id }: { id: string }) => navigate(`/users/${id}`);
  return (
    <Dialog opened={opened} onClose={onClose} title={say('users.new')} size={720}>
      <Form
        onSubmit={() => create.mutate({ body: bodyOf(fields.values) }, { onSuccess: made })}
        error={create.error}
        label={say('users.new')}
      >
        <UserFields fields={fields} error={create.error} />
        <FormActions>
          <Button type="submit" variant="filled" disabled={create.isPending}>
            {sayCommon('save')}
          </Button>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
