// The floor: the smallest Hono and pg server that does the same request in one prepared statement, with no validation, no
// journal and no tenancy. What Rollcall costs is what it adds to this. Talks to: Postgres.

import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env['FLOOR_DATABASE_URL'], max: 8 });
await pool.query(
  `create table if not exists floor_user (id uuid primary key, user_name text not null unique, active boolean not null, attributes jsonb not null)`,
);

interface Stored {
  id: string;
  user_name: string;
  active: boolean;
  attributes: object;
}
const body = (row: Stored) => ({ ...row.attributes, id: row.id, userName: row.user_name, active: row.active });

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
  const name = /^userName eq "(.*)"$/.exec(context.req.query('filter') ?? '')?.[1] ?? '';
  const { rows } = await pool.query<Stored>({
    name: 'find',
    text: 'select * from floor_user where user_name = $1',
    values: [name],
  });
  return context.json({
    totalResults: rows.length,
    startIndex: 1,
    itemsPerPage: rows.length,
    Resources: rows.map(body),
  });
});
app.post('/Users', async (context) => {
  const { userName, active = true, ...attributes } = await context.req.json();
  const { rows } = await pool.query<Stored>({
    name: 'add',
    text: 'insert into floor_user (id, user_name, active, attributes) values ($1, $2, $3, $4) returning *',
    values: [randomUUID(), userName, active, attributes],
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
