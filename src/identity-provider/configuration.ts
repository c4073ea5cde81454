// Configuring an app's API: what was typed is normalized, checked live and kept. Talks to: the app, the store.
// A credential is sealed for one app and one origin: it never goes to another host, and a changed host clears it.

import { randomUUID } from 'node:crypto';
import { Refusal } from '../accounts/refusal.ts';
import { havePassed, runChecks } from '../provisioning/target/checks.ts';
import type { ExchangeFunction } from '../provisioning/target/client.ts';
import {
  normalizeBaseUrl,
  normalizeCredential,
  normalizeOrgId,
  originOf,
  workspaceBaseUrl,
} from '../provisioning/target/spelling.ts';
import { tokenHint } from '../secrets/scim-token.ts';
import type { Sealer } from '../secrets/seal.ts';
import type { AppRecord, AppStore, Configuration } from './app.ts';
import type { Cause } from './directory.ts';

export interface ConfigurationPorts {
  apps: AppStore;
  sealer: Sealer;
  exchange: ExchangeFunction;
  now(): Date;
  /** Counts a test of an app. @throws Refusal when there were too many */
  countTest(tenant: string, app: string): void;
  /** The app's checks have passed. */
  onTrusted(tenant: string, app: string): void;
}

export interface TypedConfiguration {
  orgId?: string | undefined;
  baseUrl?: string | undefined;
  credential?: string | undefined;
  updateMethod?: 'auto' | 'PATCH' | 'PUT' | undefined;
}

function purposeOf(app: string, baseUrl: string): string {
  return `credential of app ${app} for ${originOf(baseUrl) ?? ''}`;
}

export function openCredential(
  sealer: Sealer,
  app: { id: string; baseUrl: string; credential: string | null },
): string {
  return sealer.open(app.credential ?? '', purposeOf(app.id, app.baseUrl));
}

function refuseField(pointer: string, detail: string): never {
  throw new Refusal('invalid-request', detail, { errors: [{ pointer, detail }] });
}

function addressOf(app: AppRecord, typed: TypedConfiguration): Pick<Configuration, 'host' | 'orgId' | 'baseUrl'> {
  const { host, orgId, baseUrl } = app.configuration;
  if (app.connector === 'rollcall') {
    if (typed.orgId === undefined) return { host, orgId, baseUrl };
    const normalized = normalizeOrgId(typed.orgId);
    if (!normalized) refuseField('/orgId', 'An OrgID is the short name of the workspace, such as acme.');
    return { host, orgId: normalized, baseUrl: workspaceBaseUrl(host ?? '', normalized) };
  }
  if (typed.baseUrl === undefined) return { host, orgId, baseUrl };
  const normalized = normalizeBaseUrl(typed.baseUrl);
  if (!normalized) refuseField('/baseUrl', 'A base URL looks like https://app.example/scim/v2.');
  return { host, orgId, baseUrl: normalized };
}

interface Resolved {
  configuration: Configuration;
  /** The open credential; undefined when there is none for this host. */
  credential: string | undefined;
  hasNewAccess: boolean;
}

/** What the configuration would be with what was typed over what is saved. */
function resolve(ports: ConfigurationPorts, app: AppRecord, typed: TypedConfiguration): Resolved {
  const saved = app.configuration;
  const address = addressOf(app, typed);
  const isSameHost = originOf(address.baseUrl) === originOf(saved.baseUrl);
  const kept = isSameHost && saved.credential !== null ? openSaved(ports, app) : undefined;
  let credential = kept;
  if (typed.credential !== undefined && typed.credential.trim() !== '') {
    credential = normalizeCredential(typed.credential);
    if (!credential)
      refuseField('/credential', 'A credential is one word without spaces; paste the API token as it was shown.');
  }
  const isSame = credential !== undefined && credential === kept;
  const hasNewAccess = !isSame || address.baseUrl !== saved.baseUrl;
  return {
    credential,
    hasNewAccess,
    configuration: {
      ...saved,
      ...address,
      updateMethod: typed.updateMethod ?? saved.updateMethod,
      credential:
        credential === undefined
          ? null
          : isSame
            ? saved.credential
            : ports.sealer.seal(credential, purposeOf(app.id, address.baseUrl)),
      credentialHint: credential === undefined ? null : tokenHint(credential),
    },
  };
}

/** A credential sealed by a key that is lost counts as none: it is entered again. */
function openSaved({ sealer }: ConfigurationPorts, app: AppRecord): string | undefined {
  try {
    return openCredential(sealer, { id: app.id, ...app.configuration });
  } catch {
    return undefined;
  }
}

async function check(
  ports: ConfigurationPorts,
  tenant: string,
  app: AppRecord,
  { configuration, credential }: Resolved,
): Promise<Configuration> {
  ports.countTest(tenant, app.id);
  const { checks, capabilities } = await runChecks({
    exchange: ports.exchange,
    name: app.name,
    baseUrl: configuration.baseUrl,
    credential: credential ?? '',
    nobody: randomUUID(),
    now: ports.now,
  });
  return { ...configuration, checks, checkedAt: ports.now(), ...(havePassed(checks) ? { capabilities } : {}) };
}

async function find(ports: ConfigurationPorts, tenant: string, id: string): Promise<AppRecord> {
  const app = await ports.apps.app(tenant, id);
  if (!app) throw new Refusal('not-found', 'There is no such app.');
  return app;
}

/**
 * Checks with what is in the form; when all passes, keeps it and switches the API on. When not, only the checks are kept:
 * what is saved and how it stands stay as they were.
 */
export async function enableApi(
  ports: ConfigurationPorts,
  tenant: string,
  id: string,
  input: { typed: TypedConfiguration; cause: Cause },
): Promise<Configuration> {
  const app = await find(ports, tenant, id);
  const resolved = resolve(ports, app, input.typed);
  if (resolved.configuration.baseUrl === '')
    refuseField(app.connector === 'rollcall' ? '/orgId' : '/baseUrl', 'Enter where the app’s API is first.');
  if (resolved.credential === undefined) refuseField('/credential', 'Enter the API token of the app first.');
  const checked = await check(ports, tenant, app, resolved);
  const passed = havePassed(checked.checks);
  const { checks, checkedAt } = checked;
  const next: Configuration = passed
    ? { ...checked, apiStatus: 'enabled', held: null }
    : { ...app.configuration, checks, checkedAt };
  await ports.apps.saveConfiguration(tenant, id, next, input.cause);
  if (passed) ports.onTrusted(tenant, id);
  return next;
}

function heldBy(checked: Configuration): string {
  const failing = checked.checks.find(({ passed }) => passed === false);
  return failing?.sentence ?? 'The app did not pass its checks.';
}

/** Keeps what was typed. A new credential or address of an API that is on is checked at once; a held app goes on when it passes. */
export async function saveConfiguration(
  ports: ConfigurationPorts,
  tenant: string,
  id: string,
  input: { typed: TypedConfiguration; cause: Cause },
): Promise<Configuration> {
  const app = await find(ports, tenant, id);
  const resolved = resolve(ports, app, input.typed);
  let next = resolved.configuration;
  let isTrusted = false;
  if (next.credential === null) {
    next = { ...next, apiStatus: 'disabled' };
  } else if (next.apiStatus !== 'disabled' && resolved.hasNewAccess) {
    const checked = await check(ports, tenant, app, resolved);
    isTrusted = havePassed(checked.checks);
    next = isTrusted
      ? { ...checked, apiStatus: 'enabled', held: null }
      : { ...checked, apiStatus: 'failing', held: heldBy(checked) };
  }
  await ports.apps.saveConfiguration(tenant, id, next, input.cause);
  if (isTrusted) ports.onTrusted(tenant, id);
  return next;
}

export async function disableApi(
  ports: ConfigurationPorts,
  tenant: string,
  id: string,
  cause: Cause,
): Promise<Configuration> {
  const app = await find(ports, tenant, id);
  const next: Configuration = { ...app.configuration, apiStatus: 'disabled' };
  await ports.apps.saveConfiguration(tenant, id, next, cause);
  return next;
}
