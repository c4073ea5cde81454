/* The head of the pages about apps and its tabs. Pure. */
import { PageHeader, TabLinks } from '../../ui/index.ts';
import { say } from './words.ts';

export function AppsHead({ count }: { count?: number | undefined }) {
  return (
    <>
      <PageHeader title={say('title')} {...(count === undefined ? {} : { count })} />
      <TabLinks
        label={say('sections')}
        tabs={[
          { to: '/apps', label: say('company'), end: true },
          { to: '/apps/add', label: say('addApp') },
        ]}
      />
    </>
  );
}
