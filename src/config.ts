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

export interface Settings {
  workspace: SiteSettings;
  identity: SiteSettings;
  /** Interface to listen on; undefined means the loopback addresses. */
  listenHost: string | undefined;
  /** undefined means the embedded database. */
  databaseUrl: string | undefined;
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
  return {
    workspace: {
      port: workspacePort,
      publicUrl: publicUrl(environment, 'PUBLIC_URL', `http://localhost:${workspacePort}`),
    },
    identity: {
      port: identityPort,
      publicUrl: publicUrl(environment, 'IDENTITY_PUBLIC_URL', `http://localhost:${identityPort}`),
    },
    listenHost: environment['HOST'] || undefined,
    databaseUrl,
    dataFolder: environment['ROLLCALL_DATA_DIR'] ? resolve(environment['ROLLCALL_DATA_DIR']) : undefined,
    secretKey,
    smtpUrl: environment['SMTP_URL'] || undefined,
    mailFrom: environment['MAIL_FROM'] || 'Rollcall <no-reply@localhost>',
    logLevel: environment['LOG_LEVEL'] || 'info',
    trustedProxies: list(environment['TRUST_PROXY']),
    outboundAllow: list(environment['OUTBOUND_ALLOW']),
  };
}
