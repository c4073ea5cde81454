// The control on the SCIM page that says which client the connection is spoken to as: it shows who was recognised, pins
// another, and goes back; the other end's requests are read accordingly.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, startServer } from '../server.ts';
import { type ConnectedPair, connectedPair, send } from './api.ts';
import { openBrowser } from './browser.ts';
import { openStage, type Stage } from './stage.ts';

let server: Server;
let browser: Browser;
let pair: ConnectedPair;
let stage: Stage;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  pair = await connectedPair({ workspace: server, identity: server });
  stage = await openStage(browser);
  const { hostname } = new URL(server.workspace);
  const cookies = Object.entries(pair.browser.cookiesOf(server.workspace));
  await stage.context.addCookies(cookies.map(([name, value]) => ({ name, value, domain: hostname, path: '/' })));
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function interopConformant(): Promise<unknown> {
  const { body } = await send('GET', `${server.workspace}/acme/scim/v2/ServiceProviderConfig`, {
    headers: { authorization: `Bearer ${pair.token}`, 'user-agent': 'Rollcall/0.1.0' },
  });
  return (JSON.parse(body) as Record<string, unknown>)['interopProfileConformant'];
}

test('a client is pinned on the screen and recognised again', async () => {
  const { page } = stage;
  await page.goto(`${server.workspace}/settings/integrations/scim`);
  const client = page.getByRole('combobox', { name: 'Client' });
  await expect.poll(() => client.inputValue(), { timeout: 15_000 }).toBe('Recognised by itself: Rollcall');
  await client.click();
  await page.getByRole('option', { name: 'Interop profile client' }).click();
  await expect.poll(async () => (await pair.workspace('scim')).client).toEqual({ id: 'interop', pinned: true });
  await page.reload();
  await expect.poll(() => client.inputValue(), { timeout: 15_000 }).toBe('Interop profile client');
  expect(await interopConformant()).toBe(true);
  await client.click();
  await page.getByRole('option', { name: 'Recognised by itself' }).click();
  await expect.poll(async () => (await pair.workspace('scim')).client).toEqual({ id: null, pinned: false });
  expect(await interopConformant()).toBeUndefined();
  await expect.poll(() => client.inputValue(), { timeout: 15_000 }).toBe('Recognised by itself: Rollcall');
  expect(stage.complaints).toEqual([]);
});
