// Environment -> typed settings, with a sentence for everything that is wrong. The only file that reads process.env.
// Plain http is for localhost and names under .localhost alone: every other address must be https, because cookies,
// tokens and SAML responses travel on it.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this copy of Rollcall lies: the folder of package.json. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** True in a clone; false in the published package, which has built files and no sources. */
export const isClone = existsSync(join(projectFolder, 'src', 'config.ts'));

/** The folder whose `.rollcall` holds the embedded database: what npm unpacked is npm's to remove. */
export const homeFolder = isClone ? projectFolder : process.cwd();

/** A setting that cannot be used. `message` is one sentence that names the variable and an example. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

export interface SiteSettings {
  /** Port to listen on; 0 takes a free one. */
  port: number;
  /** Public origin without a trailing slash, such as `https://people.example`; links are built from it, never from Host. */
  publicUrl: string;
}

/** What stands between this process and its database, besides the address itself. */
export interface DatabaseSettings {
  /** Where `control` lives; undefined means on the server of DATABASE_URL. */
  controlUrl: string | undefined;
  /** What the application's connections use instead of the direct address: a pooler. Contains `{role}`. */
  poolUrl: string | undefined;
  controlPoolUrl: string | undefined;
  /** A server that follows, for reads that may be behind. */
  replicaUrl: string | undefined;
  /** False for poolers that lose named prepared statements. */
  preparedStatements: boolean;
  /** The sharding router whose hint every tenant transaction carries. */
  router: 'pgdog' | undefined;
}

export interface Settings {
  workspace: SiteSettings;
  identity: SiteSettings;
  /** Interface to listen on; undefined means the loopback addresses. */
  listenHost: string | undefined;
  /** undefined means the embedded database. */
  databaseUrl: string | undefined;
  database: DatabaseSettings;
  dataFolder: string | undefined;
  /** Secret that seals stored credentials; undefined means the data folder's own. */
  secretKey: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  logLevel: string;
  /** Addresses of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  /** CIDR ranges that outbound requests may reach besides public addresses. */
  outboundAllow: string[];
  /** SCIM requests a second of one token; undefined: as many as come. */
  scimRate: number | undefined;
  /** How many days the request journal goes back. */
  journalDays: number;
  /** Where Prometheus asks; undefined: nowhere. */
  metrics: { port: number; host: string } | undefined;
  /** How long a stopping server still answers, so that whoever sends to it sees that it is not ready. */
  drainMs: number;
}

type Environment = Record<string, string | undefined>;

const portNumber = /^[1-9]\d{0,4}$|^0$/;

function port(environment: Environment, name: string, fallback: number): number {
  const value = environment[name];
  if (value === undefined || value === '') return fallback;
  if (!portNumber.test(value) || Number(value) > 65_535) {
    throw new ConfigError(
      `${name} must be a port number from 0 to 65535, such as ${name}=${fallback}; it is "${value}".`,
    );
  }
  return Number(value);
}

function atLeast(environment: Environment, name: string, { least, usual }: { least: number; usual: number }): number {
  const value = environment[name];
  if (value === undefined || value === '') return usual;
  if (!/^\d{1,9}$/.test(value) || Number(value) < least) {
    throw new ConfigError(
      `${name} must be a whole number of at least ${least}, such as ${name}=${usual}; it is "${value}".`,
    );
  }
  return Number(value);
}

/** True for `localhost` and every name under `.localhost` (RFC 6761 section 6.3). */
export function isLocalhostName(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}

function publicUrl(environment: Environment, name: string, fallback: string): string {
  const value = environment[name];
  if (value === undefined || value === '') return fallback;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw new ConfigError(`${name} must be an address such as ${name}=https://people.example; it is "${value}".`);
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new ConfigError(
      `${name} must be scheme, host and port only, such as https://people.example; it is "${value}".`,
    );
  }
  if (url.protocol === 'http:' && !isLocalhostName(url.hostname)) {
    throw new ConfigError(
      `${name} is plain http on "${url.hostname}": http is for localhost and names under .localhost alone. Use https, such as ${name}=https://${url.host}.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(
      `${name} must begin with https://, such as ${name}=https://people.example; it is "${value}".`,
    );
  }
  return url.origin;
}

function secret(environment: Environment): string | undefined {
  const file = environment['SECRET_KEY_FILE'];
  if (environment['SECRET_KEY']) return environment['SECRET_KEY'];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`SECRET_KEY_FILE names "${file}", which cannot be read: ${(error as Error).message}.`);
  }
}

function list(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** An address with `{role}` in it, which each role of the application replaces by its name. */
function poolAddress(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  if (!value) return undefined;
  if (!value.includes('{role}')) {
    throw new ConfigError(
      `${name} must contain {role}, which each role of the application replaces by its name, such as ${name}=postgresql://{role}:secret@pooler:6432/rollcall.`,
    );
  }
  return value;
}

function databaseSettings(environment: Environment): DatabaseSettings {
  const settings: DatabaseSettings = {
    controlUrl: environment['CONTROL_DATABASE_URL'] || undefined,
    poolUrl: poolAddress(environment, 'DATABASE_POOL_URL'),
    controlPoolUrl: poolAddress(environment, 'CONTROL_DATABASE_POOL_URL'),
    replicaUrl: environment['DATABASE_REPLICA_URL'] || undefined,
    preparedStatements: oneOf(environment, 'PREPARED_STATEMENTS', ['on', 'off']) !== 'off',
    router: oneOf(environment, 'DATABASE_ROUTER', ['pgdog']),
  };
  const names = { CONTROL_DATABASE_URL: settings.controlUrl, DATABASE_POOL_URL: settings.poolUrl };
  for (const [name, value] of Object.entries({ ...names, DATABASE_REPLICA_URL: settings.replicaUrl })) {
    if (value !== undefined && !environment['DATABASE_URL'])
      throw new ConfigError(`${name} is set without DATABASE_URL, which names the server that the tenants live on.`);
  }
  if (settings.controlUrl && settings.poolUrl && !settings.controlPoolUrl) {
    throw new ConfigError(
      'DATABASE_POOL_URL and CONTROL_DATABASE_URL are set, so CONTROL_DATABASE_POOL_URL is required, such as postgresql://{role}:secret@pooler:6432/control; it may name the server itself.',
    );
  }
  return settings;
}

function oneOf<T extends string>(environment: Environment, name: string, allowed: readonly T[]): T | undefined {
  const value = environment[name];
  if (!value) return undefined;
  if (!allowed.includes(value as T))
    throw new ConfigError(`${name} must be ${allowed.join(' or ')}; it is "${value}".`);
  return value as T;
}

function metricsSettings(environment: Environment): Settings['metrics'] {
  if (!environment['METRICS_PORT']) return undefined;
  return { port: port(environment, 'METRICS_PORT', 9464), host: environment['METRICS_HOST'] || '127.0.0.1' };
}

/** Behind a proxy it takes a moment until the proxy has seen that we stop; on localhost nobody stands in front. */
function drainMs(environment: Environment, publicUrls: readonly string[]): number {
  const value = environment['DRAIN_SECONDS'];
  if (!value) return publicUrls.some((url) => !isLocalhostName(new URL(url).hostname)) ? 5_000 : 0;
  const seconds = Number(value);
  if (!(seconds >= 0 && seconds <= 300))
    throw new ConfigError(`DRAIN_SECONDS must be a number from 0 to 300, such as DRAIN_SECONDS=5; it is "${value}".`);
  return seconds * 1_000;
}

/** Reads the settings. @throws {ConfigError} with a sentence that names the variable. */
export function readSettings(environment: Environment = process.env): Settings {
  const workspacePort = port(environment, 'PORT', 8080);
  const identityPort = port(environment, 'IDENTITY_PORT', 8081);
  const databaseUrl = environment['DATABASE_URL'] || undefined;
  const secretKey = secret(environment);
  if (databaseUrl !== undefined && secretKey === undefined) {
    throw new ConfigError(
      'DATABASE_URL is set, so SECRET_KEY (or SECRET_KEY_FILE) is required: it seals stored credentials. Make one with: openssl rand -base64 32',
    );
  }
  if (secretKey !== undefined && secretKey.trim().length < 32) {
    throw new ConfigError('SECRET_KEY is shorter than 32 characters. Make one with: openssl rand -base64 32');
  }
  const workspace = publicUrl(environment, 'PUBLIC_URL', `http://localhost:${workspacePort}`);
  const identity = publicUrl(environment, 'IDENTITY_PUBLIC_URL', `http://localhost:${identityPort}`);
  return {
    workspace: { port: workspacePort, publicUrl: workspace },
    identity: { port: identityPort, publicUrl: identity },
    database: databaseSettings(environment),
    metrics: metricsSettings(environment),
    drainMs: drainMs(environment, [workspace, identity]),
    listenHost: environment['HOST'] || undefined,
    databaseUrl,
    dataFolder: environment['ROLLCALL_DATA_DIR'] ? resolve(environment['ROLLCALL_DATA_DIR']) : undefined,
    secretKey,
    smtpUrl: environment['SMTP_URL'] || undefined,
    mailFrom: environment['MAIL_FROM'] || 'Rollcall <no-reply@localhost>',
    logLevel: environment['LOG_LEVEL'] || 'info',
    trustedProxies: list(environment['TRUST_PROXY']),
    outboundAllow: list(environment['OUTBOUND_ALLOW']),
    scimRate:
      environment['SCIM_RATE'] === 'off' ? undefined : atLeast(environment, 'SCIM_RATE', { least: 25, usual: 100 }),
    journalDays: atLeast(environment, 'JOURNAL_DAYS', { least: 7, usual: 90 }),
  };
}
