/* A new password for whoever is signed in; needed once after a one-time link. Reach: own origin. */
import { PasswordPage, useSignedIn } from '../ui/index.ts';

export function OwnPasswordPage() {
  const { me } = useSignedIn();
  return <PasswordPage name={me.email} />;
}
