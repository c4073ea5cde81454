/* I4.8: the people who have the app. Reach: own origin. */
import type { AppDetail } from './app-page.tsx';
import { PeopleWithApp } from './people-with-app.tsx';

export function AppUsersTab({ detail }: { detail: AppDetail }) {
  return <PeopleWithApp detail={detail} />;
}
