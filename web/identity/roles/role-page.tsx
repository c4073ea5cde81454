/* I10: one role: its members and apps, and what saving would do at the apps, before it is saved. Reach: own origin. */
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
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

type Role = AnswerOf<typeof routes.role>;

/** The server's sentence of what these members and apps would change; asked anew when they change. */
function usePreview(role: Role, members: readonly Member[], apps: readonly string[]): string | undefined {
  const preview = useWrite(routes.rolePreview);
  const { mutate } = preview;
  const [memberKey, appKey] = [members.map(({ id }) => id).join(), apps.join()];
  useEffect(() => {
    const wanted = { members: memberKey.split(',').filter(Boolean), apps: appKey.split(',').filter(Boolean) };
    mutate({ params: { id: role.id }, body: wanted });
  }, [mutate, role.id, memberKey, appKey]);
  return preview.data?.sentence;
}

function DeleteRole({ role }: { role: Role }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const remove = useWrite(routes.deleteRole, ['roles']);
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
  const announce = useAnnounce();
  const all = useRoute(routes.apps).data?.apps ?? [];
  const [name, setName] = useState(role.name);
  const [members, setMembers] = useState<Member[]>([...role.members]);
  const [apps, setApps] = useState(role.apps.map(({ id }) => id));
  const save = useWrite(routes.updateRole, ['roles', 'users', 'apps']);
  const preview = usePreview(role, members, apps);
  const submit = () =>
    save.mutate(
      { params: { id: role.id }, body: { name, apps, members: members.map(({ id }) => id) } },
      { onSuccess: () => announce(say('save')) },
    );
  const toggle = (id: string, isIn: boolean) => setApps(isIn ? [...apps, id] : apps.filter((app) => app !== id));
  return (
    <>
      <PageHeader
        title={role.name}
        crumbs={[{ to: '/roles', label: say('roles.title') }]}
        actions={<DeleteRole role={role} />}
      />
      <Body narrow="narrow">
        <Form label={role.name} error={save.error} onSubmit={submit}>
          <TextInput
            id="name"
            label={say('name')}
            value={name}
            error={fieldError(save.error, 'name')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Section title={say('apps.pick')}>
            {all.map((app) => (
              <Checkbox
                key={app.id}
                label={app.name}
                checked={apps.includes(app.id)}
                onChange={(event) => toggle(app.id, event.currentTarget.checked)}
                mb="xs"
              />
            ))}
          </Section>
          <Section title={say('members.pick')}>
            <MemberPicker members={members} onChange={setMembers} />
          </Section>
          <FormActions>
            <Button type="submit" variant="filled" disabled={save.isPending} aria-busy={save.isPending}>
              {save.isPending ? say('saving') : say('save')}
            </Button>
            {preview === undefined ? null : <p role="status">{preview}</p>}
          </FormActions>
        </Form>
      </Body>
    </>
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
