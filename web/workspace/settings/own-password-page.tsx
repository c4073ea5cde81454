/* A new password for whoever is signed in; needed once after a one-time link. Reach: own origin. */
import { Body, Empty, PageHeader, PasswordPage, useSignedIn } from '../../ui/index.ts';
import { say } from '../words.ts';

export function OwnPasswordPage() {
  const { me } = useSignedIn();
  if (me.maySetPassword) return <PasswordPage name={me.email} />;
  return (
    <>
      <PageHeader title={say('account.password')} />
      <Body narrow="narrow">
        <Empty title={say('account.password.managed')}>{say('account.password.managed.why')}</Empty>
      </Body>
    </>
  );
}
