// Opens the database the settings name: the embedded one, or a server, or two with a pooler and a replica. Wires; no logic.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder, type Settings } from './config.ts';
import { openDatabase, type Role, type TenantDatabase } from './store/database.ts';
import { openEmbedded } from './store/embedded.ts';
import { databaseFolders } from './store/folders.ts';
import { checkRoles, migrate } from './store/migrate.ts';

export interface OpenedDatabase {
  /** The server of the tenants, as the owner of their tables. */
  url: string;
  /** The server of `control` and the queue: the same one unless the settings name another. */
  controlUrl: string;
  /** Seals stored credentials: the operator's, or the data folder's own. */
  secretKey: string;
  /** Sentences for whoever started us. */
  notices: string[];
  isEmbedded: boolean;
  /** The application's connections of one role. Close them before the database. */
  connect(role: Role, poolSize?: number): TenantDatabase;
  close(): Promise<void>;
}

function ownSecretKey(folder: string): string {
  const file = join(folder, 'secret-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function connector(url: string, { database }: Settings): OpenedDatabase['connect'] {
  const { preparedStatements, ...addresses } = database;
  return (role, poolSize) => openDatabase({ url, role, preparedStatements, poolSize, ...addresses });
}

/** Control first: a tenant's server is of no use without it. Each server remembers for itself what it has. */
async function openServers(settings: Settings, url: string, now: () => Date): Promise<OpenedDatabase> {
  const { controlUrl = url, poolUrl, controlPoolUrl } = settings.database;
  if (controlUrl !== url) await migrate(controlUrl, now, 'control');
  await migrate(url, now, controlUrl === url ? 'everything' : 'tenants');
  for (const pooled of [poolUrl, controlPoolUrl]) if (pooled !== undefined) await checkRoles(pooled);
  return {
    ...{ url, controlUrl, secretKey: settings.secretKey ?? '', notices: [], isEmbedded: false },
    connect: connector(url, settings),
    close: async () => {},
  };
}

/** @throws UnusableDatabase, WrongDatabaseVersion: each with one sentence */
export async function openConfiguredDatabase(settings: Settings, now: () => Date): Promise<OpenedDatabase> {
  if (settings.databaseUrl !== undefined) return openServers(settings, settings.databaseUrl, now);
  const folders = databaseFolders(homeFolder, settings.dataFolder);
  const embedded = await openEmbedded(folders);
  try {
    await migrate(embedded.url, now);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  return {
    ...{ url: embedded.url, controlUrl: embedded.url, isEmbedded: true },
    secretKey: settings.secretKey ?? ownSecretKey(folders.data),
    notices: folders.notice === undefined ? [] : [folders.notice],
    connect: connector(embedded.url, settings),
    close: () => embedded.close(),
  };
}
