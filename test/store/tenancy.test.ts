// Tenancy as the database holds it (properties N01-N04): not by our WHERE clauses alone.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantDatabase } from '../../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';

const acme = '0198c0de-0000-7000-8000-00000000000a';
const bolt = '0198c0de-0000-7000-8000-00000000000b';
let test: TestDatabase;
let workspace: TenantDatabase;
let identity: TenantDatabase;
/** Its control statements reach the tenants' own server: statements that set no tenant. */
let tenantless: TenantDatabase;

function insertSettings(tenant: string, slug: string) {
  return {
    text: 'insert into workspace.settings (tenant, slug, name, plan, created_at) values ($1, $2, $3, $4, $5)',
    values: [tenant, slug, slug, 'plus', new Date(0)],
  };
}

beforeAll(async () => {
  test = await createTestDatabase();
  workspace = test.open('rollcall_workspace');
  tenantless = test.open('rollcall_workspace', { controlUrl: undefined, controlPoolUrl: undefined });
  identity = test.open('rollcall_identity');
  await workspace.batch(acme, [insertSettings(acme, 'acme')]);
  await workspace.batch(bolt, [insertSettings(bolt, 'bolt')]);
});
afterAll(() => test.drop());

describe('tenancy', () => {
  it('N01: works as a role that row-level security binds', async () => {
    const [role] = await workspace.control.query(
      'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    );
    expect(role).toEqual({ rolname: 'rollcall_workspace', rolsuper: false, rolbypassrls: false });
  });

  it('N02: every table with a tenant is bound by a policy and owned by no application role, control aside', async () => {
    const { rows } = await test.asOwner(`
      select n.nspname || '.' || c.relname as name, c.relrowsecurity as bound, r.rolname as owner
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
      where n.nspname in ('workspace', 'identity') and c.relkind in ('r', 'p') and not c.relispartition`);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ bound, owner }) => !bound || owner.startsWith('rollcall_'))).toEqual([]);
  });

  it('N02: a query without a tenant raises instead of finding nobody', async () => {
    await expect(tenantless.control.query('select * from workspace.settings')).rejects.toMatchObject({
      code: expect.stringMatching(/^(42704|22P02)$/),
    });
  });

  it('N03: a connection that served one tenant raises when the next statement sets none', async () => {
    await tenantless.batch(acme, [{ text: 'select 1' }]);
    await expect(tenantless.control.query('select * from workspace.settings')).rejects.toMatchObject({
      code: expect.stringMatching(/^(42704|22P02)$/),
    });
  });

  it('N03: 2,000 mixed transactions with failures in between each see their own tenant only', async () => {
    const mistakes: string[] = [];
    const look = async (n: number) => {
      const [tenant, slug] = n % 2 === 0 ? [acme, 'acme'] : [bolt, 'bolt'];
      if (n % 7 === 0) {
        await workspace.batch(tenant, [{ text: 'select 1/0' }]).catch(() => {});
        return;
      }
      if (n % 11 === 0) {
        await workspace
          .withTenant(tenant, async (tx) => {
            await tx.query('select 1');
            throw new Error('abandoned');
          })
          .catch(() => {});
        return;
      }
      const [rows] = await workspace.batch(tenant, [{ text: 'select slug from workspace.settings' }]);
      if (rows?.length !== 1 || rows[0]?.['slug'] !== slug) mistakes.push(`${n}: ${JSON.stringify(rows)}`);
    };
    for (let start = 0; start < 2_000; start += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => look(start + n)));
    }
    expect(mistakes).toEqual([]);
  });

  it('N04: every foreign key between tenant tables carries the tenant', async () => {
    const { rows } = await test.asOwner(`
      select conname, (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = conrelid and a.attnum = any(conkey)) as columns
      from pg_constraint join pg_namespace n on n.oid = connamespace
      where contype = 'f' and n.nspname in ('workspace', 'identity')`);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ columns }) => !columns.includes('tenant'))).toEqual([]);
  });

  it('a write of another tenant in its name is refused', async () => {
    await expect(
      workspace.batch(acme, [insertSettings('0198c0de-0000-7000-8000-00000000000c', 'evil')]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it.each([
    ['identity', 'rollcall_workspace', 'select * from identity.account'],
    ['workspace', 'rollcall_identity', 'select * from workspace.account'],
    ['control.scim_token', 'rollcall_identity', 'select * from control.scim_token'],
    ['control.organization', 'rollcall_workspace', 'select * from control.organization'],
  ])('the ends share nothing: %s cannot be read by %s', async (_what, role, text) => {
    const database = role === 'rollcall_workspace' ? workspace : identity;
    const asked = text.includes('control.') ? database.control.query(text) : database.batch(acme, [{ text }]);
    await expect(asked).rejects.toMatchObject({ code: '42501' });
  });

  it('journals are only ever added to', async () => {
    await expect(workspace.batch(acme, [{ text: "update workspace.audit set action = ''" }])).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('the first failure of a pipeline is the one reported', async () => {
    await expect(workspace.batch(acme, [{ text: 'select 1/0' }, { text: 'select 1' }])).rejects.toMatchObject({
      code: '22012',
    });
  });
});
