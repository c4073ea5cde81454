// One invited person, from the mail to the workspace: bulk activation, the mail, a password, the tile in my apps, SAML, and
// there they are, Active.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Server, startServer } from '../../server.ts';
import { until } from '../../until.ts';
import { type ConnectedPair, connectedPair, createBrowser, createEnds, peopleOf, userId } from '../api.ts';
import { type MailServer, openMailServer } from './mail-server.ts';

let mails: MailServer;
let server: Server;
let pair: ConnectedPair;
beforeAll(async () => {
  mails = await openMailServer();
  server = await startServer({ environment: { SMTP_URL: mails.url } });
  pair = await connectedPair({ workspace: server, identity: server });
});
afterAll(async () => {
  await server.remove();
  await mails.close();
});

const lea = 'lea.fontaine@acme.example';

it('an invited person signs in at the workspace', async () => {
  const { roles } = await pair.identity('roles');
  const role = roles.find(({ isDefault }) => isDefault)?.id;
  await pair.identity('setAppRoles', { parameters: { id: pair.app }, body: { roles: [role] } });
  const who = { kind: 'selected', users: [await userId(pair.identity, 'lea.fontaine')] };
  const { id } = await pair.identity('startBulk', { body: { who, role, operation: 'activate-invite' } });
  const mail = await until(() => mails.accepted.find(({ to }) => to === lea));
  await until(
    () => pair.identity('bulkJob', { parameters: { id } }),
    ({ job }) => job.state === 'finished' && job.mails.accepted === 1,
  );
  await until(
    async () => (await peopleOf(pair)).get(lea),
    (person) => person?.status === 'invited',
  );

  const text = mail?.text.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
  const token = new RegExp(`${pair.origins.identity}/link/([\\w-]+)`).exec(text)?.[1] ?? '';
  const browser = createBrowser();
  const ends = createEnds(browser, pair.origins);
  expect(await ends.identity('link', { parameters: { token } })).toMatchObject({
    kind: 'invitation',
    name: 'Lea Fontaine',
  });
  const password = 'a sentence only Lea would think of';
  await ends.identity('useLink', { parameters: { token }, body: { password } });
  await expect(
    createEnds(createBrowser(), pair.origins).identity('useLink', { parameters: { token }, body: { password } }),
  ).rejects.toThrow();

  const { apps } = await until(
    () => ends.identity('myApps'),
    ({ apps: [tile] }) => tile?.ready === true,
  );
  const page = await browser.open(apps[0]?.signInUrl ?? '');
  expect(new URL(page.url).origin).toBe(pair.origins.workspace);
  expect(page.status).toBe(200);
  expect(await ends.workspace('session')).toMatchObject({ person: { name: 'Lea Fontaine', role: 'member' } });
  expect((await peopleOf(pair)).get(lea)).toMatchObject({ status: 'active', source: { kind: 'scim' }, role: 'member' });
});
