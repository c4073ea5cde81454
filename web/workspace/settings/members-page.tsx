/* S7: who may do what here: roles, invitations. Only an owner changes roles. Reach: own origin. */
import { Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { roleSchema } from '../../../src/contract/sign-in.ts';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  allowed,
  Body,
  DataTable,
  Loaded,
  ProblemNote,
  Section,
  type TableColumn,
  useAddress,
  useAnnounce,
  useRoute,
  useSignedIn,
  useWrite,
} from '../../ui/index.ts';
import { PersonState } from '../people/person-state.tsx';
import { say } from '../words.ts';
import { InviteDialog } from './invite-dialog.tsx';

type Member = AnswerOf<typeof routes.members>['members'][number];
const ROLES = roleSchema.options;

function RoleSelect({ member }: { member: Member }) {
  const announce = useAnnounce();
  const change = useWrite(routes.changeRole, ['people']);
  const choose = (value: string | null) => {
    const role = ROLES.find((name) => name === value);
    if (role === undefined || role === member.role) return;
    change.mutate(
      { params: { id: member.id }, body: { role } },
      { onSuccess: () => announce(say('members.roleChanged', { name: member.name, role: say(`role.${role}`) })) },
    );
  };
  return (
    <>
      <Select
        aria-label={say('members.roleOf', { name: member.name })}
        data={ROLES.map((role) => ({ value: role, label: say(`role.${role}`) }))}
        value={member.role}
        onChange={choose}
        disabled={change.isPending}
        w={140}
      />
      {change.error === null ? null : <ProblemNote error={change.error} />}
    </>
  );
}

function columnsOf(changesRoles: boolean): TableColumn<Member>[] {
  return [
    {
      id: 'name',
      header: say('people.name'),
      names: true,
      sortBy: (member) => member.name,
      cell: (member) => <Link to={`/people/${member.id}`}>{member.name}</Link>,
    },
    {
      id: 'email',
      header: say('members.email'),
      wide: true,
      sortBy: (member) => member.email,
      cell: (member) => member.email,
    },
    {
      id: 'status',
      header: say('people.status'),
      cell: (member) => <PersonState status={member.status} managed={member.managedByScim} />,
    },
    {
      id: 'role',
      header: say('attribute.role'),
      cell: (member) => (changesRoles ? <RoleSelect member={member} /> : say(`role.${member.role}`)),
    },
  ];
}

function ResendButton({ member }: { member: Member }) {
  const announce = useAnnounce();
  const resend = useWrite(routes.resendInvitation);
  const sent = () => announce(say('members.resent', member));
  const label = say(resend.isSuccess ? 'members.sent' : resend.isError ? 'members.resendFailed' : 'members.resend');
  return (
    <Button
      size="xs"
      disabled={resend.isPending || resend.isSuccess}
      aria-label={say('members.resendTo', { label, name: member.name })}
      onClick={() => resend.mutate({ params: { id: member.id } }, { onSuccess: sent })}
    >
      {label}
    </Button>
  );
}

function MemberTable({ members }: { members: readonly Member[] }) {
  const { me } = useSignedIn();
  const changesRoles = allowed(routes.changeRole, me.role);
  const invites = allowed(routes.resendInvitation, me.role);
  const columns = useMemo(() => columnsOf(changesRoles), [changesRoles]);
  return (
    <DataTable
      label={say('settings.members')}
      columns={columns}
      rows={members}
      rowId={(member) => member.id}
      {...(invites
        ? { actions: (member: Member) => (member.status === 'invited' ? <ResendButton member={member} /> : null) }
        : {})}
    />
  );
}

export function MembersPage() {
  const { me } = useSignedIn();
  const address = useAddress();
  const members = useRoute(routes.members);
  const invites = allowed(routes.invite, me.role);
  const button = (
    <Button variant="filled" component={Link} to={address.with({ invite: 'yes' })}>
      {say('people.invite')}
    </Button>
  );
  return (
    <>
      <Body>
        <Section title={say('members.roles')} actions={invites ? button : undefined}>
          <p>{say('members.roles.what')}</p>
        </Section>
      </Body>
      <Loaded query={members}>{(data) => <MemberTable members={data.members} />}</Loaded>
      {invites ? (
        <InviteDialog opened={address.get('invite') === 'yes'} onClose={() => address.replace({ invite: undefined })} />
      ) : null}
    </>
  );
}
