// For each property the guard that holds it: a piece of source, what it is, what stands there once it is removed, and the
// test that must fail then. Data; properties.test.ts checks that it is up to date, tools/guards.ts removes them one by one.
// A few guards stand two deep (a condition of ours over a policy of the database): then both are removed at once.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source text to look for.

import type { PropertyId } from './properties.ts';

export interface Edit {
  readonly file: string;
  /** Stands there exactly once. */
  readonly guard: string;
  readonly without: string;
}

export interface Guard {
  readonly id: PropertyId;
  /** The guard in words. */
  readonly what: string;
  readonly edits: readonly Edit[];
  /** The file whose test of this id must fail. */
  readonly test: string;
}

function guard(
  id: PropertyId,
  what: string,
  test: string,
  ...edits: readonly (readonly [string, string, string])[]
): Guard {
  return {
    id,
    what,
    test: `test/${test}`,
    edits: edits.map(([file, text, without]) => ({ file: `src/${file}`, guard: text, without })),
  };
}

const policy = [
  'store/migrate.ts',
  "using (tenant = current_setting('app.tenant')::uuid) with check (tenant = current_setting('app.tenant')::uuid)",
  'using (true) with check (true)',
] as const;

export const guards: readonly Guard[] = [
  guard('C01', 'only a UUID is looked up as an id', 'http/scim/lifecycle.test.ts', [
    'store/scim/resource-store.ts',
    'if (!isUuid(id)) return undefined;',
    '',
  ]),
  guard('C02', 'PATCH refuses readOnly attributes, id among them', 'http/scim/lifecycle.test.ts', [
    'scim/patch/apply.ts',
    "if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {",
    'if (false) {',
  ]),
  guard('C03', 'readOnly attributes of a whole resource are passed over', 'scim/resource.test.ts', [
    'scim/read-resource.ts',
    "attribute.mutability !== 'readOnly' && ",
    '',
  ]),
  guard('C03', 'readOnly sub-attributes are passed over', 'scim/resource.test.ts', [
    'scim/read-value.ts',
    "if (!sub || sub.mutability === 'readOnly') {",
    'if (!sub) {',
  ]),
  guard('C03', 'PATCH refuses readOnly attributes', 'scim/patch.test.ts', [
    'scim/patch/apply.ts',
    "if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly') {",
    'if (false) {',
  ]),
  guard('C04', 'a change of an immutable attribute is refused', 'scim/patch.test.ts', [
    'scim/patch/single-valued.ts',
    '  refuseImmutable(attribute, before, after, path);\n',
    '',
  ]),
  guard('C04', 'a change of an immutable sub-attribute of one of several values is refused', 'scim/patch.test.ts', [
    'scim/patch/multi-valued.ts',
    "if (sub.mutability === 'immutable' && ",
    'if (false && ',
  ]),
  guard('C05', 'secrets are masked in bodies that are kept', 'http/scim/entrance.test.ts', [
    'scim/handler/mask.ts',
    "isSecret(key, secrets) || (pathIsSecret && key.toLowerCase() === 'value')",
    'false',
  ]),
  guard('C05', 'writeOnly values are not stored', 'http/scim/entrance.test.ts', [
    'scim/read-resource.ts',
    " && attribute.mutability !== 'writeOnly'",
    '',
  ]),
  guard('C06', 'an account without a password cannot sign in by one', 'security/access.test.ts', [
    'accounts/sign-in.ts',
    'if (!account || !holds) throw',
    'if (!account) throw',
  ]),
  guard('C07', 'a token opens only the workspace in the address', 'http/scim/entrance.test.ts', [
    'http/scim/admission.ts',
    ' || owner.tenant !== workspace.tenant',
    '',
  ]),
  guard('C08', 'the first write leaves userName and e-mail', 'http/scim/lifecycle.test.ts', [
    'scim/schema/registered.ts',
    "keptOnFirstWrite: ['userName', 'emails'],",
    'keptOnFirstWrite: [],',
  ]),
  guard('C08', 'a member whom SCIM manages gets no reset mail', 'security/access.test.ts', [
    'service-provider/local-password.ts',
    "  return state !== 'on' || !(await store.isManagedByScim(tenant, person));",
    '  return state !== null || store !== null || person !== tenant;',
  ]),
  guard('C08', 'a member whom SCIM manages sets no password while signed in', 'security/access.test.ts', [
    'http/sign-in.ts',
    "      if (!(await ports.maySetPassword(account))) throw new Refusal('not-allowed', managedSentence);\n",
    '',
  ]),
  guard('C08', 'nor by an invitation of before', 'security/access.test.ts', [
    'http/sign-in.ts',
    "if (kind !== 'sign-in' && !(await ports.maySetPassword(owner)))",
    "if (kind === 'set-password' && !(await ports.maySetPassword(owner)))",
  ]),
  guard('C08', 'the first write leaves userName and e-mail', 'security/access.test.ts', [
    'scim/schema/registered.ts',
    "keptOnFirstWrite: ['userName', 'emails'],",
    'keptOnFirstWrite: [],',
  ]),
  guard('C09', 'who was not found is not let in, whatever the method', 'http/scim/entrance.test.ts', [
    'http/scim/admission.ts',
    "if ('reason' in found) {",
    "if ('reason' in found && arrival.request.method !== 'OPTIONS') {",
  ]),
  guard('C10', 'a blank secret is no secret', 'security/tokens.test.ts', [
    'config.ts',
    'secretKey.trim().length < 32',
    'false',
  ]),
  guard('C11', 'every call of the admin API is authorized', 'security/access.test.ts', [
    'http/api.ts',
    '  await authorize(ports, route, account, facts);\n',
    '',
  ]),
  guard('C12', 'making a token is for administrators', 'security/access.test.ts', [
    'contract/workspace.ts',
    "path: '/api/scim/tokens', access: 'admin'",
    "path: '/api/scim/tokens', access: 'member'",
  ]),
  guard(
    'C13',
    'members are looked up in their own workspace, by condition and by policy',
    'http/scim/references.test.ts',
    policy,
    [
      'store/scim/references.ts',
      'where r.tenant = $1 and r.id = any($2::uuid[]) and r.resource_type',
      'where $1::text is not null and r.id = any($2::uuid[]) and r.resource_type',
    ],
  ),
  guard('C13', 'who is not here is waited for', 'http/scim/references.test.ts', [
    'scim/patch/apply.ts',
    "if (pending.length > 0) return { ...outcome, outcome: 'pending', detail: waiting(pending) };",
    '',
  ]),
  guard('C14', 'the value is kept as sent', 'http/scim/references.test.ts', [
    'scim/project.ts',
    'const value: JsonObject = { value: target?.id ?? reference.value };',
    "const value: JsonObject = { value: target?.id ?? '' };",
  ]),
  guard('C15', 'what ends access asks first whether it may', 'http/scim/lifecycle.test.ts', [
    'scim/handler/write.ts',
    "  if (reason !== undefined) throw new ScimError('forbidden', reason);\n",
    '',
  ]),
  guard('C16', 'who is deleted is in no list', 'security/surface.test.ts', [
    'store/scim/page.ts',
    'const ids = `${where} and r.deleted_at is null${after}`;',
    'const ids = `${where}${after}`;',
  ]),
  guard('C17', 'an attribute that is never returned cannot be bound', 'security/surface.test.ts', [
    'scim/filter/bind.ts',
    '!attribute || hidden(attribute) ||',
    '!attribute ||',
  ]),
  guard(
    'C18',
    'rows of another workspace are not seen, by condition and by policy',
    'security/surface.test.ts',
    policy,
    [
      'store/scim/lookup-statements.ts',
      'from workspace.resource r where r.tenant = $1 and r.id = ${parameters.bind(id)}',
      'from workspace.resource r where $1::text is not null and r.id = ${parameters.bind(id)}',
    ],
  ),
  guard('C19', 'depth is limited', 'scim/filter.test.ts', [
    'scim/filter/parse.ts',
    'if (cursor.depth > filterLimits.depth) throw',
    'if (false) throw',
  ]),
  guard('C19', 'length is limited', 'scim/filter.test.ts', [
    'scim/filter/parse.ts',
    'if (text.length > filterLimits.bytes) throw refuse(`The filter',
    'if (false) throw refuse(`The filter',
  ]),
  guard('C19', 'terms are limited', 'scim/filter.test.ts', [
    'scim/filter/parse.ts',
    'if (cursor.terms > filterLimits.terms) throw',
    'if (false) throw',
  ]),
  guard('C20', 'values are bound, not written', 'store/scim-filter.test.ts', [
    'store/scim/filter-sql.ts',
    '`${bind(String(wanted))}::text`',
    "`'${String(wanted)}'::text`",
  ]),
  guard('C20', 'what is compared is null nowhere', 'store/scim-filter.test.ts', [
    'store/scim/filter-sql.ts',
    'return `coalesce(${compareText(text, op, parameter)}, false)`;',
    'return compareText(text, op, parameter);',
  ]),
  guard('C20', 'text is ordered by code point', 'store/scim-filter.test.ts', [
    'store/scim/filter-sql.ts',
    '${text} collate "C" ${operators[op]}',
    '${text} collate "en-x-icu" ${operators[op]}',
  ]),
  guard('C21', 'count is clamped', 'security/surface.test.ts', [
    'scim/handler/query.ts',
    "Math.min(maxResults, Math.max(0, readInteger(query, 'count') ?? maxResults))",
    "Math.max(0, readInteger(query, 'count') ?? maxResults)",
  ]),
  guard('C22', 'operations are counted before any is applied', 'scim/patch.test.ts', [
    'scim/patch/parse.ts',
    'if (operations.length > patchLimits.operations) {',
    'if (false) {',
  ]),
  guard('C22', 'values are counted before any is applied', 'scim/patch.test.ts', [
    'scim/patch/parse.ts',
    'if (values > patchLimits.values) {',
    'if (false) {',
  ]),
  guard('C22', 'bytes are counted while they arrive', 'http/scim/entrance.test.ts', [
    'http/bounded-body.ts',
    '    if (size > maxBytes) return undefined;\n',
    '',
  ]),
  guard('C23', 'operations are counted before the first is done', 'http/scim/bulk.test.ts', [
    'scim/handler/bulk-request.ts',
    'if (operations.length > bulkLimits.maxOperations) {',
    'if (false) {',
  ]),
  guard('C23', 'what ends access asks first whether it may', 'security/surface.test.ts', [
    'scim/handler/write.ts',
    "  if (reason !== undefined) throw new ScimError('forbidden', reason);\n",
    '',
  ]),
  guard('C24', 'only names of the schema are copied', 'scim/fuzz.test.ts', [
    'scim/read-value.ts',
    "if (!sub || sub.mutability === 'readOnly') {",
    "if (sub?.mutability === 'readOnly') {",
  ]),
  guard('C25', 'a group is not read back after a change of its members', 'security/surface.test.ts', [
    'scim/handler/write.ts',
    "return unbounded && selectionOf(exchange, type).mode !== 'attributes' ? 204 : 200;",
    'return unbounded ? 200 : 200;',
  ]),
  guard('C26', 'a remove with values removes those', 'scim/patch.test.ts', [
    'scim/patch/multi-valued.ts',
    'return before.filter((element) => !given.some((value) => covers(attribute, value, element)));',
    'return [];',
  ]),
  guard('C26', 'a remove with values removes those rows', 'http/scim/references.test.ts', [
    'scim/patch/apply.ts',
    "if (op === 'remove') return { ...common, change: 'remove', values };",
    "if (op === 'remove') return { ...common, change: 'replace', values: [] };",
  ]),
  guard('C27', 'a value that is there is not added again', 'scim/patch-model.test.ts', [
    'scim/patch/multi-valued.ts',
    'if (at < 0) after.push(value);',
    'if (true) after.push(value);',
  ]),
  guard('C28', 'sessions and links end in the transaction that deactivates', 'security/access.test.ts', [
    'store/workspace/people.ts',
    "    await endSessions('workspace', transaction, id);\n",
    '',
  ]),
  guard('C28', 'who loses access among others loses their sessions too', 'store/shared-changes.test.ts', [
    'store/scim/shared-changes.ts',
    'send(rules.onDeactivated(transaction, { id: current.id, type: current.type.name }));',
    'continue;',
  ]),
  guard('C29', 'who was second looks again and finds the first', 'http/scim/lifecycle.test.ts', [
    'store/scim/resource-store.ts',
    "if (attempt === mostAttempts || !violatedConstraint(error).includes('resource_key_pkey')) throw error;",
    'throw error;',
  ]),
  guard('C30', 'a refused operation takes the ones before it along', 'http/scim/entrance.test.ts', [
    'scim/patch/apply.ts',
    'throw new PatchRefusal(error, [...outcomes, refused]);',
    'outcomes.push(refused);',
  ]),
  guard('C30', 'what an operation of a bulk request wrote is undone when it is refused', 'scim/bulk-fuzz.test.ts', [
    'scim/handler/bulk.ts',
    'const response = await transaction.attempt(async () => {',
    'const response = await (async (run: () => Promise<ScimResponse>) => run())(async () => {',
  ]),
  guard('C30', 'a bulk request is run again when what operations referred to was not done', 'scim/bulk-fuzz.test.ts', [
    'scim/handler/bulk.ts',
    '  if (found) throw new RunAgain(found);\n',
    '',
  ]),
  guard('C30', 'a refusal is recorded before it is answered', 'http/scim/entrance.test.ts', [
    'scim/handler/handle.ts',
    '    await ports.store.recordNow(scopeOf(caller), recordOf(exchange, facts, response));\n',
    '',
  ]),
  guard('C31', 'the version is compared under the lock', 'http/scim/versions.test.ts', [
    'scim/handler/write.ts',
    '  if (refused) throw otherVersion(type);\n',
    '',
  ]),
  guard('C31', 'of those who change one resource one goes with the others', 'store/shared-changes.test.ts', [
    'store/scim/shared-changes.ts',
    'if (kindOf(sought!) !== kind || going.has(sought!.id)) member.leave();',
    'if (kindOf(sought!) !== kind) member.leave();',
  ]),
  guard('C32', 'names are folded by NFKC and without case', 'http/scim/lifecycle.test.ts', [
    'scim/comparable.ts',
    "return text.normalize('NFKC').toLowerCase().normalize('NFKC');",
    'return text.toLowerCase();',
  ]),
  guard('C33', 'a key twice is refused', 'http/scim/entrance.test.ts', [
    'scim/json.ts',
    'if (keys.has(key)) throw',
    'if (false) throw',
  ]),
  guard('C33', 'depth is limited', 'http/scim/entrance.test.ts', [
    'scim/json.ts',
    'if (open.length > maxJsonDepth)',
    'if (false)',
  ]),
  guard('C33', 'other media types are not read', 'http/scim/entrance.test.ts', [
    'http/scim/body.ts',
    'if (jsonType.test(type) && (charset',
    'if (true || (charset',
  ]),
  guard('C33', 'text must be well formed', 'http/scim/entrance.test.ts', [
    'scim/read-value.ts',
    "if (!text.isWellFormed() || text.includes('\\0')) throw",
    'if (false) throw',
  ]),
  guard('C34', 'the log has the path without the query', 'security/logs.test.ts', [
    'http/listen.ts',
    'return pathnameOf(url).replace',
    'return url.replace',
  ]),
  guard('C35', 'a fault of ours is told in a sentence of ours', 'http/scim/entrance.test.ts', [
    'http/scim/site.ts',
    '`Something went wrong here. Quote',
    '`${error} Something went wrong here. Quote',
  ]),
  guard('C36', 'who sends too much is told to wait', 'http/scim/limits.test.ts', [
    'http/scim/rate-limit.ts',
    'return left >= 1 ? undefined :',
    'return left >= -1e9 ? undefined :',
  ]),
  guard('C37', 'the record is written in the transaction of the change', 'security/surface.test.ts', [
    'scim/handler/write.ts',
    '    await transaction.record(recordOf(exchange, writing.facts, response));\n',
    '',
  ]),
  guard('C38', 'what somebody may do is the role of their account', 'security/access.test.ts', [
    'http/api.ts',
    'if (!mayCall(route.access, account?.role)) {',
    'if (!account) {',
  ]),
  guard('C39', 'a tombstone is for the same externalId', 'http/scim/lifecycle.test.ts', [
    'store/scim/tombstones.ts',
    'where d.tenant = $1 and d.resource_type = $2 and d.connection = $3 and d.external_id = $4',
    "where d.tenant = $1 and d.resource_type = $2 and d.connection = $3 and d.external_id = 'x' || $4",
  ]),
  guard('C40', 'HEAD has no body', 'http/scim/entrance.test.ts', [
    'http/scim/site.ts',
    "request.method === 'HEAD' ? null : JSON.stringify(body)",
    'JSON.stringify(body)',
  ]),
  guard('T01', 'bytes that would favour some signs are dropped', 'security/tokens.test.ts', [
    'secrets/scim-token.ts',
    'if (byte < 248 && text.length < 43)',
    'if (text.length < 43)',
  ]),
  guard('T02', 'the checksum is compared', 'secrets/secrets.test.ts', [
    'secrets/scim-token.ts',
    'return checksum(random) === sum;',
    'return sum !== undefined;',
  ]),
  guard('T03', 'a secret is hashed before it is kept', 'secrets/secrets.test.ts', [
    'secrets/digest.ts',
    "return createHash('sha256').update(secret, 'utf8').digest();",
    "return Buffer.from(secret, 'utf8');",
  ]),
  guard('T04', 'the hint is four characters', 'security/tokens.test.ts', [
    'service-provider/scim-setup.ts',
    'hint: tokenHint(token)',
    'hint: token',
  ]),
  guard('T05', 'a revoked token is not live', 'security/tokens.test.ts', [
    'store/workspace/scim-access.ts',
    " and (t.revoked_at is null or c.state = 'disabled')",
    '',
  ]),
  guard('T06', 'live tokens are counted', 'http/workspace/scim-card.test.ts', [
    'store/workspace/scim-connection.ts',
    'if (live.length >= 2)',
    'if (live.length >= 9)',
  ]),
  guard('T07', 'a token has no column for an expiry', 'security/tokens.test.ts', [
    'store/migrations/0001-foundation.ts',
    '      revoked_at timestamptz,',
    '      revoked_at timestamptz, expires_at timestamptz,',
  ]),
  guard('T08', 'a use within a minute of the last is not written', 'security/tokens.test.ts', [
    'store/workspace/scim-access.ts',
    '      if (last !== undefined && at.getTime() - last < writeEveryMs) return;\n',
    '',
  ]),
  guard('T08', 'a token that was not used is flagged by the time since', 'security/tokens.test.ts', [
    'service-provider/scim-setup.ts',
    'now.getTime() - since.getTime() >= unusedAfterMs',
    'false',
  ]),
  guard('T09', 'the tenant’s own row decides at every request', 'security/tokens.test.ts', [
    'store/workspace/scim-access.ts',
    " and (t.revoked_at is null or c.state = 'disabled')",
    '',
  ]),
  guard('T09', 'a token opens only the workspace in the address', 'security/tokens.test.ts', [
    'http/scim/admission.ts',
    ' || owner.tenant !== workspace.tenant',
    '',
  ]),
  guard('T10', 'what is sealed is encrypted', 'security/tokens.test.ts', [
    'secrets/seal.ts',
    "return `v1.${keyId}.${iv.toString('base64url')}.${body.toString('base64url')}`;",
    "return `v1.${keyId}.${iv.toString('base64url')}.${body.length}${plain}`;",
  ]),
  guard('T10', 'the purpose is bound in', 'secrets/secrets.test.ts', [
    'secrets/seal.ts',
    'decipher.setAAD(Buffer.from(purpose)).setAuthTag(',
    'decipher.setAAD(Buffer.from("app credential")).setAuthTag(',
  ]),
  guard('T11', 'the log has the path without the query', 'security/logs.test.ts', [
    'http/listen.ts',
    'return pathnameOf(url).replace',
    'return url.replace',
  ]),
  guard('N01', 'a role that bypasses row-level security is refused', 'store/migrate.test.ts', [
    'store/migrate.ts',
    'if (!superuser && !bypass && name === wanted) return undefined;',
    'if (name === wanted) return undefined;',
  ]),
  guard('N02', 'the policy raises where no tenant is set', 'store/tenancy.test.ts', [
    'store/migrate.ts',
    policy[1],
    "using (tenant = nullif(current_setting('app.tenant', true), '')::uuid)",
  ]),
  guard('N02', 'row-level security is on', 'store/tenancy.test.ts', [
    'store/migrate.ts',
    '    `alter table ${table} enable row level security`,\n',
    '',
  ]),
  guard('N03', 'the tenant is set for the transaction only', 'store/tenancy.test.ts', [
    'store/database.ts',
    '`SET LOCAL app.tenant = ',
    '`SET app.tenant = ',
  ]),
  guard(
    'N04',
    'a foreign key carries the tenant',
    'store/tenancy.test.ts',
    [
      'store/migrations/0002-scim.ts',
      "external_ids jsonb not null default '{}',",
      "external_ids jsonb not null default '{}', unique (id),",
    ],
    [
      'store/migrations/0002-scim.ts',
      'primary key (tenant, resource_type, attribute, value, resource),\n      foreign key (tenant, resource) references workspace.resource (tenant, id)',
      'primary key (tenant, resource_type, attribute, value, resource),\n      foreign key (resource) references workspace.resource (id)',
    ],
  ),
  guard(
    'N05',
    'rows of another workspace are not seen, by condition and by policy',
    'security/tenants.test.ts',
    policy,
    [
      'store/scim/lookup-statements.ts',
      'from workspace.resource r where r.tenant = $1 and r.id = ${parameters.bind(id)}',
      'from workspace.resource r where $1::text is not null and r.id = ${parameters.bind(id)}',
    ],
  ),
  guard(
    'N05',
    'a token is ended in its own workspace, by condition and by policy',
    'security/tenants.test.ts',
    policy,
    [
      'store/workspace/scim-connection.ts',
      'set revoked_at = coalesce(revoked_at, $3) where tenant = $1 and id = $2',
      'set revoked_at = coalesce(revoked_at, $3) where $1::text is not null and id = $2',
    ],
  ),
  guard('N06', 'keys in memory start with the tenant', 'security/tenants.test.ts', [
    'store/workspace/scim-access.ts',
    'const key = `${tenant} ${token}`;',
    'const key = `${token}`;',
  ]),
  guard('N07', 'a change is told to its own workspace', 'security/tenants.test.ts', [
    'http/event-stream.ts',
    'of listeners.get(tenant) ?? []) listener(events);',
    'of [...listeners.values()].flatMap((each) => [...each])) listener(events);',
  ]),
  guard('N08', 'ids have 74 random bits', 'security/tenants.test.ts', [
    'secrets/identifier.ts',
    'randomUUID().slice(15)',
    "randomUUID().slice(15, 24).padEnd(21, '0')",
  ]),
];
