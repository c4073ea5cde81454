// A real `rollcall serve`: a process on free ports with a data folder of its own, as a newcomer would start it. For the
// browser tests, the kill tests and the benchmarks. Talks to: processes, loopback.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../src/config.ts';
import { freePort } from './free-port.ts';
import { databaseEnvironment } from './servers.ts';

export interface Server {
  readonly folder: string;
  /** Origins: two sites, because two ports of one host are one site and hide what breaks across sites. */
  readonly workspace: string;
  readonly identity: string;
  /** Where this process listens, whatever its public addresses are. */
  readonly port: number;
  readonly identityPort: number;
  /** What says where its database is, when it is neither the embedded one nor told with the options. */
  readonly environment: Record<string, string>;
  child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** From the start of the process to its first answer. */
  firstAnswerMs: number;
  /** Ends it as Ctrl+C does; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** kill -9 of the server and its database both. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports. */
  restart(): Promise<void>;
  /** Runs a command of Rollcall's beside it. */
  command(...words: string[]): Promise<string>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Node's own flags, as the launcher gives them to a server. */
const { config } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
  config: { serve: string[] };
};

export interface ServerOptions {
  arguments?: string[];
  environment?: Record<string, string>;
  /** Another server, whose database and public addresses it shares: one more process behind the same proxy. */
  beside?: Server;
  /** The workspace's public origin when it is not its own port: something stands in front of it. */
  workspaceOrigin?: (port: number) => string;
}

/** Starts a server and waits until it is ready. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { beside } = options;
  const folder = beside?.folder ?? mkdtempSync(join(tmpdir(), 'rollcall-server-'));
  const [port, identityPort] = [await freePort(), await freePort()];
  const workspace = beside?.workspace ?? options.workspaceOrigin?.(port) ?? `http://workspace.localhost:${port}`;
  const identity = beside?.identity ?? `http://identity.localhost:${identityPort}`;
  const isTold = options.environment?.['DATABASE_URL'] !== undefined;
  const environment = beside?.environment ?? (isTold ? {} : await databaseEnvironment());
  const all = {
    ...process.env,
    ...environment,
    ...{
      PORT: String(port),
      IDENTITY_PORT: String(identityPort),
      PUBLIC_URL: workspace,
      IDENTITY_PUBLIC_URL: identity,
    },
    ...{ ROLLCALL_DATA_DIR: folder, LOG_LEVEL: 'warn', ...options.environment },
  };
  let printed = '';
  const server: Server = {
    ...{ folder, workspace, identity, port, identityPort, environment },
    child: undefined as unknown as ChildProcess,
    firstAnswerMs: 0,
    output: () => printed,
    async restart() {
      const started = performance.now();
      printed = '';
      const child = spawn(process.execPath, [...config.serve, 'src/cli.ts', 'serve', ...(options.arguments ?? [])], {
        cwd: projectFolder,
        env: all,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.on('data', (chunk) => {
        printed += chunk;
      });
      child.stderr.on('data', (chunk) => {
        printed += chunk;
      });
      server.child = child;
      const isIdentityAlone = options.arguments?.join(' ') === '--only identity';
      await whenReady(child, isIdentityAlone ? identityPort : port, () => printed);
      server.firstAnswerMs = performance.now() - started;
    },
    async stop() {
      if (server.child.exitCode === null && server.child.signalCode === null) {
        server.child.kill('SIGTERM');
        await once(server.child, 'exit');
      }
      return server.child.exitCode;
    },
    async kill() {
      const database = Number(readFileSync(join(folder, 'postgres-data', 'postmaster.pid'), 'utf8').split('\n')[0]);
      server.child.kill('SIGKILL');
      process.kill(database, 'SIGKILL');
      await once(server.child, 'exit');
    },
    async command(...words) {
      const { stdout } = await promisify(execFile)(process.execPath, ['src/cli.ts', ...words], {
        cwd: projectFolder,
        env: all,
      });
      return stdout;
    },
    async remove() {
      await server.stop();
      if (!beside) rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.restart();
  return server;
}

async function whenReady(child: ChildProcess, port: number, printed: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended before it answered:\n${printed()}`);
    const isReady = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
    // The addresses and links are printed once both sites listen.
    if (isReady && printed().includes('Stop with')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The one-time link that the start printed for an end. */
export function printedLink(server: Server, end: 'workspace' | 'identity'): string {
  const link = server
    .output()
    .split('\n')
    .flatMap((line) => /https?:\S+\/link\/\S+/.exec(line) ?? [])
    .find((found) => found.startsWith(server[end]));
  if (!link) throw new Error(`No link for the ${end} was printed:\n${server.output()}`);
  return link;
}

/** Resident memory of a process in MB (Linux). */
export function memoryOf(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
