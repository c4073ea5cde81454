// The walk: rows 0 to 17 of the article on a fresh start, in a browser, across two sites, by the visible words alone.
// Then what follows from it: attributes that change, a manager before and after the report, an app taken and given
// again, SCIM disabled and enabled again, forty people at once with their mails counted, and one of them signing in.

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { printedLink, type Server, startServer } from '../server.ts';
import { until } from '../until.ts';
import { openBrowser } from './browser.ts';
import { createRecorder, enter, openStage, type Stage } from './stage.ts';

let server: Server;
let browser: Browser;
let workspace: Stage;
let identity: Stage;
const recorder = createRecorder(projectFolder);

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  [workspace, identity] = [await openStage(browser), await openStage(browser)];
});
afterAll(async () => {
  recorder.finish();
  await browser?.close();
  await server?.remove();
});

type Place = Page | Locator;
const link = (place: Place, name: string | RegExp) =>
  place.getByRole('link', { name, exact: typeof name === 'string' }).first();
const button = (place: Place, name: string | RegExp) =>
  place.getByRole('button', { name, exact: typeof name === 'string' }).first();
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

/** The mails of the identity provider, read from its own page. */
function mailbox(page: Page): Promise<{ to: string; subject: string; text: string }[]> {
  return page.evaluate(async () => (await (await fetch('/api/mailbox')).json()).mails);
}

/** Chooses an entry of a select by the words one sees. */
async function choose(place: Place, page: Page, label: string, option: string): Promise<void> {
  await place.getByRole('combobox', { name: label }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

/** The value beside a term of a definition list, without the note under it. */
async function fact(page: Page, term: string): Promise<string> {
  const value = page.locator('dt', { hasText: new RegExp(`^${term}$`) }).locator('xpath=following-sibling::dd[1]');
  return value.first().evaluate((node) => {
    const copy = node.cloneNode(true) as Element;
    for (const note of copy.querySelectorAll('div')) note.remove();
    return (copy.textContent ?? '').trim();
  });
}

async function openUser(name: string): Promise<void> {
  const { page } = identity;
  await link(page, /^Users/).click();
  await link(page, 'All users').click();
  await page.getByRole('searchbox').or(page.getByPlaceholder('Name, user name, e-mail, title')).first().fill(name);
  await link(page, name).click();
}

async function giveApp(name: string): Promise<void> {
  const { page } = identity;
  await openUser(name);
  await link(page, 'Applications').click();
  await button(page, '+ Add app').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: 'Assign new login' }).waitFor();
  await choose(dialog, page, 'App', 'Acme');
  await button(dialog, 'Continue').click();
  await dialog.getByRole('heading', { name: `Edit login for ${name}` }).waitFor();
  await button(dialog, 'Save').click();
  await dialog.waitFor({ state: 'hidden' });
}

const provisioned = (page: Page) => page.getByRole('table').getByText('Provisioned', { exact: true }).first();

/** How many people the workspace's rail counts. */
async function peopleCount(): Promise<number> {
  return Number(/\d+/.exec((await link(workspace.page, /^People/).textContent()) ?? '')?.[0]);
}

async function openPerson(name: string): Promise<void> {
  const { page } = workspace;
  await link(page, /^People/).click();
  await page.getByPlaceholder('Name, title, e-mail, team').fill(name);
  await link(page, name).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

describe('the article', () => {
  let metadataUrl = '';

  it('signs in at both ends with the printed links', async () => {
    await enter(workspace.page, printedLink(server, 'workspace'));
    await enter(identity.page, printedLink(server, 'identity'));
    await recorder.step(
      'Start',
      'The start prints an address and a one-time link for each end. The workspace has four people already.',
      workspace.page,
    );
  });

  it('row 0: Company Apps is empty and says why; SAML single sign-on comes first', async () => {
    const { page } = identity;
    await link(page, /^Apps/).click();
    await page.getByText('An app appears here only after SAML SSO is set up for it.').first().waitFor();
    await recorder.step(
      'Row 0, before',
      'Identity provider, Apps > Company Apps: empty, and it says exactly why.',
      page,
    );
    const { page: there } = workspace;
    await link(there, 'Settings').click();
    await link(there, 'Integrations').click();
    await there.getByText('Turn on SAML SSO first.').waitFor();
    await link(there, 'Set up').click();
    await there.getByLabel('Rollcall').check();
    await button(there, 'Continue').click();
    metadataUrl = await there.getByLabel('Metadata URL', { exact: true }).inputValue();
    await recorder.step(
      'Row 0, give',
      'Workspace, Settings > Integrations > SAML SSO: what the identity provider needs, under its own names.',
      there,
    );
    await button(there, 'Continue').click();
  });

  it('row 0: the identity provider reads the workspace’s metadata, and the workspace the identity provider’s', async () => {
    const { page } = identity;
    await link(page, 'Add app').click();
    await page.getByLabel('Rollcall workspace').check();
    await page.getByLabel('Metadata URL').fill(metadataUrl);
    await button(page, 'Read it').click();
    await page.getByText('What it tells').waitFor();
    await page.getByLabel('Assign to me').check();
    await recorder.step(
      'Row 0, add app',
      'Identity provider, Add app: the workspace’s metadata tells its name, OrgID and SCIM base URL.',
      page,
    );
    await button(page, 'Add').click();
    await link(page, 'SSO').click();
    const theirs = await page.getByLabel('Metadata URL', { exact: true }).inputValue();
    const { page: there } = workspace;
    await there.getByLabel('Metadata URL of the identity provider').fill(theirs);
    await button(there, 'Read metadata').click();
    await there.getByText('The metadata was read.').waitFor();
    await button(there, 'Continue').click();
    // One browser would hold both cookies; the test's two stages meet for this one sign-in.
    await workspace.context.addCookies(await identity.context.cookies(server.identity));
    await button(there, 'Test sign-in').or(link(there, 'Test sign-in')).first().click();
    await there.waitForURL(/attempt=/);
    await there.getByText('The sign-in works. Nothing is turned on yet.').first().waitFor();
    await recorder.step(
      'Row 0, test',
      'The test signs in at the identity provider and comes back: every check with its tick, nothing enabled yet.',
      there,
    );
    await button(there, 'Continue').or(link(there, 'Continue')).first().click();
    await button(there, 'Turn on SAML SSO').click();
    await there.getByText('SAML SSO is on.').first().waitFor();
  });

  it('rows 1 to 5: Settings, Integrations, the SCIM card, Connect, Enable SCIM, the token, copied', async () => {
    const { page } = workspace;
    await link(page, 'Settings').click();
    await link(page, 'Integrations').click();
    await recorder.step('Row 3', 'Settings > Integrations: the SCIM card offers Connect.', page);
    await button(page, 'Connect').click();
    const dialog = page.getByRole('dialog');
    await recorder.step('Row 4', 'Connect asks: Enable SCIM?', page);
    await button(dialog, 'Enable SCIM').click();
    await page.getByText('SCIM is on. Copy the token now').waitFor();
    await button(page, 'Copy token').click();
    expect(await clipboard(page)).toMatch(/^rollcall_scim_[A-Za-z0-9]{43}_[0-9a-f]{8}$/);
    await recorder.step(
      'Row 5',
      'The API token, shown this once, with copy. (The one in this picture was revoked with its workspace.)',
      page,
    );
    await button(page, 'Done').click();
    await page.locator('[data-state="waiting"]').waitFor();
  });

  it('rows 6 to 11: Company Apps, the app, Configuration: OrgID, Authorization: and the token, Enable, Save', async () => {
    const { page } = identity;
    const token = await clipboard(workspace.page);
    await link(page, /^Apps/).click();
    await link(page, 'Company Apps').click();
    await recorder.step('Row 7', 'Identity provider, Apps > Company Apps: the app is listed.', page);
    await page.getByRole('table').getByRole('link').first().click();
    await link(page, 'Configuration').click();
    await page.getByLabel('OrgID').fill('acme');
    await page.getByLabel('API token').fill(`Authorization:${token}`);
    await recorder.step(
      'Row 9',
      'Configuration: the OrgID, and “Authorization:” with the pasted token. Any spelling does.',
      page,
    );
    await button(page, 'Enable').click();
    await page.getByText('Enabled', { exact: true }).first().waitFor();
    await button(page, 'Save').click();
    await recorder.step('Rows 10 and 11', 'Enable runs five live checks; API Status becomes Enabled. Save.', page);
  });

  it('rows 12 and 13: Provisioning: enabled, and no approval before creating, deleting or updating', async () => {
    const { page } = identity;
    await link(page, 'Provisioning').click();
    await page.getByLabel('Enable provisioning').check();
    for (const box of ['Create user', 'Delete user', 'Update user']) {
      expect(await page.getByLabel(box).isChecked()).toBe(true);
      await page.getByLabel(box).uncheck();
    }
    await recorder.step(
      'Rows 12 and 13',
      'Provisioning: Enable provisioning ticked, the three approval boxes unticked. Save.',
      page,
    );
    await button(page, 'Save').click();
    await page.getByText(/Saved/).first().waitFor();
  });

  it('row 14: the SCIM card offers only Disable SCIM', async () => {
    const { page } = workspace;
    await link(page, 'Settings').click();
    await link(page, 'Integrations').click();
    const card = page.locator('[data-state="connected"]');
    await card.waitFor();
    expect(await card.getByRole('button').allTextContents()).toEqual(['Disable SCIM']);
    await recorder.step('Row 14', 'Back at the workspace: connected, and Disable SCIM is the only button.', page);
  });

  it('rows 15 and 16: a user, Applications, +, Continue, Save: green Provisioned', async () => {
    const { page } = identity;
    await giveApp('Max Olsen');
    await provisioned(page).waitFor();
    await recorder.step(
      'Rows 15 and 16',
      'Users > All users > Max Olsen > Applications > +: Queued, Provisioning…, and green Provisioned.',
      page,
    );
  });

  it('the ten attributes are in the workspace', async () => {
    await openPerson('Max Olsen');
    const { page } = workspace;
    expect(await tenAttributes(page)).toEqual({
      'Display name': 'Max Olsen',
      'Job title': 'Engineer',
      Email: 'max.olsen@acme.example',
      'Joined teams': 'Platform',
      'Manager name': 'Chen Wei',
      'Manager email': 'chen.wei@acme.example',
      'Employee type': 'Permanent',
      Location: 'Oslo',
      Department: 'Engineering',
      'Start date': '2021-08-16',
    });
    await recorder.step(
      'The ten attributes',
      'At the workspace: the ten attributes of Max Olsen, each with the request it came from.',
      page,
    );
  });
});

/** The ten attributes as the person's page shows them. */
async function tenAttributes(page: Page): Promise<Record<string, string>> {
  const names = [
    'Display name',
    'Job title',
    'Email',
    'Joined teams',
    'Manager name',
    'Manager email',
    'Employee type',
    'Location',
    'Department',
    'Start date',
  ];
  const found: Record<string, string> = {};
  for (const name of names) found[name] = await fact(page, name);
  return found;
}

/** Looks at a person's page, which follows by itself, until the attributes are these. */
async function untilAttributes(name: string, expected: Record<string, string>): Promise<void> {
  await openPerson(name);
  await until(
    () => tenAttributes(workspace.page),
    (found) => Object.entries(expected).every(([term, value]) => found[term] === value),
  );
}

describe('afterwards', () => {
  it('a change of each attribute arrives', async () => {
    const { page } = identity;
    await openUser('Max Olsen');
    const changes = {
      'Display name': 'Max Olsen-Berg',
      'Job title': 'Senior engineer',
      Email: 'max.berg@acme.example',
      'Employee type': 'Contractor',
      Location: 'Bergen',
      Department: 'Platform engineering',
      'Start date': '2021-09-01',
    };
    for (const [label, value] of Object.entries(changes)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole('combobox', { name: 'Manager' }).fill('Ada Byron');
    await page.getByRole('option', { name: 'Ada Byron' }).click();
    await button(page, 'Save').click();
    await page
      .getByText(/^Saved/)
      .first()
      .waitFor();
    await link(page, 'Groups').click();
    await page.getByLabel('Support').check();
    await button(page, 'Save').click();
    await page
      .getByText(/^Saved/)
      .first()
      .waitFor();
    await untilAttributes('Max Olsen-Berg', {
      ...changes,
      'Joined teams': 'Platform, Support',
      'Manager name': 'Ada Byron',
      'Manager email': 'ada.byron@acme.example',
    });
    await recorder.step(
      'A change of each',
      'Each attribute changed at the identity provider, and what it was before at the workspace.',
      workspace.page,
    );
  });

  it('a manager given before the report is a link at once; given after, the report’s manager joins by itself', async () => {
    await giveApp('Joy Adeyemi');
    await provisioned(identity.page).waitFor();
    await giveApp('Mina Farouk');
    await provisioned(identity.page).waitFor();
    await untilAttributes('Mina Farouk', { 'Manager name': 'Joy Adeyemi' });
    await link(workspace.page, 'Joy Adeyemi').waitFor();
    await giveApp('Sam Okoro');
    await provisioned(identity.page).waitFor();
    await untilAttributes('Sam Okoro', { 'Manager name': 'Nils Hansen', 'Manager email': 'nils.hansen@acme.example' });
    await giveApp('Nils Hansen');
    await provisioned(identity.page).waitFor();
    await openPerson('Sam Okoro');
    await workspace.page.locator('dd').getByRole('link', { name: 'Nils Hansen' }).waitFor();
  });

  it('somebody who was there before is linked, not doubled', async () => {
    await giveApp('Omar Haddad');
    await provisioned(identity.page).waitFor();
    const { page } = workspace;
    await link(page, /^People/).click();
    await page.getByPlaceholder('Name, title, e-mail, team').fill('Omar');
    await page.getByRole('row', { name: /Omar Haddad.*Rollcall/ }).waitFor();
    expect(await page.getByRole('row', { name: /Omar Haddad/ }).count()).toBe(1);
  });

  it('the app taken away deactivates, given again reactivates the same person', async () => {
    await openPerson('Mina Farouk');
    const before = workspace.page.url();
    const { page } = identity;
    await openUser('Mina Farouk');
    await link(page, 'Applications').click();
    await button(page, /^Remove /).click();
    await button(page.getByRole('dialog'), 'Remove').click();
    await page
      .getByRole('table')
      .getByText(/^(Suspended|Deprovisioned)$/)
      .first()
      .waitFor();
    await workspace.page.getByText('Deactivated', { exact: true }).first().waitFor();
    await giveApp('Mina Farouk');
    await provisioned(page).waitFor();
    await openPerson('Mina Farouk');
    expect(workspace.page.url()).toBe(before);
    await workspace.page.getByText('Invited', { exact: true }).first().waitFor();
  });

  it('Disable SCIM and enable again: the same people, no twins', async () => {
    const { page } = workspace;
    const total = await peopleCount();
    await link(page, 'Settings').click();
    await link(page, 'Integrations').click();
    await button(page, 'Disable SCIM').click();
    await recorder.step('Disable SCIM', 'Disabling says what stops and what stays.', page);
    await button(page.getByRole('dialog'), 'Disable SCIM').click();
    await page.locator('[data-state="available"]').waitFor();
    await button(page, 'Connect').click();
    await button(page.getByRole('dialog'), 'Enable SCIM').click();
    await button(page, 'Copy token').click();
    const token = await clipboard(page);
    await button(page, 'Done').click();
    const { page: there } = identity;
    await link(there, /^Apps/).click();
    await link(there, 'Company Apps').click();
    await there.getByRole('table').getByRole('link').first().click();
    await link(there, 'Configuration').click();
    await button(there, 'Replace').click();
    await there.getByLabel('API token').fill(token);
    await button(there, 'Save').click();
    await there.getByText(/Saved/).first().waitFor();
    await openUser('Max Olsen-Berg');
    await there.getByLabel('Job title', { exact: true }).fill('Principal engineer');
    await button(there, 'Save').click();
    await untilAttributes('Max Olsen-Berg', { 'Job title': 'Principal engineer' });
    await until(peopleCount, (now) => now === total);
  });
});

describe('in bulk', () => {
  it('row 17: All users, More Actions, Bulk operations: Default, Activate and Send invite, Continue, verified', async () => {
    const { page } = identity;
    await link(page, /^Roles/).click();
    await link(page, 'Default').click();
    await page.getByRole('checkbox').first().check();
    await button(page, 'Save').click();
    await page.getByText(/Saved/).first().waitFor();
    await link(page, /^Users/).click();
    await link(page, 'All users').click();
    await button(page, 'More Actions').click();
    await page.getByRole('menuitem', { name: 'Bulk operations' }).click();
    await choose(page, page, 'Role', 'Default');
    await choose(page, page, 'Operations', 'Activate and Send invite');
    await recorder.step(
      'Row 17, form',
      'Users > All users > More Actions > Bulk operations: Role Default, Activate and Send invite.',
      page,
    );
    await button(page, 'Continue').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Verify this operation').waitFor();
    await recorder.step('Row 17, verify', 'The modal says what will happen, who is skipped and why.', page);
    await button(dialog, 'Confirm').click();
    await page.getByText('Finished', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByText('40 accepted').waitFor({ timeout: 60_000 });
    await recorder.step('Row 17, job', 'The job: forty people, forty mails, each accepted once.', page);
  });

  it('everybody is at the workspace, once', async () => {
    await until(peopleCount, (count) => count === 41);
  });

  it('there are forty invitations, no two to one person', async () => {
    const mails = await mailbox(identity.page);
    const invitations = mails.filter(({ subject }) => subject.includes('invites you'));
    expect(invitations).toHaveLength(40);
    expect(new Set(invitations.map(({ to }) => to)).size).toBe(40);
  });

  it('one of them: mail, password, tile, SAML, Active', async () => {
    const stage = await openStage(browser);
    const { page } = stage;
    await page.goto(`${server.identity}/dev/mail`);
    await page.getByText('yara.santos@acme.example').first().waitFor();
    await recorder.step(
      'An invitation',
      'Without a mail server the mails wait on the mailbox page, for this machine only.',
      page,
    );
    const mails = await mailbox(page);
    const [address = ''] =
      /https?:\S+\/link\/\S+/.exec(mails.find(({ to }) => to === 'yara.santos@acme.example')?.text ?? '') ?? [];
    await page.goto(address);
    await page.getByLabel('New password').fill('a river of small stones');
    await button(page, 'Accept and sign in').click();
    await page.getByRole('heading', { name: 'My apps' }).waitFor();
    await recorder.step('My apps', 'The invited person sees the app as a tile.', page);
    const tile = page.getByRole('link', { name: /Acme/ }).last();
    const [opened] = await Promise.all([stage.context.waitForEvent('page').catch(() => page), tile.click()]);
    await opened.waitForURL((url) => url.origin === server.workspace && !url.pathname.includes('/saml/'));
    await opened.getByRole('heading', { level: 1 }).first().waitFor();
    await recorder.step('Signed in', 'One click on the tile, and SAML signs in to the workspace.', opened);
    // C08: whom the directory manages is offered no password, on the menu and at the page's own address.
    await opened.getByRole('button', { name: /Yara Santos/ }).click();
    await opened.getByRole('menuitem', { name: 'Your profile' }).waitFor();
    expect(await opened.getByRole('menuitem', { name: 'Change password' }).count()).toBe(0);
    await opened.goto(`${server.workspace}/password`);
    await opened.getByRole('heading', { name: 'You have no password here' }).waitFor();
    expect(await opened.getByRole('textbox').count()).toBe(0);
    expect(stage.complaints).toEqual([]);
    await openPerson('Yara Santos');
    await workspace.page.getByText('Active', { exact: true }).first().waitFor();
    await stage.context.close();
  });
});

it('no page broke its policy or a script', () => {
  expect([...workspace.complaints, ...identity.complaints]).toEqual([]);
});
