// A primary with a synchronous standby, as an operator would have them, and the address that leads to whichever is the
// primary now. Talks to: processes, the file system, loopback.

import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import { unprivileged } from '../../oldest-server.ts';
import { onServer } from '../../servers.ts';
import { until } from '../../until.ts';

/** An address that can be moved to another server, as a virtual address or a name is. */
export interface MovableAddress {
  port: number;
  target: number;
  /** Ends every connection that leads to the old place. */
  cut(): void;
  close(): Promise<void>;
}

export async function openMovableAddress(target: number): Promise<MovableAddress> {
  const wires = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(address.target, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      wires.add(from);
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        wires.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: MovableAddress = {
    port: (server.address() as net.AddressInfo).port,
    target,
    cut() {
      for (const wire of wires) wire.destroy();
    },
    async close() {
      server.close();
      address.cut();
      await once(server, 'close');
    },
  };
  return address;
}

export interface Replicated {
  /** The port of the primary now. */
  primary(): number;
  /** The port of its standby; undefined while it has none. */
  standby(): number | undefined;
  /** The primary and all its processes die; the standby becomes the primary. @returns its port */
  failOver(): Promise<number>;
  /** A new standby for the primary of now, in step with it. */
  rebuild(): Promise<void>;
  stop(): void;
}

interface Node {
  folder: string;
  port: number;
}

export async function startReplicated(binaries: string): Promise<Replicated> {
  const home = mkdtempSync(join(tmpdir(), 'rollcall-standby-'));
  const user = unprivileged();
  chmodSync(home, 0o711);
  let made = 0;
  const run = (program: string, ...words: string[]) => {
    const environment = { LC_ALL: 'C', PATH: process.env['PATH'] };
    const options = { ...user, cwd: '/', encoding: 'utf8', env: environment } as const;
    const { status, stderr } = spawnSync(join(binaries, program), words, options);
    if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  };
  async function newNode(): Promise<Node> {
    made += 1;
    const folder = join(home, `node-${made}`);
    mkdirSync(folder, { mode: 0o700 });
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
    return { folder, port: await freePort() };
  }
  const start = ({ folder, port }: Node) => {
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c wal_keep_size=256MB`;
    run('pg_ctl', '-D', folder, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  };
  const ask = ({ port }: Node, text: string) => onServer(`postgresql://postgres@127.0.0.1:${port}/postgres`, text);

  let primary = await newNode();
  run('initdb', '-D', primary.folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  start(primary);
  let standby: Node | undefined;

  async function rebuild(): Promise<void> {
    const node = await newNode();
    const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=node_${made}`;
    run('pg_basebackup', '-D', node.folder, '-d', from, '-R', '-X', 'stream', '-c', 'fast');
    start(node);
    await ask(primary, `alter system set synchronous_standby_names = '*'`);
    await ask(primary, 'select pg_reload_conf()');
    await until(
      () => ask(primary, `select 1 from pg_stat_replication where state = 'streaming' and sync_state = 'sync'`),
      (rows) => rows.length === 1,
    );
    standby = node;
  }
  await rebuild();
  return {
    primary: () => primary.port,
    standby: () => standby?.port,
    rebuild,
    async failOver() {
      if (!standby) throw new Error('There is no standby.');
      const [pid = ''] = readFileSync(join(primary.folder, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      const next = standby;
      // It was copied from a server that waits for a standby; it has none yet.
      await ask(next, 'select 1');
      run('pg_ctl', '-D', next.folder, '-w', 'promote');
      await ask(next, `alter system set synchronous_standby_names = ''`);
      await ask(next, 'select pg_reload_conf()');
      standby = undefined;
      primary = next;
      return next.port;
    },
    stop() {
      for (const node of [standby, primary])
        if (node) run('pg_ctl', '-D', node.folder, '-m', 'immediate', '-w', 'stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
}
