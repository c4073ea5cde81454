/*
 * Who is signed in, and what the contract's access column lets them do. Reach: talks to the own origin.
 * Only for the looks: the server refuses by the same column.
 */
import { useOutletContext } from 'react-router';
import { mayCall, type Role, type Route } from '../../src/contract/route.ts';
import type { Session } from '../../src/contract/sign-in.ts';

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
