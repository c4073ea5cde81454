/* Makes a role or a group by its name. Reach: pure; the caller writes. */
import { Button, TextInput } from '@mantine/core';
import { Dialog, Form, FormActions, fieldError, useFields } from '../../ui/index.ts';
import { say } from './words.ts';

interface NameDialogProps {
  title: string;
  busy: boolean;
  error: Error | null;
  onSubmit: (name: string) => void;
  onClose: () => void;
}

export function NameDialog({ title, busy, error, onSubmit, onClose }: NameDialogProps) {
  const fields = useFields({ name: '' });
  return (
    <Dialog opened onClose={onClose} title={title} size={420}>
      <Form label={title} error={error} onSubmit={() => onSubmit(fields.values.name)}>
        <TextInput
          {...fields.text('name')}
          label={say('name')}
          autoComplete="off"
          error={fieldError(error, 'name')}
          data-autofocus
        />
        <FormActions>
          <Button type="submit" variant="filled" disabled={busy || fields.values.name.trim() === ''}>
            {say('create')}
          </Button>
          <Button onClick={onClose}>{say('cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
