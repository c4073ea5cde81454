// The integration cards and what stands behind them: SCIM connection, tokens, SAML set-up.

import type { Account } from '../../accounts/account.ts';
import type { workspaceRoutes } from '../../contract/workspace.ts';
import { clientProfiles } from '../../profiles/clients/index.ts';
import { NAME_ID_FORMATS } from '../../saml/names.ts';
import { samlAddresses } from '../../service-provider/saml-addresses.ts';
import {
  hasTested,
  readMetadata,
  type SamlSetupPorts,
  turnOffSaml,
  turnOnSaml,
} from '../../service-provider/saml-setup.ts';
import { personType, teamType } from '../../service-provider/scim/person.ts';
import {
  createToken,
  enableScim,
  isUnused,
  pauseScim,
  pinClient,
  resumeScim,
} from '../../service-provider/scim-setup.ts';
import type { SamlAttempt } from '../../service-provider/workspace.ts';
import type { Handlers } from '../api.ts';
import { Problem } from '../problem.ts';
import { readCardFacts, toSamlCard, toScimCard } from './cards.ts';
import { actorOf, type WorkspaceApiPorts } from './ports.ts';

type Part = Pick<
  Handlers<typeof workspaceRoutes>,
  | 'integrations'
  | 'saml'
  | 'chooseIdentityProvider'
  | 'readMetadata'
  | 'testSaml'
  | 'turnOnSaml'
  | 'turnOffSaml'
  | 'scim'
  | 'enableScim'
  | 'disableScim'
  | 'pauseScim'
  | 'resumeScim'
  | 'disablePreview'
  | 'pinClient'
  | 'createToken'
  | 'revokeToken'
>;

function toAttempt({ at, ...attempt }: SamlAttempt) {
  const { id, purpose, outcome, nameId, person, checks, attributes, sentence } = attempt;
  return { id, at: at.toISOString(), purpose, outcome, nameId, person, checks, attributes, sentence };
}

async function samlPage(ports: WorkspaceApiPorts, account: Account) {
  const facts = await readCardFacts(ports, account.tenant);
  const { saml, settings } = facts;
  const addresses = samlAddresses(ports.site.publicUrl, settings.slug);
  const attempts = await ports.store.attempts(account.tenant, saml.id, 20);
  const lastTest = attempts.find(({ purpose }) => purpose === 'test');
  return {
    card: toSamlCard(facts),
    give: { ...addresses, nameIdFormat: NAME_ID_FORMATS.unspecified },
    take:
      saml.idpEntityId === null
        ? null
        : {
            entityId: saml.idpEntityId,
            ssoUrl: saml.ssoUrl ?? '',
            metadataUrl: saml.metadataUrl,
            metadataReadAt: saml.metadataReadAt?.toISOString() ?? null,
            certificates: saml.certificates.map(({ subject, fingerprint, notAfter }) => ({
              subject,
              fingerprint,
              notAfter,
            })),
          },
    lastTest: lastTest ? toAttempt(lastTest) : null,
    testedByMe: await hasTested(ports.store, account.tenant, saml, account.person),
    attempts: attempts.map(toAttempt),
  };
}

type SamlPart = Pick<
  Part,
  'saml' | 'chooseIdentityProvider' | 'readMetadata' | 'testSaml' | 'turnOnSaml' | 'turnOffSaml'
>;

function samlPart(ports: WorkspaceApiPorts): SamlPart {
  const { store, announcer } = ports;
  const setup: SamlSetupPorts = { store, fetch: ports.fetch, publicUrl: ports.site.publicUrl };
  return {
    saml: ({ account }) => samlPage(ports, account),
    async chooseIdentityProvider({ account, body }) {
      await store.updateSaml(account.tenant, { idpKind: body.kind }, actorOf(ports, account));
      announcer.announce(account.tenant, 'saml');
    },
    async readMetadata({ account, body }) {
      await readMetadata(setup, account.tenant, body, actorOf(ports, account));
      announcer.announce(account.tenant, 'saml');
      return samlPage(ports, account);
    },
    async testSaml({ account }) {
      const { slug } = await store.settings(account.tenant);
      return { startUrl: `${ports.site.publicUrl}/${slug}/saml/start?test` };
    },
    async turnOnSaml({ account }) {
      await turnOnSaml(store, account.tenant, actorOf(ports, account));
      announcer.announce(account.tenant, 'saml', 'connection');
    },
    async turnOffSaml({ account, body }) {
      await turnOffSaml(store, account.tenant, body.scim, actorOf(ports, account));
      announcer.announce(account.tenant, 'saml', 'connection');
    },
  };
}

async function scimPage(ports: WorkspaceApiPorts, account: Account) {
  const facts = await readCardFacts(ports, account.tenant);
  const tokens = await ports.store.tokens(account.tenant);
  const { statistics, scim } = facts;
  const instant = (at: Date | null) => at?.toISOString() ?? null;
  return {
    card: toScimCard(ports, facts, account),
    lastSuccessAt: statistics?.lastSuccessAt ?? null,
    lastError: statistics?.lastError ?? null,
    operationsSeen: statistics ? [...statistics.operationsSeen] : [],
    tokens: tokens.map((token) => ({
      ...token,
      createdAt: token.createdAt.toISOString(),
      lastUsedAt: instant(token.lastUsedAt),
      revokedAt: instant(token.revokedAt),
      isUnused: isUnused(token, ports.now()),
    })),
    client: { id: scim?.client ?? null, pinned: scim?.clientPinned ?? false },
    clients: clientProfiles.map(({ id, name }) => ({ id, name })),
  };
}

type ScimPart = Omit<Part, keyof SamlPart | 'integrations'>;

function scimPart(ports: WorkspaceApiPorts): ScimPart {
  const { store, announcer, site } = ports;
  return {
    scim: ({ account }) => scimPage(ports, account),
    async enableScim({ account }) {
      const made = await enableScim(store, account.tenant, site.publicUrl, {
        ...actorOf(ports, account),
        role: account.role,
      });
      announcer.announce(account.tenant, 'connection');
      return made;
    },
    async disableScim({ account, body }) {
      const actor = actorOf(ports, account);
      const connection = await store.scimConnection(account.tenant);
      if (!(await store.disableScim(account.tenant, actor, body.reason ?? null))) {
        throw new Problem('conflict', 'SCIM was disabled already.');
      }
      if (body.deactivateScimPeople && connection)
        await ports.byHand.deactivateManaged(account.tenant, connection.id, actor);
      announcer.announce(account.tenant, 'connection', 'people');
    },
    async pauseScim({ account }) {
      await pauseScim(store, account.tenant, actorOf(ports, account));
      announcer.announce(account.tenant, 'connection');
    },
    async resumeScim({ account }) {
      await resumeScim(store, account.tenant);
      announcer.announce(account.tenant, 'connection');
    },
    async disablePreview({ account }) {
      const connection = await store.scimConnection(account.tenant);
      const statistics = connection && (await ports.requestLog.statistics(account.tenant, connection.id, ports.now()));
      return {
        people: statistics?.managed[personType.name] ?? 0,
        teams: statistics?.managed[teamType.name] ?? 0,
        onlyThroughScim: connection ? await ports.byHand.countOnlyManaged(account.tenant, connection.id) : 0,
      };
    },
    async pinClient({ account, body }) {
      await pinClient(store, account.tenant, body.client);
      announcer.announce(account.tenant, 'connection');
    },
    async createToken({ account }) {
      const made = await createToken(store, account.tenant, site.publicUrl, actorOf(ports, account));
      announcer.announce(account.tenant, 'connection');
      return made;
    },
    async revokeToken({ account, parameters }) {
      if (!(await store.revokeToken(account.tenant, parameters['id'] ?? '', actorOf(ports, account)))) {
        throw new Problem('not-found', 'There is no token with this id.');
      }
      announcer.announce(account.tenant, 'connection');
    },
  };
}

export function connectionHandlers(ports: WorkspaceApiPorts): Part {
  return {
    async integrations({ account }) {
      const facts = await readCardFacts(ports, account.tenant);
      return { saml: toSamlCard(facts), scim: toScimCard(ports, facts, account) };
    },
    ...samlPart(ports),
    ...scimPart(ports),
  };
}
