// The floor: the smallest Hono and pg server that does the same request in one prepared statement, with no validation, no
// journal and no tenancy; lists count. What Rollcall costs is what it adds to this. Talks to: Postgres.

import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['FLOOR_DATABASE_URL'], max: 16 });
for (const statement of [
  `create table if not exists floor_user (id uuid primary key, user_name text not null unique, external_id text not null,
    email text not null, active boolean not null, attributes jsonb not null)`,
  'create index if not exists floor_user_external on floor_user (external_id)',
  'create index if not exists floor_user_email on floor_user (email)',
  'create table if not exists floor_member (team uuid not null, member uuid not null, primary key (team, member))',
])
  await pool.query(statement);

interface Stored {
  id: string;
  user_name: string;
  external_id: string;
  email: string;
  active: boolean;
  attributes: object;
}
const body = ({ attributes, id, user_name, external_id, active }: Stored) => ({
  ...attributes,
  ...{ id, userName: user_name, externalId: external_id, active },
});
const columns: Record<string, string> = {
  userName: 'user_name',
  externalId: 'external_id',
  'emails.value': 'email',
};

const app = new Hono();
app.get('/Users/:id', async (context) => {
  const { rows } = await pool.query<Stored>({
    name: 'get',
    text: 'select * from floor_user where id = $1',
    values: [context.req.param('id')],
  });
  return rows[0] ? context.json(body(rows[0])) : context.body(null, 404);
});
app.get('/Users', async (context) => {
  const [, attribute = '', value = ''] = /^([a-zA-Z.]+) eq "(.*)"$/.exec(context.req.query('filter') ?? '') ?? [];
  const column = columns[attribute];
  if (!column) return page(Number(context.req.query('startIndex') ?? 1), Number(context.req.query('count') ?? 100));
  const { rows } = await pool.query<Stored>({
    name: `find-${column}`,
    text: `select * from floor_user where ${column} = $1`,
    values: [value],
  });
  return context.json({
    totalResults: rows.length,
    startIndex: 1,
    itemsPerPage: rows.length,
    Resources: rows.map(body),
  });
});
async function page(startIndex: number, count: number): Promise<Response> {
  const { rows } = await pool.query<Stored & { total: string }>({
    name: 'page',
    text: 'select *, (select count(*) from floor_user) as total from floor_user order by id limit $1 offset $2',
    values: [count, startIndex - 1],
  });
  const total = Number(rows[0]?.total ?? 0);
  return Response.json({ totalResults: total, startIndex, itemsPerPage: rows.length, Resources: rows.map(body) });
}
app.post('/Users', async (context) => {
  const { userName, externalId, active = true, ...attributes } = await context.req.json();
  const { rows } = await pool.query<Stored>({
    name: 'add',
    text: `insert into floor_user (id, user_name, external_id, email, active, attributes) values ($1, $2, $3, $4, $5, $6) returning *`,
    values: [randomUUID(), userName, externalId, attributes.emails[0].value, active, attributes],
  });
  return context.json(body(rows[0] as Stored), 201);
});
app.patch('/Users/:id', async (context) => {
  const { Operations } = await context.req.json();
  const { rows } = await pool.query<Stored>({
    name: 'patch',
    text: 'update floor_user set active = $2 where id = $1 returning *',
    values: [context.req.param('id'), Operations[0].value],
  });
  return context.json(body(rows[0] as Stored));
});

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
