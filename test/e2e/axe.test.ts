// Every screen of both ends, in both themes, without a violation of the rules axe knows (WCAG 2.2 A and AA, best practice),
// and without a breach of the content security policy. The ends are connected first, so that the screens show real state.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { until } from '../until.ts';
import { connectedPair, type Pair } from './api.ts';
import { openBrowser } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { html: string }[];
}

let server: Server;
let browser: Browser;
let pair: Pair;
/** Ids that addresses need, found through the admin APIs. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  pair = await connectedPair({ workspace: server, identity: server });
  const { users } = await pair.identity('users', { query: { search: 'max' } });
  ids['user'] = users[0]?.id ?? '';
  await pair.identity('assignApp', { parameters: { id: ids['user'], app: pair.app }, body: {} });
  await until(
    async () => (await pair.identity('user', { parameters: { id: ids['user'] ?? '' } })).assignments[0]?.status,
    (status) => status === 'provisioned',
  );
  ids['app'] = pair.app;
  ids['person'] = (await pair.workspace('people', { query: { search: 'max' } })).people[0]?.id ?? '';
  ids['team'] = (await pair.workspace('teams')).teams[0]?.id ?? '';
  ids['request'] = (await pair.workspace('requests')).requests[0]?.id ?? '';
  ids['role'] = (await pair.identity('roles')).roles[0]?.id ?? '';
  ids['group'] = (await pair.identity('groups')).groups[0]?.id ?? '';
  const body = {
    who: { kind: 'selected' as const, users: [ids['user']] },
    operation: 'activate-invite' as const,
    role: null,
    app: null,
  };
  ids['job'] = (await pair.identity('startBulk', { body })).id;
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const workspacePages = [
  '/people',
  '/people/:person',
  '/teams',
  '/teams/:team',
  '/requests',
  '/requests/:request',
  '/settings',
  '/settings/members',
  '/settings/integrations',
  '/settings/integrations/saml',
  '/settings/integrations/scim',
  '/settings/integrations/scim/tokens',
  '/article',
  '/password',
  '/dev/mail',
  '/nothing/here',
];

const appTabs = ['', '/configuration', '/parameters', '/sso', '/access', '/provisioning', '/users', '/groups'];
const userTabs = ['', '/applications', '/roles', '/groups', '/activity'];

const identityPages = [
  '/',
  '/users',
  ...userTabs.map((tab) => `/users/:user${tab}`),
  '/roles',
  '/roles/:role',
  '/groups',
  '/groups/:group',
  '/apps',
  '/apps/add',
  ...appTabs.map((tab) => `/apps/:app${tab}`),
  '/approvals',
  '/bulk',
  '/bulk/new',
  '/bulk/:job',
  '/my',
  '/article',
  '/password',
  '/dev/mail',
];

const doors = ['/signin', '/forgot', '/link/spent'];

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { axe: tool } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await tool.run()).violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) }));
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** The page as it is once nothing loads any more: a heading is there and no skeleton. */
async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await page
    .locator('[aria-busy="true"]')
    .waitFor({ state: 'detached' })
    .catch(() => {});
}

async function signedInStage(
  origin: string,
  cookies: Record<string, string>,
  colorScheme: 'light' | 'dark',
): Promise<Stage> {
  const stage = await openStage(browser, { colorScheme });
  const { hostname } = new URL(origin);
  await stage.context.addCookies(
    Object.entries(cookies).map(([name, value]) => ({ name, value, domain: hostname, path: '/' })),
  );
  return stage;
}

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  describe.each([
    ['workspace', workspacePages, [...doors, '/acme']],
    ['identity', identityPages, doors],
  ] as const)('%s', (end, pages, outside) => {
    let inside: Stage;
    let door: Stage;
    beforeAll(async () => {
      inside = await signedInStage(server[end], pair.browser.cookiesOf(server[end]), theme);
      door = await openStage(browser, { colorScheme: theme });
    });
    afterAll(async () => {
      await inside.context.close();
      await door.context.close();
    });

    it.each(pages)('%s', async (path) => {
      await inside.page.goto(server[end] + path.replace(/:(\w+)/g, (_whole, name: string) => ids[name] ?? 'missing'));
      await settle(inside.page);
      expect(await violations(inside.page)).toEqual([]);
    });

    if (end === 'workspace') {
      it('paused: the card, the page, and the question before', async () => {
        const { page } = inside;
        await page.goto(`${server[end]}/settings/integrations/scim`);
        await page.getByRole('button', { name: 'Pause', exact: true }).click();
        await page.getByRole('dialog').getByText('Entra ID').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
        await page
          .getByText(/^Requests are answered 503|Paused by/)
          .first()
          .waitFor();
        expect(await violations(page)).toEqual([]);
        await page.goto(`${server[end]}/settings/integrations`);
        const card = page.locator('[data-state="paused"]');
        await card.waitFor();
        expect(await violations(page)).toEqual([]);
        await card.getByRole('button', { name: 'Resume' }).click();
        await card.waitFor({ state: 'detached' });
      });
    }

    it.each(outside)('%s, not signed in', async (path) => {
      await door.page.goto(server[end] + path);
      await settle(door.page);
      expect(await violations(door.page)).toEqual([]);
    });

    it('no page broke its policy or a script', () => {
      expect([...inside.complaints, ...door.complaints]).toEqual([]);
    });
  });
});
