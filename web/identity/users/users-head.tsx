/* The head of the pages about users and its tabs. Pure. */
import type { ReactNode } from 'react';
import { PageHeader, TabLinks } from '../../ui/index.ts';
import { say } from './words.ts';

export function UsersHead({ count, actions }: { count?: number | undefined; actions?: ReactNode }) {
  return (
    <>
      <PageHeader title={say('users.title')} {...(count === undefined ? {} : { count })} actions={actions} />
      <TabLinks
        label={say('users.sections')}
        tabs={[
          { to: '/users', label: say('users.all'), end: true },
          { to: '/groups', label: say('users.groups') },
          { to: '/bulk', label: say('users.jobs'), end: true },
        ]}
      />
    </>
  );
}
