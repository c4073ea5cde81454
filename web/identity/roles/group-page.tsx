/* I10: one group: its name and members. Reach: own origin. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { identityRoutes as routes } from '../../../src/contract/identity.ts';
import {
  type AnswerOf,
  Body,
  ConfirmDialog,
  Form,
  FormActions,
  fieldError,
  LoadedPage,
  PageHeader,
  Section,
  useAnnounce,
  useRoute,
  useWrite,
} from '../../ui/index.ts';
import { type Member, MemberPicker } from './member-picker.tsx';
import { say } from './words.ts';

type Group = AnswerOf<typeof routes.group>;

function DeleteGroup({ group }: { group: Group }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useWrite(routes.deleteGroup, ['groups']);
  return (
    <>
      <Button onClick={() => setAsking(true)}>{say('delete')}</Button>
      <ConfirmDialog
        opened={asking}
        title={say('group.delete.title', { name: group.name })}
        confirm={say('delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: group.id } }, { onSuccess: () => void navigate('/groups') })}
        onCancel={() => setAsking(false)}
      >
        <p>{say('group.delete.what')}</p>
      </ConfirmDialog>
    </>
  );
}

function GroupForm({ group }: { group: Group }) {
  const announce = useAnnounce();
  const [name, setName] = useState(group.name);
  const [members, setMembers] = useState<Member[]>([...group.members]);
  const save = useWrite(routes.updateGroup, ['groups', 'users', 'apps']);
  const submit = () =>
    save.mutate(
      { params: { id: group.id }, body: { name, members: members.map(({ id }) => id) } },
      { onSuccess: () => announce(say('save')) },
    );
  return (
    <>
      <PageHeader
        title={group.name}
        crumbs={[{ to: '/groups', label: say('groups.title') }]}
        actions={<DeleteGroup group={group} />}
      />
      <Body narrow="narrow">
        <Form label={group.name} error={save.error} onSubmit={submit}>
          <TextInput
            id="name"
            label={say('name')}
            value={name}
            error={fieldError(save.error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Section title={say('members.pick')}>
            <MemberPicker members={members} onChange={setMembers} />
          </Section>
          <FormActions>
            <Button type="submit" variant="filled" disabled={save.isPending} aria-busy={save.isPending}>
              {save.isPending ? say('saving') : say('save')}
            </Button>
          </FormActions>
        </Form>
      </Body>
    </>
  );
}

export function GroupPage() {
  const { id = '' } = useParams();
  const group = useRoute(routes.group, { params: { id } });
  return (
    <LoadedPage query={group} title={say('groups.title')} crumbs={[{ to: '/groups', label: say('groups.title') }]}>
      {(data) => <GroupForm key={data.id} group={data} />}
    </LoadedPage>
  );
}
