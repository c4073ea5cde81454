// Both ends over HTTP as a browser uses them: cookies, redirects, the form that posts itself, and each end's admin API by
// the names of its contract. Talks to: loopback. Node resolves no name under .localhost, so a connection goes to
// 127.0.0.1 with the name in the Host header.

import http from 'node:http';
import type { z } from 'zod';
import { identityRoutes } from '../../src/contract/identity.ts';
import { pathOf, type Route } from '../../src/contract/route.ts';
import { type Person, workspaceRoutes } from '../../src/contract/workspace.ts';
import { printedLink, type Server } from '../server.ts';

export interface Page {
  url: string;
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface Sent {
  headers?: Record<string, string>;
  body?: string;
}

/** One request, without cookies. */
export function send(method: string, url: string, { headers = {}, body }: Sent = {}): Promise<Page> {
  const { host, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      {
        ...{ host: '127.0.0.1', port, method, path: pathname + search, agent: false },
        headers: { host, ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: answered } = response;
          resolve({ url, status, headers: answered, body: Buffer.concat(chunks).toString() });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export interface Browser {
  request(method: string, url: string, sent?: Sent): Promise<Page>;
  /** Opens an address as a link does: follows redirects, and posts a form that posts itself. */
  open(url: string): Promise<Page>;
  /** What it holds for an origin, to hand over to another browser. */
  cookiesOf(origin: string): Record<string, string>;
}

function decodeEntities(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_whole, digits: string) => String.fromCodePoint(Number.parseInt(digits, 16)))
    .replace(/&#(\d+);/g, (_whole, digits: string) => String.fromCodePoint(Number(digits)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** The SAML page's form; undefined when the page has none. */
function postedForm({ body }: Page): { action: string; fields: URLSearchParams } | undefined {
  const action = /<form[^>]*method="post"[^>]*action="([^"]*)"/i.exec(body)?.[1];
  if (action === undefined) return undefined;
  const inputs = [...body.matchAll(/name="(\w+)" value="([^"]*)"/g)];
  return {
    action: decodeEntities(action),
    fields: new URLSearchParams(inputs.map(([, name = '', value = '']) => [name, decodeEntities(value)])),
  };
}

/** A browser with nothing in it: cookies are kept by origin. */
export function createBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  async function request(method: string, url: string, { headers = {}, body }: Sent = {}): Promise<Page> {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { 'sec-fetch-site': 'same-origin', ...(cookie === '' ? {} : { cookie }), ...headers };
    const page = await send(method, url, { headers: all, ...(body === undefined ? {} : { body }) });
    for (const set of page.headers['set-cookie'] ?? []) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0\b/i.test(set)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return page;
  }
  return {
    request,
    cookiesOf: (origin) => Object.fromEntries(jars.get(origin) ?? []),
    async open(url) {
      let page = await request('GET', url, { headers: { 'sec-fetch-site': 'none' } });
      for (let hops = 0; hops < 10; hops += 1) {
        const { location } = page.headers;
        const form = page.status === 200 ? postedForm(page) : undefined;
        if (location !== undefined) {
          page = await request('GET', new URL(location, page.url).href, { headers: { 'sec-fetch-site': 'none' } });
        } else if (form) {
          page = await request('POST', new URL(form.action, page.url).href, {
            headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
            body: form.fields.toString(),
          });
        } else {
          return page;
        }
      }
      throw new Error(`${url} leads in a circle; the last page was ${page.url}.`);
    },
  };
}

/** What an end refused, as its problem details say it. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export interface Input {
  parameters?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
}

type Answer<R extends Route> = R['answer'] extends z.ZodType ? z.output<R['answer']> : undefined;
export type Client<T extends Record<string, Route>> = <K extends keyof T>(
  name: K,
  input?: Input,
) => Promise<Answer<T[K]>>;

/** An end's admin API in this browser; every answer is read by the contract. @throws {Refused} */
export function createClient<T extends Record<string, Route>>(browser: Browser, origin: string, routes: T): Client<T> {
  return async (name, { parameters, query = {}, body } = {}) => {
    const route: Route = routes[name] as Route;
    const search = new URLSearchParams(query).toString();
    const url = `${origin}${pathOf(route, parameters)}${search === '' ? '' : `?${search}`}`;
    const sent = route.body
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }
      : {};
    const page = await browser.request(route.method, url, sent);
    if (page.status >= 400) {
      const detail = /json/.test(page.headers['content-type'] ?? '')
        ? (JSON.parse(page.body) as { detail?: string }).detail
        : undefined;
      throw new Refused(page.status, detail ?? page.body);
    }
    return (route.answer ? route.answer.parse(JSON.parse(page.body)) : undefined) as never;
  };
}

export type WorkspaceClient = Client<typeof workspaceRoutes>;
export type IdentityClient = Client<typeof identityRoutes>;

/** The two ends in one browser. */
export function createEnds(browser: Browser, { workspace, identity }: { workspace: string; identity: string }) {
  return {
    workspace: createClient(browser, workspace, workspaceRoutes),
    identity: createClient(browser, identity, identityRoutes),
  };
}

/** Both ends in the hands of the demo's admin. */
export interface Pair {
  browser: Browser;
  origins: { workspace: string; identity: string };
  workspace: WorkspaceClient;
  identity: IdentityClient;
  /** The app at the identity provider that is the workspace. */
  app: string;
}

export interface ConnectedPair extends Pair {
  /** The token that SCIM was enabled with. */
  token: string;
  tokenId: string;
}

async function useLink(browser: Browser, link: string): Promise<void> {
  const { origin, pathname } = new URL(link);
  const { status, body } = await browser.request('POST', `${origin}/api${pathname}`, {
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (status !== 200) throw new Error(`The printed link was answered ${status}: ${body}`);
}

/** Signed in at both ends by the printed links; SAML set up both ways, tested and on. One server, or one for each end. */
export async function signedOnPair(servers: { workspace: Server; identity: Server }): Promise<Pair> {
  const origins = { workspace: servers.workspace.workspace, identity: servers.identity.identity };
  const browser = createBrowser();
  await useLink(browser, printedLink(servers.workspace, 'workspace'));
  await useLink(browser, printedLink(servers.identity, 'identity'));
  const { workspace, identity } = createEnds(browser, origins);
  const metadata = { url: `${origins.workspace}/acme/saml/metadata` };
  const added = { connector: 'rollcall', name: 'Acme workspace', metadata, assignToMe: true };
  const { id: app } = await identity('addApp', { body: added });
  await workspace('readMetadata', { body: { url: `${origins.identity}/acme/saml/metadata` } });
  const { startUrl } = await workspace('testSaml');
  await browser.open(startUrl);
  await workspace('turnOnSaml');
  return { browser, origins, workspace, identity, app };
}

export const withoutApprovals = {
  ...{ enabled: true, approveCreate: false, approveUpdate: false, approveDelete: false },
  ...{ onDelete: 'suspend', onUnassign: 'suspend', onSuspend: 'suspend' },
};

/** SCIM enabled at the workspace, its token given to the identity provider, provisioning on and without approvals. */
export async function connectedPair(servers: { workspace: Server; identity: Server }): Promise<ConnectedPair> {
  const pair = await signedOnPair(servers);
  const { token, id: tokenId } = await pair.workspace('enableScim');
  const parameters = { id: pair.app };
  const configuration = await pair.identity('enableApi', { parameters, body: { orgId: 'acme', credential: token } });
  if (configuration.apiStatus !== 'enabled') throw new Error(`Not enabled: ${JSON.stringify(configuration.checks)}`);
  await pair.identity('saveProvisioning', { parameters, body: withoutApprovals });
  return { ...pair, token, tokenId };
}

/** The id of the user whose user name begins so. */
export async function userId(identity: IdentityClient, search: string): Promise<string> {
  const { users } = await identity('users', { query: { search } });
  const found = users.find(({ userName }) => userName.startsWith(search));
  if (!found) throw new Error(`There is nobody named ${search}.`);
  return found.id;
}

/** Where a user stands at the pair's app. */
export async function standing({ identity, app }: Pair, user: string) {
  const { assignments } = await identity('user', { parameters: { id: user } });
  return assignments.find((assignment) => assignment.app.id === app);
}

/** Everybody at the workspace, by user name; throws when two have one. */
export async function peopleOf({ workspace }: Pair) {
  const people = new Map<string, Person>();
  for (let page = 1; ; page += 1) {
    const answer = await workspace('people', { query: { page: String(page), perPage: '200' } });
    for (const person of answer.people) {
      if (people.has(person.userName)) throw new Error(`${person.userName} is here twice.`);
      people.set(person.userName, person);
    }
    if (page * 200 >= answer.total) return people;
  }
}
