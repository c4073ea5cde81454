/* A new password for whoever is signed in; needed once after a one-time link. Reach: own origin. */
import { PasswordPage } from '../../ui/index.ts';
import { useSignedIn } from '../session.ts';

export function OwnPasswordPage() {
  const { me } = useSignedIn();
  return <PasswordPage name={me.email} />;
}
