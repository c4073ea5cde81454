// The five live checks behind *Enable*: address, ServiceProviderConfig, Schemas, credential, filter (RFC 7644 sections 4
// and 3.4.2). Talks to: an app. Discovery is optional in the wild, so a plain 404 there passes with what is assumed
// instead; a 401 there is left to the credential's own check.

import { isObject } from '../../scim/json.ts';
import type { Capabilities } from '../desired.ts';
import {
  type Answer,
  createScimClient,
  DeliveryFailure,
  type ExchangeFunction,
  isScimError,
  type ScimClient,
} from './client.ts';
import { equalsFilter, listPath } from './look-up.ts';

export type CheckName = 'address' | 'configuration' | 'schemas' | 'credential' | 'filter';

export interface Check {
  name: CheckName;
  /** null: not reached, or it could not be told. */
  passed: boolean | null;
  sentence: string;
  sent: string | null;
  received: string | null;
}

export interface CheckInput {
  exchange: ExchangeFunction;
  name: string;
  baseUrl: string;
  credential: string;
  /** A user name that nobody has. */
  nobody: string;
  now(): Date;
}

type Verdict = Pick<Check, 'passed' | 'sentence'>;

function isRefused({ status }: Answer): boolean {
  return status === 401 || status === 403;
}

function judgeConfiguration(answer: Answer): Verdict {
  if (isRefused(answer))
    return { passed: null, sentence: 'It asks for a valid credential before it says what it can do.' };
  if (answer.status === 404)
    return { passed: true, sentence: 'It has no ServiceProviderConfig; PATCH is assumed, as RFC 7644 has it.' };
  if (answer.status !== 200 || !answer.body)
    return {
      passed: false,
      sentence: `This is not SCIM: ServiceProviderConfig was answered ${answer.status}${answer.body ? '' : ' without a JSON object'}. Check the address.`,
    };
  return { passed: true, sentence: patchOf(answer) === false ? 'It takes PUT and no PATCH.' : 'It takes PATCH.' };
}

function patchOf({ body }: Answer): boolean | undefined {
  const patch = body?.['patch'];
  return isObject(patch) && typeof patch['supported'] === 'boolean' ? patch['supported'] : undefined;
}

function schemasOf({ status, body }: Answer): string[] | undefined {
  const list = body?.['Resources'] ?? body?.['resources'];
  if (status !== 200 || !Array.isArray(list)) return undefined;
  return list.filter(isObject).map((each) => String(each['id'] ?? ''));
}

function judgeSchemas(answer: Answer): Verdict {
  if (isRefused(answer))
    return { passed: null, sentence: 'It asks for a valid credential before it lists its schemas.' };
  const schemas = schemasOf(answer);
  if (schemas)
    return { passed: true, sentence: `It knows ${schemas.length} ${schemas.length === 1 ? 'schema' : 'schemas'}.` };
  if (answer.status === 404 || answer.status === 501)
    return { passed: true, sentence: 'It lists no schemas; the registered ones are assumed.' };
  return { passed: false, sentence: `Schemas was answered ${answer.status}, and not with a list.` };
}

function judgeCredential(answer: Answer, name: string): Verdict {
  const detail = answer.body?.['detail'];
  const words = typeof detail === 'string' ? ` It says: ${detail}` : '';
  if (isRefused(answer))
    return { passed: false, sentence: `${name} does not accept the credential (${answer.status}).${words}` };
  if (answer.status >= 500 || answer.status === 429)
    return { passed: false, sentence: `${name} answered ${answer.status}; try again in a while.${words}` };
  return { passed: true, sentence: `${name} accepts the credential.` };
}

function judgeFilter(answer: Answer): Verdict {
  if (answer.status === 404 && isScimError(answer.body))
    return { passed: true, sentence: 'A search for nobody finds nobody (404 in SCIM’s words).' };
  if (answer.status !== 200)
    return {
      passed: false,
      sentence: `A search by user name was answered ${answer.status}. Accounts cannot be matched.`,
    };
  const list = answer.body?.['Resources'] ?? answer.body?.['resources'];
  if (answer.body?.['totalResults'] === 0 || (Array.isArray(list) && list.length === 0))
    return { passed: true, sentence: 'A search for nobody finds nobody.' };
  if (!Array.isArray(list))
    return { passed: false, sentence: 'A search by user name was answered with something that is not a SCIM list.' };
  return {
    passed: true,
    sentence: 'It ignores the filter of a search; every answer is read to its end and compared here.',
  };
}

const notReached: Verdict = { passed: null, sentence: 'Not reached.' };

/** Asks and judges; a connection that fails is thrown. */
async function ask(
  client: ScimClient,
  path: string,
): Promise<{ answer: Answer; sent: string; received: string | null }> {
  const answer = await client.send('GET', path, { accepted: 'any' });
  const exchange = client.exchanges.at(-1);
  return { answer, sent: `GET ${path}`, received: `${answer.status} ${exchange?.received ?? ''}`.trim() };
}

/** @returns the checks in order, and what the app told of itself */
export async function runChecks(input: CheckInput): Promise<{ checks: Check[]; capabilities: Capabilities }> {
  const client = createScimClient(input);
  const checks: Check[] = [];
  const note = (name: CheckName, verdict: Verdict, facts?: { sent: string; received: string | null }) =>
    checks.push({ name, ...verdict, sent: facts?.sent ?? null, received: facts?.received ?? null });
  const capabilities: Capabilities = {};
  const names: CheckName[] = ['address', 'configuration', 'schemas', 'credential', 'filter'];
  try {
    const configuration = await ask(client, '/ServiceProviderConfig');
    note('address', { passed: true, sentence: `${new URL(input.baseUrl).host} answers.` });
    note('configuration', judgeConfiguration(configuration.answer), configuration);
    capabilities.patch = patchOf(configuration.answer);
    const schemas = await ask(client, '/Schemas');
    note('schemas', judgeSchemas(schemas.answer), schemas);
    capabilities.schemas = schemasOf(schemas.answer);
    const search = await ask(client, listPath('/Users', equalsFilter('userName', input.nobody), 1));
    const credential = judgeCredential(search.answer, input.name);
    note('credential', credential, search);
    note('filter', credential.passed ? judgeFilter(search.answer) : notReached, credential.passed ? search : undefined);
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error;
    const last = client.exchanges.at(-1);
    const name = names[checks.length] ?? 'address';
    note(name, { passed: false, sentence: error.message }, { sent: `GET ${last?.path ?? ''}`, received: null });
  }
  for (const name of names.slice(checks.length)) note(name, notReached);
  return { checks, capabilities };
}

/** True when nothing speaks against switching on. */
export function havePassed(checks: readonly Check[]): boolean {
  return checks.every(({ passed }) => passed === true);
}
