// The SAML connection of a workspace, its requests, used assertions and attempts in PostgreSQL. Talks to: Postgres.

import type {
  SamlAttempt,
  SamlConnection,
  SamlRequest,
  SignInCandidate,
  WorkspaceStore,
} from '../../service-provider/workspace.ts';
import { insertAccount, noteSignInName } from '../accounts.ts';
import type { Row, TenantDatabase } from '../database.ts';

type Part = Pick<
  WorkspaceStore,
  | 'saml'
  | 'updateSaml'
  | 'addSamlRequest'
  | 'useSamlRequest'
  | 'useAssertion'
  | 'addAttempt'
  | 'attempt'
  | 'attempts'
  | 'hasPassedTest'
  | 'candidates'
  | 'isManagedByScim'
  | 'admitPerson'
  | 'noteSamlSignIn'
>;

const columns: Record<keyof Omit<SamlConnection, 'id'>, string> = {
  state: 'state',
  idpKind: 'idp_kind',
  idpName: 'idp_name',
  idpEntityId: 'idp_entity_id',
  ssoUrl: 'sso_url',
  certificates: 'certificates',
  metadataUrl: 'metadata_url',
  metadataReadAt: 'metadata_read_at',
  turnedOnAt: 'turned_on_at',
  lastSignInAt: 'last_sign_in_at',
  lastSignInName: 'last_sign_in_name',
};
const selected = Object.entries(columns)
  .map(([name, column]) => `${column} as "${name}"`)
  .join(', ');

const attemptColumns = `id, connection, purpose, at, outcome, name_id as "nameId", person, person_name, tester, checks, attributes, sentence`;

function toAttempt({ person, person_name: name, ...row }: Row): SamlAttempt {
  return { ...row, person: person ? { id: person, name } : null } as SamlAttempt;
}

function attemptParts(database: TenantDatabase): Pick<Part, 'addAttempt' | 'attempt' | 'attempts' | 'hasPassedTest'> {
  return {
    async addAttempt(tenant, attempt) {
      await database.batch(tenant, [
        {
          text: `insert into workspace.saml_attempt (tenant, id, connection, purpose, at, outcome, name_id, person, person_name, tester, checks, attributes, sentence)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          values: [
            ...[
              tenant,
              attempt.id,
              attempt.connection,
              attempt.purpose,
              attempt.at,
              attempt.outcome,
              attempt.nameId,
              attempt.person?.id ?? null,
            ],
            ...[
              attempt.person?.name ?? null,
              attempt.tester,
              JSON.stringify(attempt.checks),
              JSON.stringify(attempt.attributes),
              attempt.sentence,
            ],
          ],
        },
      ]);
    },
    async attempt(tenant, id) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select ${attemptColumns} from workspace.saml_attempt where tenant = $1 and id = $2`,
          values: [tenant, id],
        },
      ]);
      return rows?.[0] && toAttempt(rows[0]);
    },
    async attempts(tenant, connection, limit) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select ${attemptColumns} from workspace.saml_attempt where tenant = $1 and connection = $2 order by at desc, id desc limit $3`,
          values: [tenant, connection, limit],
        },
      ]);
      return (rows ?? []).map(toAttempt);
    },
    async hasPassedTest(tenant, connection, person, since) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select id from workspace.saml_attempt where tenant = $1 and connection = $2 and tester = $3 and purpose = 'test'
                 and outcome = 'tested' and at >= $4 limit 1`,
          values: [tenant, connection, person, since],
        },
      ]);
      return rows?.length === 1;
    },
  };
}

function requestParts(database: TenantDatabase): Pick<Part, 'addSamlRequest' | 'useSamlRequest' | 'useAssertion'> {
  return {
    async addSamlRequest(tenant, request, at) {
      await database.batch(tenant, [
        { text: 'delete from workspace.saml_request where tenant = $1 and expires_at < $2', values: [tenant, at] },
        {
          text: `insert into workspace.saml_request (tenant, id, connection, purpose, browser_digest, return_to, person, created_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          values: [
            tenant,
            request.id,
            request.connection,
            request.purpose,
            request.browserDigest,
            request.returnTo,
            request.person,
            at,
            request.expiresAt,
          ],
        },
      ]);
    },
    async useSamlRequest(tenant, id, browserDigest, at) {
      const [rows] = await database.batch(tenant, [
        {
          text: `update workspace.saml_request set used_at = $4
                 where tenant = $1 and id = $2 and browser_digest = $3 and used_at is null and expires_at > $4
                 returning id, connection, purpose, browser_digest as "browserDigest", return_to as "returnTo", person, expires_at as "expiresAt"`,
          values: [tenant, id, browserDigest, at],
        },
      ]);
      return rows?.[0] as SamlRequest | undefined;
    },
    async useAssertion(tenant, connection, assertion, expiresAt) {
      const [rows] = await database.batch(tenant, [
        {
          text: `insert into workspace.saml_assertion_used (tenant, connection, assertion, expires_at) select $1, $2, $3, $4
                 on conflict (tenant, connection, assertion) do nothing returning assertion`,
          values: [tenant, connection, assertion, expiresAt],
        },
      ]);
      return rows?.length === 1;
    },
  };
}

export function createSamlStore(database: TenantDatabase): Part {
  return {
    ...attemptParts(database),
    ...requestParts(database),
    async saml(tenant) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select id, ${selected} from workspace.saml_connection where tenant = $1 order by id limit 1`,
          values: [tenant],
        },
      ]);
      return rows?.[0] as SamlConnection;
    },
    async updateSaml(tenant, changes, actor) {
      const names = Object.keys(changes) as (keyof typeof columns)[];
      const set = names.map((name, at) => `${columns[name]} = $${at + 3}`);
      const values = names.map((name) =>
        name === 'certificates' ? JSON.stringify(changes.certificates) : changes[name],
      );
      await database.batch(tenant, [
        {
          text: `update workspace.saml_connection set ${set.join(', ')}, turned_on_by_name = case when state = 'on' then turned_on_by_name else $2 end where tenant = $1`,
          values: [tenant, actor.name, ...values],
        },
      ]);
    },
    async candidates(tenant, nameId) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select r.id as person, r.label as name, r.attributes ->> 'userName' as "userName", r.active, r.connection is not null as "managedByScim",
                   coalesce(a.role, 'member') as role, case when r.active then null else r.last_modified end as "deactivatedAt"
                 from workspace.resource_key k join workspace.resource r on r.tenant = k.tenant and r.id = k.resource
                 left join workspace.account a on a.tenant = r.tenant and a.person = r.id
                 where k.tenant = $1 and k.resource_type = 'User' and k.attribute = 'userName' and k.value = $2 and r.deleted_at is null`,
          values: [tenant, nameId],
        },
      ]);
      return (rows ?? []) as unknown as SignInCandidate[];
    },
    async isManagedByScim(tenant, person) {
      const [rows] = await database.batch(tenant, [
        {
          text: `select r.id from workspace.resource r join workspace.scim_connection c on c.tenant = r.tenant and c.id = r.connection
                 where r.tenant = $1 and r.id = $2 and c.state = 'enabled'`,
          values: [tenant, person],
        },
      ]);
      return rows!.length > 0;
    },
    async admitPerson(tenant, person, signInName, at) {
      await database.withTenant(tenant, (transaction) =>
        insertAccount('workspace', transaction, { person, signInName, role: 'member' }, at),
      );
      await noteSignInName('workspace', database.control, tenant, signInName);
    },
    async noteSamlSignIn(tenant, connection, name, at) {
      await database.batch(tenant, [
        {
          text: 'update workspace.saml_connection set last_sign_in_at = $3, last_sign_in_name = $4 where tenant = $1 and id = $2',
          values: [tenant, connection, at, name],
        },
      ]);
    },
  };
}
