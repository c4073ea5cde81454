// Apps, for their screens: list, add, detail, configuration, provisioning, access.

import type { Account } from '../../accounts/account.ts';
import { Refusal } from '../../accounts/refusal.ts';
import type { identityRoutes } from '../../contract/identity.ts';
import { addApp, previewOf, readAppMetadata } from '../../identity-provider/add-app.ts';
import type { AppRecord } from '../../identity-provider/app.ts';
import { disableApi, enableApi, saveConfiguration } from '../../identity-provider/configuration.ts';
import { parametersOf } from '../../identity-provider/login-form.ts';
import { NAME_ID_FORMATS } from '../../saml/names.ts';
import type { Handlers } from '../api.ts';
import { gainSentence } from './groups-roles.ts';
import { causeOf, found, type IdentityApiPorts, readId, readIds } from './ports.ts';
import { showApp, showAssignment, showConfiguration } from './shown.ts';

type All = Handlers<typeof identityRoutes>;
type SetUp = Pick<All, 'apps' | 'readAppMetadata' | 'addApp' | 'app' | 'updateApp' | 'deleteApp'>;
type Api = Pick<All, 'saveConfiguration' | 'enableApi' | 'disableApi' | 'saveProvisioning'>;
type Access = Pick<All, 'setAppRoles' | 'appRolesPreview' | 'appUsers' | 'appGroups'>;

export async function findApp(ports: IdentityApiPorts, tenant: string, id: string | undefined): Promise<AppRecord> {
  const app = await ports.apps.app(tenant, readId(id, 'app'));
  if (!app) throw new Refusal('not-found', 'There is no such app.');
  return app;
}

async function appDetail(ports: IdentityApiPorts, account: Account, id: string | undefined) {
  const { tenant } = account;
  const app = await findApp(ports, tenant, id);
  const [summary, source, facts] = await Promise.all([
    ports.apps.summary(tenant, app.id, ports.now()),
    ports.assignments.source(tenant, app.id, account.person),
    ports.signOnFacts(tenant),
  ]);
  if (!summary) throw new Refusal('not-found', 'There is no such app.');
  const { entityId, acsUrls, signInUrl } = app;
  return {
    app: showApp(summary),
    visibleInPortal: app.visibleInPortal,
    configuration: showConfiguration(app.configuration),
    parameters: parametersOf(source?.user, app.configuration.capabilities),
    sso: { ...facts, entityId, acsUrls, nameIdFormat: NAME_ID_FORMATS.unspecified, signInUrl },
    roles: app.roles,
    settings: app.settings,
    waiting: app.waiting,
  };
}

function setUpHandlers(ports: IdentityApiPorts): SetUp {
  const { apps } = ports;
  return {
    async apps({ account }) {
      return { apps: (await apps.apps(account.tenant, ports.now())).map(showApp) };
    },
    async readAppMetadata({ body }) {
      return previewOf(await readAppMetadata(ports.fetch, body));
    },
    async addApp({ account, body }) {
      const { connector, name, metadata, assignToMe } = body;
      const input = { connector, name, metadata, assignTo: assignToMe ? account.person : undefined };
      const id = await addApp({ exchange: ports.fetch, apps }, account.tenant, input, causeOf(ports, account));
      ports.onChange(account.tenant, 'apps', 'tasks');
      return { id };
    },
    app: ({ account, parameters }) => appDetail(ports, account, parameters['id']),
    async updateApp({ account, parameters, body }) {
      found(await apps.updateApp(account.tenant, readId(parameters['id'], 'app'), body), 'app');
      ports.onChange(account.tenant, 'apps');
    },
    async deleteApp({ account, parameters }) {
      found(await apps.deleteApp(account.tenant, readId(parameters['id'], 'app')), 'app');
      ports.onChange(account.tenant, 'apps', 'tasks', 'users');
    },
  };
}

function apiHandlers(ports: IdentityApiPorts): Api {
  return {
    async saveConfiguration({ account, parameters, body }) {
      const id = readId(parameters['id'], 'app');
      const input = { typed: body, cause: causeOf(ports, account) };
      const saved = await saveConfiguration(ports.configuration, account.tenant, id, input);
      ports.onChange(account.tenant, 'apps', 'tasks');
      return showConfiguration(saved);
    },
    async enableApi({ account, parameters, body }) {
      const id = readId(parameters['id'], 'app');
      const input = { typed: body, cause: causeOf(ports, account) };
      const enabled = await enableApi(ports.configuration, account.tenant, id, input);
      ports.onChange(account.tenant, 'apps', 'tasks');
      return showConfiguration(enabled);
    },
    async disableApi({ account, parameters }) {
      const id = readId(parameters['id'], 'app');
      const disabled = await disableApi(ports.configuration, account.tenant, id, causeOf(ports, account));
      ports.onChange(account.tenant, 'apps', 'tasks');
      return showConfiguration(disabled);
    },
    async saveProvisioning({ account, parameters, body: { waiting = 'keep', ...settings } }) {
      const app = await findApp(ports, account.tenant, parameters['id']);
      if (settings.enabled && app.configuration.apiStatus === 'disabled')
        throw new Refusal('precondition', 'Enable the API on the Configuration tab first.');
      await ports.apps.saveSettings(account.tenant, app.id, settings, waiting, causeOf(ports, account));
      ports.onChange(account.tenant, 'apps', 'tasks');
    },
  };
}

function accessHandlers(ports: IdentityApiPorts): Access {
  return {
    async setAppRoles({ account, parameters, body }) {
      const id = readId(parameters['id'], 'app');
      found(
        await ports.apps.setAppRoles(account.tenant, id, readIds(body.roles, 'role'), causeOf(ports, account)),
        'app',
      );
      ports.onChange(account.tenant, 'apps', 'tasks', 'users');
    },
    async appRolesPreview({ account, parameters, body }) {
      const { id } = await findApp(ports, account.tenant, parameters['id']);
      const counts = await ports.apps.previewAppRoles(account.tenant, id, readIds(body.roles, 'role'));
      return { sentence: gainSentence(counts), ...counts };
    },
    async appUsers({ account, parameters, query }) {
      const { id: app } = await findApp(ports, account.tenant, parameters['id']);
      const { assignments, total } = await ports.assignments.assignments(account.tenant, { ...query, app });
      return { assignments: assignments.map(showAssignment), total };
    },
    async appGroups({ account, parameters }) {
      const { id } = await findApp(ports, account.tenant, parameters['id']);
      return { groups: await ports.assignments.groupsOfApp(account.tenant, id) };
    },
  };
}

export function appHandlers(ports: IdentityApiPorts): SetUp & Api & Access {
  return { ...setUpHandlers(ports), ...apiHandlers(ports), ...accessHandlers(ports) };
}
