// The walker itself: each rule of it lets what is right pass and fails on what breaks it alone.

import { expect, it } from 'vitest';
import { walk, walkControl } from './statements.ts';

const tenant = '0198c0de-0000-7000-8000-00000000000a';

it.each([
  'select r.id from workspace.resource r where r.tenant = $1 and r.id = $2',
  'select r.id from workspace.resource r join workspace.resource_key k on k.tenant = r.tenant and k.resource = r.id where r.tenant = $1',
  'select id from workspace.resource where tenant = $1 union all select id from workspace.mail where tenant = $1',
  'insert into workspace.mail (tenant, id) values ($1, $2) returning id',
  'insert into workspace.mail (tenant, id) select $1, x.id from unnest($2::uuid[]) as x (id) returning id',
  'update workspace.mail set state = $2 where tenant = $1',
  'savepoint operation_1',
  'rollback to savepoint operation_1',
])('lets pass: %s', (text) => {
  expect(() => walk(text, [tenant], tenant)).not.toThrow();
});

it.each([
  ['no tenant', 'select id from workspace.resource where id = $1'],
  ['a tenant in OR', 'select id from workspace.resource where tenant = $1 or id = $2'],
  ['tenants as a list', 'select id from workspace.resource where tenant = any($1)'],
  ['the setting instead', "select id from workspace.resource where tenant = current_setting('app.tenant')::uuid"],
  ['a tenant in a subquery alone', 'select * from (select id from workspace.resource where tenant = $1) x'],
  ['one branch without', 'select id from workspace.resource where tenant = $1 union all select id from workspace.mail'],
  [
    'a join that repeats no tenant',
    'select r.id from workspace.resource r join workspace.resource_key k on k.resource = r.id where r.tenant = $1',
  ],
  ['MERGE', 'merge into workspace.mail m using workspace.resource r on m.tenant = $1 when matched then delete'],
  ['the server’s clock', 'update workspace.mail set sent_at = now() where tenant = $1'],
  ['its other clock', 'update workspace.mail set sent_at = clock_timestamp() where tenant = $1'],
  ['its chance', 'insert into workspace.mail (tenant, id) values ($1, gen_random_uuid()) returning id'],
  ['a sequence', "insert into workspace.mail (tenant, id) values ($1, nextval('x')) returning id"],
  ['an INSERT without columns', 'insert into workspace.mail values ($1, $2) returning id'],
  ['an INSERT whose tenant is not bare', 'insert into workspace.mail (tenant, id) values ($1::uuid, $2) returning id'],
  ['an INSERT that returns nothing', 'insert into workspace.mail (tenant, id) values ($1, $2)'],
  ['two rows of VALUES', 'insert into workspace.mail (tenant, id) values ($1, $2), ($1, $3) returning id'],
  ['a scalar subquery', 'insert into workspace.mail (tenant, id) values ($1, (select 1)) returning id'],
  ['VALUES as a table', 'select * from workspace.mail m join (values (1)) v on true where m.tenant = $1'],
  ['a row that moves', 'update workspace.mail set state = $2, tenant = $3 where tenant = $1'],
  ['two statements', 'delete from workspace.mail where tenant = $1; select 1'],
  ['a session’s setting', "set app.tenant = '1'"],
  ['set_config', "select set_config('app.tenant', $1, true)"],
  ['an advisory lock', 'select pg_advisory_xact_lock(1) from workspace.mail where tenant = $1'],
  [
    'a control table',
    'select id from workspace.mail where tenant = $1 and id in (select token from control.scim_token)',
  ],
])('fails on %s', (_rule, text) => {
  expect(() => walk(text, [tenant], tenant)).toThrow();
});

it('fails on another tenant, and on control that names a tenant’s table', () => {
  expect(() => walk('select id from workspace.mail where tenant = $1', ['another'], tenant)).toThrow();
  expect(() =>
    walkControl('select 1 from control.workspace w join workspace.settings s on s.tenant = w.tenant'),
  ).toThrow();
  expect(() => walkControl('select tenant from control.workspace where slug = $1')).not.toThrow();
});
