/*
 * Who is signed in, and what the contract's access column lets them do. The gate asks, and sends everyone else to the door.
 * Reach: talks to the own origin. Only for the looks: the server refuses by the same column.
 */
import type { ReactNode } from 'react';
import { Navigate, useLocation, useOutletContext } from 'react-router';
import { mayCall, type Role, type Route } from '../../../src/contract/route.ts';
import { signInRoutes as routes, type Session } from '../../../src/contract/sign-in.ts';
import { useRoute, useWrite } from '../queries.ts';
import { Loaded } from '../state/loaded.tsx';

type Me = NonNullable<Session['person']>;
export interface SignedIn {
  readonly me: Me;
  readonly tenant: NonNullable<Session['tenant']>;
  readonly session: Session;
}

/** In any page inside the frame. */
export function useSignedIn(): SignedIn {
  return useOutletContext<SignedIn>();
}

export function allowed(route: Route, role: Role): boolean {
  return mayCall(route.access, role);
}

/** Ends the session. A new page follows, so that nothing of this person stays in memory. */
export function useSignOut(): () => void {
  const signOut = useWrite(routes.signOut);
  return () => signOut.mutate({}, { onSuccess: () => window.location.assign('/signin') });
}

function Gate({ session, children }: { session: Session; children: (signedIn: SignedIn) => ReactNode }) {
  const { pathname, search } = useLocation();
  const { person, tenant } = session;
  if (person !== null && tenant !== null) return children({ me: person, tenant, session });
  if (session.setupNeeded) return <Navigate to="/setup" replace />;
  const next = pathname === '/' ? '' : `?next=${encodeURIComponent(pathname + search)}`;
  return <Navigate to={`/signin${next}`} replace />;
}

export function SignedInGate({ children }: { children: (signedIn: SignedIn) => ReactNode }) {
  const session = useRoute(routes.session);
  return <Loaded query={session}>{(data) => <Gate session={data}>{children}</Gate>}</Loaded>;
}
