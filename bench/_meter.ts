import { readFileSync, readdirSync } from 'node:fs';
import { projectFolder } from '../src/config.ts';
import { openEmbedded } from '../src/store/embedded.ts';
import { databaseFolders } from '../src/store/folders.ts';
import { startServer } from '../test/server.ts';
import { run } from './load.ts';
import { connections, createTarget, fill, startFloor } from './scim.ts';
import { emailOf, user } from './users.ts';
import pg from 'pg';
const size = Number(process.argv[2] ?? 10000);
const which = (process.argv[3] ?? 'GET,FIND,PATCH,POST').split(',');
const server = await startServer({ arguments: ['--no-demo'], environment: { LOG_LEVEL: 'silent', SCIM_RATE: 'off', ...(process.env.PROF ? { NODE_OPTIONS: '--cpu-prof --cpu-prof-dir=/tmp/m/prof' } : {}) } });
const database = await openEmbedded(databaseFolders(projectFolder, server.folder));
const floor = await startFloor(database.url);
const floorTarget = { base: floor.base, connections, headers: { 'content-type': 'application/json' } };
const target = await createTarget(server, 'meter');
const ids = await fill(target, size);
{
  const client = new pg.Client({ connectionString: database.url }); await client.connect();
  await client.query('truncate floor_user');
  await client.query(`insert into floor_user select gen_random_uuid(), u->>'userName', u->>'externalId', u->'emails'->0->>'value', true, u-'userName'-'externalId'-'active' from jsonb_array_elements($1::jsonb) u`, [JSON.stringify(Array.from({length:size},(_,n)=>user(n)))]);
  await client.query('vacuum analyze floor_user'); await client.query('vacuum analyze'); 
  var floorIds: string[] = []; for (const r of (await client.query('select id,user_name from floor_user')).rows) floorIds[Number(/^user(\d+)@/.exec(r.user_name)![1])] = r.id;
  await client.end();
}
const tick = 10;
function stat(pid: string) { try { const s = readFileSync(`/proc/${pid}/stat`, 'utf8'); const f = s.slice(s.lastIndexOf(')') + 2).split(' '); return { comm: s.slice(s.indexOf('(')+1, s.lastIndexOf(')')), ppid: f[1], u: Number(f[11]), s: Number(f[12]), cu: Number(f[13]), cs: Number(f[14]) }; } catch { return undefined; } }
function cpu() {
  let pgU = 0, pgS = 0;
  for (const pid of readdirSync('/proc').filter((e) => /^\d+$/.test(e))) { const st = stat(pid); if (st?.comm.startsWith('postgres') ) { let mine=false; try { mine = readFileSync(`/proc/${pid}/cwd/../x`).length>0; } catch {} ; pgU += st.u; pgS += st.s; if (st.ppid && stat(st.ppid)?.comm !== 'postgres') { pgU += st.cu; pgS += st.cs; } } }
  const sv = stat(String(server.child.pid))!; const fl = stat(String(floor.child.pid))!; const me = stat('self')!;
  return { pgU, pgS, svU: sv.u, svS: sv.s, flU: fl.u, flS: fl.s, meU: me.u, meS: me.s };
}
const patch = (active: boolean) => JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'replace', path: 'active', value: active }] });
const some = (n: number) => (n * 7919) % size;
const calls: Record<string, [number, (side: 'rollcall'|'floor', n: number) => { method: string; path: string; body?: string }]> = {
  GET: [Number(process.env.N ?? 6000), (side, n) => ({ method: 'GET', path: `/Users/${(side === 'floor' ? floorIds : ids)[some(n)]}` })],
  FIND: [6000, (_s, n) => ({ method: 'GET', path: `/Users?filter=${encodeURIComponent(`userName eq "${emailOf(some(n))}"`)}` })],
  PATCH: [3000, (side, n) => ({ method: 'PATCH', path: `/Users/${(side === 'floor' ? floorIds : ids)[n % size]}`, body: patch(n % 2 === 1) })],
  POST: [Number(process.env.N ?? 3000), (_s, n) => ({ method: 'POST', path: '/Users', body: JSON.stringify(user(size + n)) })],
};
let offset = 0;
for (const name of which) {
  const [total, call] = calls[name]!;
  for (let round = 0; round < 3; round += 1) {
  for (const side of ['rollcall', 'floor'] as const) {
    const before = cpu();
    const { perSecond } = await run({ ...(side === 'floor' ? floorTarget : target), call: (n) => call(side, n) }, total, offset);
    const after = cpu();
    const us = (k: keyof typeof before) => Math.round((after[k] - before[k]) * 10000 / total);
    if (round > 0) console.log(name, side.padEnd(8), Math.round(perSecond), '/s  node', side === 'floor' ? `${us('flU')}+${us('flS')}` : `${us('svU')}+${us('svS')}`, ' pg', `${us('pgU')}+${us('pgS')}`, ' client', `${us('meU')}+${us('meS')}`);
  }
  offset += total;
  }
}
floor.child.kill(); await database.close(); await server.remove();
process.exit(0);
