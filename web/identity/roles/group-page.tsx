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
  fieldError,
  LoadedPage,
  PageHeader,
  Section,
  useRoute,
  useWrite,
} from '../../ui/index.ts';
import css from '../identity.module.css';
import { SaveBar, SaveSlot } from '../save-bar.tsx';
import { areOthers, type Member, MemberPicker } from './member-picker.tsx';
import { say } from './words.ts';

type Group = AnswerOf<typeof routes.group>;

const FORM = 'group';
const STALE = ['users', 'apps', 'tasks', 'dashboard'];

function DeleteGroup({ group }: { group: Group }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useWrite(routes.deleteGroup, STALE);
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
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [name, setName] = useState(group.name);
  const [members, setMembers] = useState<Member[]>([...group.members]);
  const [savedAt, setSavedAt] = useState<Date>();
  const save = useWrite(routes.updateGroup, STALE);
  const dirty = name !== group.name || areOthers(members, group.members);
  const submit = () =>
    save.mutate(
      { params: { id: group.id }, body: { name, members: members.map(({ id }) => id) } },
      { onSuccess: () => setSavedAt(new Date()) },
    );
  return (
    <SaveSlot value={slot}>
      <PageHeader
        title={group.name}
        crumbs={[{ to: '/groups', label: say('groups.title') }]}
        actions={
          <>
            <DeleteGroup group={group} />
            <span ref={setSlot} className={css['slot']} />
          </>
        }
      />
      <Body narrow="narrow">
        <SaveBar form={FORM} dirty={dirty} busy={save.isPending} savedAt={savedAt} />
        <Form id={FORM} label={group.name} error={save.error} onSubmit={submit}>
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
        </Form>
      </Body>
    </SaveSlot>
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
