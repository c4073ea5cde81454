/* I2: the apps of the organization. An empty list says exactly why: SAML comes first. Reach: own origin. */
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { type App, identityRoutes as routes } from '../../../src/contract/identity.ts';
import { Avatar, Body, DataTable, Empty, Loaded, type TableColumn, useRoute, When } from '../../ui/index.ts';
import css from '../identity.module.css';
import { ApiState } from './api-state.tsx';
import { AppsHead } from './apps-head.tsx';
import { say } from './words.ts';

const COLUMNS: readonly TableColumn<App>[] = [
  {
    id: 'name',
    header: say('app'),
    names: true,
    sortBy: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link to={`/apps/${id}`} className={css['named']}>
        <Avatar name={name} />
        {name}
      </Link>
    ),
  },
  { id: 'connector', header: say('connector'), wide: true, cell: ({ connector }) => say(`connector.${connector}`) },
  { id: 'api', header: say('api'), cell: ({ apiStatus }) => <ApiState status={apiStatus} /> },
  {
    id: 'provisioning',
    header: say('provisioning'),
    wide: true,
    cell: ({ provisioning }) => say(provisioning ? 'on' : 'off'),
  },
  {
    id: 'users',
    header: say('users'),
    align: 'end',
    cell: ({ id, users }) => <Link to={`/apps/${id}/users`}>{users}</Link>,
  },
  {
    id: 'success',
    header: say('success'),
    align: 'end',
    wide: true,
    cell: ({ lastSuccessAt }) => <When at={lastSuccessAt} />,
  },
  {
    id: 'errors',
    header: say('errors'),
    align: 'end',
    wide: true,
    cell: ({ errors24h }) => (errors24h === 0 ? 0 : <span className={css['wrong']}>{errors24h}</span>),
  },
];

function Apps({ apps }: { apps: readonly App[] }) {
  const setUp = (
    <Button variant={apps.length === 0 ? 'filled' : 'default'} component={Link} to="/apps/add">
      {say('company.setUp')}
    </Button>
  );
  if (apps.length === 0) {
    return (
      <Body>
        <Empty title={say('company.empty')} action={setUp}>
          {say('company.empty.why')}
        </Empty>
      </Body>
    );
  }
  return (
    <>
      <DataTable label={say('company')} columns={COLUMNS} rows={apps} rowId={({ id }) => id} />
      <Body>
        <div>
          <p>{say('company.missing')}</p>
          <p>{setUp}</p>
        </div>
      </Body>
    </>
  );
}

export function CompanyAppsPage() {
  const apps = useRoute(routes.apps);
  return (
    <>
      <AppsHead count={apps.data?.apps.length} />
      <Loaded query={apps}>{(data) => <Apps apps={data.apps} />}</Loaded>
    </>
  );
}
