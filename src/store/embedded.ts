// The embedded PostgreSQL: made at the first start, a child on a random free loopback port, fsync on.
// Talks to: the file system, a child process. For trying out and small teams; DATABASE_URL names a server instead.
// The child outlives a killed parent on purpose: the next start attaches to it, several processes share it, and whoever
// leaves last stops it. Start and stop are guarded by a lock file, so nobody attaches to a server that is being stopped.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { withFileLock } from './file-lock.ts';
import type { DatabaseFolders } from './folders.ts';
import { isProcessAlive } from './process.ts';

export interface EmbeddedDatabase {
  /** Address of the database `rollcall` for the cluster's owner; pools work as a lesser role on it. */
  url: string;
  /** Leaves the database; stops it when no other process uses it. */
  close(): Promise<void>;
}

/** The data folder belongs to another major version of PostgreSQL. */
export class WrongDatabaseVersion extends Error {
  override name = 'WrongDatabaseVersion';
}

const major = '18';

interface Cluster {
  folder: string;
  folders: DatabaseFolders;
  password: string;
}

function asUser(folders: DatabaseFolders): { uid?: number; gid?: number } {
  return folders.user ? { uid: folders.user.uid, gid: folders.user.gid } : {};
}

function readPassword(folders: DatabaseFolders): string {
  const file = join(folders.data, 'database-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

function initialize(cluster: Cluster): void {
  const version = join(cluster.folder, 'PG_VERSION');
  if (existsSync(version)) {
    const found = readFileSync(version, 'utf8').trim();
    if (found === major) return;
    throw new WrongDatabaseVersion(
      `The data in ${cluster.folder} was written by PostgreSQL ${found}, and this Rollcall brings PostgreSQL ${major}. ` +
        `Move it with PostgreSQL ${found}'s own tools: pg_dump -Fc -d rollcall > rollcall.dump, then start Rollcall with an empty ROLLCALL_DATA_DIR and pg_restore -d rollcall rollcall.dump.`,
    );
  }
  const passwordFile = join(cluster.folder, '..', 'initial-password');
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  if (cluster.folders.user) chownSync(passwordFile, cluster.folders.user.uid, cluster.folders.user.gid);
  try {
    const made = spawnSync(
      join(cluster.folders.binaries, 'bin', 'initdb'),
      [
        ...['-D', cluster.folder, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'],
        ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
      ],
      { ...asUser(cluster.folders), encoding: 'utf8', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
    );
    if (made.status !== 0) {
      throw new Error(`The embedded database could not be made in ${cluster.folder}: ${made.stderr || made.error}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What the running server wrote of itself, or undefined when none runs. */
function runningServer(cluster: Cluster): { pid: number; port: number } | undefined {
  const file = join(cluster.folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  return pid > 0 && port > 0 && isProcessAlive(pid) ? { pid, port } : undefined;
}

function launch(cluster: Cluster, port: number): ChildProcess {
  const log = openSync(join(cluster.folders.data, 'database.log'), 'a', 0o600);
  const child = spawn(
    join(cluster.folders.binaries, 'bin', 'postgres'),
    [
      ...['-D', cluster.folder, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=on'],
      ...['-c', 'synchronous_commit=on', '-c', 'max_connections=200', '-c', 'shared_buffers=128MB'],
    ],
    // A group of its own: an interrupt typed in the terminal must reach us, who stop it when the requests are done.
    { ...asUser(cluster.folders), detached: true, stdio: ['ignore', log, log], env: { LC_ALL: 'C' } },
  );
  child.unref();
  return child;
}

function address(cluster: Cluster, port: number, database: string): string {
  return `postgresql://postgres:${cluster.password}@127.0.0.1:${port}/${database}`;
}

async function connect(cluster: Cluster, port: number): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: address(cluster, port, 'postgres'),
    application_name: `rollcall ${process.pid} keeper`,
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

const pauseMs = 25;

/** The server's connection, or undefined when its process has exited. A server still recovering refuses for a while. */
async function whenReady(cluster: Cluster, port: number, hasExited: () => boolean): Promise<pg.Client | undefined> {
  for (let left = 60_000 / pauseMs; left > 0; left -= 1) {
    try {
      return await connect(cluster, port);
    } catch {
      if (hasExited()) return undefined;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  throw new Error(`The embedded database does not answer. Its log is ${join(cluster.folders.data, 'database.log')}.`);
}

/**
 * A server that was killed may still be dying when we come: its process is found and then gone, or its children hold the
 * memory that a new one needs for a moment. Both pass, so it is tried again.
 */
async function attachOrStart(cluster: Cluster): Promise<{ keeper: pg.Client; port: number }> {
  for (let left = 50; left > 0; left -= 1) {
    const running = runningServer(cluster);
    if (running) {
      const keeper = await whenReady(cluster, running.port, () => !isProcessAlive(running.pid));
      if (keeper) return { keeper, port: running.port };
      continue;
    }
    initialize(cluster);
    const port = await freePort();
    const child = launch(cluster, port);
    const keeper = await whenReady(cluster, port, () => child.exitCode !== null || child.signalCode !== null);
    if (keeper) return { keeper, port };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The embedded database does not start. Its log is ${join(cluster.folders.data, 'database.log')}.`);
}

async function createDatabase(keeper: pg.Client): Promise<void> {
  const found = await keeper.query("select 1 from pg_database where datname = 'rollcall'");
  if (found.rowCount === 0) await keeper.query('create database rollcall');
}

/** How many other Rollcall processes hold a connection; each keeps one as long as it lives. */
async function otherUsers(keeper: pg.Client): Promise<number> {
  const found = await keeper.query<{ n: string }>(
    "select count(*) n from pg_stat_activity where application_name like 'rollcall % keeper' and pid <> pg_backend_pid()",
  );
  return Number(found.rows[0]?.n ?? 0);
}

async function stop(cluster: Cluster): Promise<void> {
  const running = runningServer(cluster);
  if (!running) return;
  process.kill(running.pid, 'SIGINT'); // "fast": ends connections, writes a checkpoint, exits.
  while (isProcessAlive(running.pid)) await new Promise((resolve) => setTimeout(resolve, pauseMs));
}

/**
 * Starts the embedded database, or attaches to the one that runs on this data folder.
 * @throws {WrongDatabaseVersion}; Error with a sentence when it cannot start.
 */
export async function openEmbedded(folders: DatabaseFolders): Promise<EmbeddedDatabase> {
  const cluster: Cluster = { folder: join(folders.data, 'postgres-data'), folders, password: readPassword(folders) };
  const lock = join(folders.data, 'database.lock');
  const { keeper, port } = await withFileLock(lock, async () => {
    const opened = await attachOrStart(cluster);
    await createDatabase(opened.keeper);
    return opened;
  });
  return {
    url: address(cluster, port, 'rollcall'),
    close: () =>
      withFileLock(lock, async () => {
        const others = await otherUsers(keeper).catch(() => 1);
        await keeper.end().catch(() => {});
        if (others === 0) await stop(cluster);
      }),
  };
}
