/* I10: one role: its members and apps, and what saving would do at the apps, before it is saved. Reach: own origin. */
import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
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
import { TickList, useTicks } from '../ticks.tsx';
import { areOthers, type Member, MemberPicker } from './member-picker.tsx';
import { say } from './words.ts';

type Role = AnswerOf<typeof routes.role>;

const FORM = 'role';
const STALE = ['users', 'apps', 'tasks', 'dashboard', 'my', 'article'];

/** The server's sentence of what these members and apps would change; asked as soon as something differs. */
function usePreview(role: Role, wanted: { members: string[]; apps: string[] }, dirty: boolean): string | undefined {
  const { mutate, reset, data } = useWrite(routes.rolePreview);
  const body = JSON.stringify(wanted);
  useEffect(() => {
    if (dirty) mutate({ params: { id: role.id }, body: JSON.parse(body) as typeof wanted });
    else reset();
  }, [mutate, reset, role.id, body, dirty]);
  return data?.sentence;
}

function DeleteRole({ role }: { role: Role }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useWrite(routes.deleteRole, STALE);
  if (role.isDefault) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{say('delete')}</Button>
      <ConfirmDialog
        opened={asking}
        title={say('role.delete.title', { name: role.name })}
        confirm={say('delete')}
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: role.id } }, { onSuccess: () => void navigate('/roles') })}
        onCancel={() => setAsking(false)}
      >
        <p>{say('role.delete.what')}</p>
      </ConfirmDialog>
    </>
  );
}

function RoleForm({ role }: { role: Role }) {
  const all = useRoute(routes.apps).data?.apps ?? [];
  const [slot, setSlot] = useState<HTMLElement | null>(null);
  const [name, setName] = useState(role.name);
  const [members, setMembers] = useState<Member[]>([...role.members]);
  const apps = useTicks(role.apps.map(({ id }) => id));
  const [savedAt, setSavedAt] = useState<Date>();
  const save = useWrite(routes.updateRole, STALE);
  const wanted = { members: members.map(({ id }) => id), apps: apps.ids };
  const dirty = name !== role.name || apps.dirty || areOthers(members, role.members);
  const preview = usePreview(role, wanted, dirty);
  const submit = () =>
    save.mutate({ params: { id: role.id }, body: { name, ...wanted } }, { onSuccess: () => setSavedAt(new Date()) });
  return (
    <SaveSlot value={slot}>
      <PageHeader
        title={role.name}
        crumbs={[{ to: '/roles', label: say('roles.title') }]}
        actions={
          <>
            <DeleteRole role={role} />
            <span ref={setSlot} className={css['slot']} />
          </>
        }
      />
      <Body narrow="narrow">
        <SaveBar form={FORM} dirty={dirty} busy={save.isPending} savedAt={savedAt}>
          <span role="status">{dirty ? preview : null}</span>
        </SaveBar>
        <Form id={FORM} label={role.name} error={save.error} onSubmit={submit}>
          <TextInput
            id="name"
            label={say('name')}
            value={name}
            error={fieldError(save.error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Section title={say('apps.pick')}>
            <TickList all={all} ticks={apps} empty={say('apps.none')} />
          </Section>
          <Section title={say('members.pick')}>
            <MemberPicker members={members} onChange={setMembers} />
          </Section>
        </Form>
      </Body>
    </SaveSlot>
  );
}

export function RolePage() {
  const { id = '' } = useParams();
  const role = useRoute(routes.role, { params: { id } });
  return (
    <LoadedPage query={role} title={say('roles.title')} crumbs={[{ to: '/roles', label: say('roles.title') }]}>
      {(data) => <RoleForm key={data.id} role={data} />}
    </LoadedPage>
  );
}
