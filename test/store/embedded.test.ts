// The embedded database's life: made, shared, left behind by a killed server, taken up again. Each test owns its cluster.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { databaseFolders } from '../../src/store/folders.ts';
import { isProcessAlive } from '../../src/store/process.ts';

const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-embedded-'));
  folders.push(folder);
  return folder;
}

const open = (folder: string) => openEmbedded(databaseFolders(projectFolder, folder));

function databasePid(folder: string): number {
  return Number(readFileSync(join(folder, 'postgres-data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function ask<R extends pg.QueryResultRow>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A process of its own that opens the database of a folder, says its address, and stays. */
async function openElsewhere(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    import { openEmbedded } from ${JSON.stringify(join(projectFolder, 'src/store/embedded.ts'))};
    import { databaseFolders } from ${JSON.stringify(join(projectFolder, 'src/store/folders.ts'))};
    const opened = await openEmbedded(databaseFolders(${JSON.stringify(projectFolder)}, ${JSON.stringify(folder)}));
    console.log(opened.url);
    process.on('SIGTERM', async () => { await opened.close(); process.exit(0); });
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { child, url: line.toString().trim() };
}

describe('the embedded database', () => {
  it('is made with fsync on, on loopback, with a secret nobody else can read', async () => {
    const folder = newFolder();
    const database = await open(folder);
    const [settings] = await ask(
      database.url,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
      (select datlocprovider from pg_database where datname = 'rollcall') as provider, current_setting('server_version_num')::int / 10000 as major`,
    );
    expect(settings).toEqual({ fsync: 'on', addresses: '127.0.0.1', provider: 'b', major: 18 });
    expect(statSync(join(folder, 'database-password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'postgres-data')).mode & 0o777).toBe(0o700);
    if (process.getuid?.() === 0) expect(statSync(join(folder, 'postgres-data')).uid).not.toBe(0);
    await database.close();
  });

  it('R17: is shared by two, and stopped by whoever leaves last', async () => {
    const folder = newFolder();
    const first = await open(folder);
    const second = await openElsewhere(folder);
    expect(new URL(second.url).port).toBe(new URL(first.url).port);
    const pid = databasePid(folder);
    await first.close();
    expect(isProcessAlive(pid)).toBe(true);
    second.child.kill('SIGTERM');
    await once(second.child, 'exit');
    expect(isProcessAlive(pid)).toBe(false);
  });

  it('is one, whoever of five opens it first', async () => {
    const folder = newFolder();
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(folder)));
    expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
    for (const database of opened) await database.close();
  });

  it('R17: survives its server’s kill -9, and the next start attaches to it', async () => {
    const folder = newFolder();
    const killed = await openElsewhere(folder);
    await ask(killed.url, 'create table kept (n int)');
    const pid = databasePid(folder);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(isProcessAlive(pid)).toBe(true);
    const next = await open(folder);
    expect(next.url).toBe(killed.url);
    expect(await ask(next.url, 'select * from kept')).toEqual([]);
    await next.close();
    expect(isProcessAlive(pid)).toBe(false);
  });

  it('R16: starts again after kill -9 of server and database both, with everything it confirmed', async () => {
    const folder = newFolder();
    const killed = await openElsewhere(folder);
    await ask(killed.url, 'create table kept as select 1 as n');
    process.kill(databasePid(folder), 'SIGKILL');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const next = await open(folder);
    expect(await ask(next.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await next.close();
  });

  it('a lock left by a dead process is taken over', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'database.lock'), '999999999 1');
    const database = await open(folder);
    await database.close();
  });

  it('data of another major version is refused, with the way to move it', async () => {
    const folder = newFolder();
    await (await open(folder)).close();
    writeFileSync(join(folder, 'postgres-data', 'PG_VERSION'), '17\n');
    await expect(open(folder)).rejects.toThrow(/written by PostgreSQL 17.*pg_dump.*pg_restore/);
  });
});
