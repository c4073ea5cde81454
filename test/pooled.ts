// The longest way to a database that Rollcall supports: the tenants on one server, control on another, each behind a
// PgBouncer in transaction mode that is older than prepared statements. For `npm run test:pooled`.
// Talks to: processes, the file system.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { oldestServerBinaries, startOldestServer, unprivileged } from './oldest-server.ts';
import { until } from './until.ts';

/** Debian's place for it; PGBOUNCER names another. */
const pgBouncer = [process.env['PGBOUNCER'] ?? '', '/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(
  (file) => file !== '' && existsSync(file),
);

/** Why this machine cannot run it, as a sentence; undefined when it can. */
export function pooledProblem(): string | undefined {
  const missing = [
    ...(pgBouncer === undefined ? ['PgBouncer (Debian: pgbouncer, or PGBOUNCER=/path/to/it)'] : []),
    ...(oldestServerBinaries === undefined ? ['PostgreSQL 15 (Debian: postgresql-15, or POSTGRESQL_15_BIN)'] : []),
  ];
  return missing.length === 0 ? undefined : `Nothing was tested: ${missing.join(' and ')} cannot be found.`;
}

export interface PooledServer {
  /** Direct, as superuser. */
  url: string;
  /** The pooler, with {role} in it. */
  poolUrl: string;
  stop(): Promise<void>;
}

async function listens(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return outcome;
}

async function startPooler(serverPort: number): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-pooler-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const roles = ['rollcall_workspace', 'rollcall_identity'];
  writeFileSync(join(folder, 'users.txt'), roles.map((role) => `"${role}" ""\n`).join(''));
  const settings = {
    ...{ listen_addr: '127.0.0.1', listen_port: port, unix_socket_dir: '', auth_type: 'trust' },
    ...{ auth_file: join(folder, 'users.txt'), pool_mode: 'transaction', max_client_conn: 2_000 },
    ...{ default_pool_size: 5, server_idle_timeout: 5, log_connections: 0, log_disconnections: 0 },
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const file = join(folder, 'pgbouncer.ini');
  writeFileSync(file, `[databases]\n* = host=127.0.0.1 port=${serverPort}\n[pgbouncer]\n${lines.join('\n')}\n`);
  const child: ChildProcess = spawn(pgBouncer ?? '', ['-q', file], { ...unprivileged(), cwd: '/', stdio: 'ignore' });
  await until(() => listens(port));
  return {
    port,
    async stop() {
      child.kill('SIGINT');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server of the oldest version with a pooler in front. */
export async function startPooledServer(): Promise<PooledServer> {
  const server = await startOldestServer(oldestServerBinaries ?? '');
  const pooler = await startPooler(Number(new URL(server.url).port));
  return {
    url: server.url,
    poolUrl: `postgresql://{role}@127.0.0.1:${pooler.port}/postgres`,
    async stop() {
      await pooler.stop();
      server.stop();
    },
  };
}
