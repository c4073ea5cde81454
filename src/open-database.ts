// Opens the database the settings name: the embedded one, or a server. Wires; no logic.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder, type Settings } from './config.ts';
import { openEmbedded } from './store/embedded.ts';
import { databaseFolders } from './store/folders.ts';
import { migrate } from './store/migrate.ts';

export interface OpenedDatabase {
  url: string;
  /** Seals stored credentials: the operator's, or the data folder's own. */
  secretKey: string;
  /** Sentences for whoever started us. */
  notices: string[];
  isEmbedded: boolean;
  close(): Promise<void>;
}

function ownSecretKey(folder: string): string {
  const file = join(folder, 'secret-key');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** @throws UnusableDatabase, WrongDatabaseVersion: each with one sentence */
export async function openConfiguredDatabase(settings: Settings, now: () => Date): Promise<OpenedDatabase> {
  if (settings.databaseUrl !== undefined) {
    await migrate(settings.databaseUrl, now);
    return {
      url: settings.databaseUrl,
      secretKey: settings.secretKey ?? '',
      notices: [],
      isEmbedded: false,
      close: async () => {},
    };
  }
  const folders = databaseFolders(homeFolder, settings.dataFolder);
  const embedded = await openEmbedded(folders);
  try {
    await migrate(embedded.url, now);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  return {
    url: embedded.url,
    secretKey: settings.secretKey ?? ownSecretKey(folders.data),
    notices: folders.notice === undefined ? [] : [folders.notice],
    isEmbedded: true,
    close: () => embedded.close(),
  };
}
