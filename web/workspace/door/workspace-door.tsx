/*
 * The address of a workspace, `/acme`: its identity provider first, once SAML is on, then the password. A refused SAML
 * sign-in comes back here with `?refused=<id>` and is told in words. Reach: own origin.
 */
import { Button } from '@mantine/core';
import { useParams, useSearchParams } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Band,
  Door,
  isProblem,
  PasswordForm,
  ProblemBand,
  ProblemNote,
  TieMark,
  useArrive,
  useRoute,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import css from './door.module.css';

function Refusal({ id, slug }: { id: string; slug: string }) {
  const refusal = useRoute(routes.signInRefusal, { params: { id }, query: { slug } });
  if (refusal.data === undefined) return null;
  return (
    <Band tone="held" mark={<TieMark state="apart" />}>
      <strong role="alert">{refusal.data.sentence}</strong>
    </Band>
  );
}

function Choices({ options }: { options: AnswerOf<typeof routes.signInOptions> }) {
  const arrive = useArrive();
  const [search] = useSearchParams();
  const refused = search.get('refused');
  const { saml, slug } = options;
  return (
    <>
      {refused === null ? null : <Refusal id={refused} slug={slug} />}
      <ProblemBand />
      {saml === null ? null : (
        <Button component="a" href={saml.startUrl} variant="filled" fullWidth>
          {say('door.saml', { idp: saml.idpName })}
        </Button>
      )}
      {saml === null ? (
        <PasswordForm slug={slug} onSignedIn={arrive} />
      ) : (
        <details className={css['more']}>
          <summary>{say('door.password')}</summary>
          <PasswordForm slug={slug} onSignedIn={arrive} />
        </details>
      )}
    </>
  );
}

export function WorkspaceDoor() {
  const { slug = '' } = useParams();
  const options = useRoute(routes.signInOptions, { params: { slug } });
  if (options.data !== undefined) {
    return (
      <Door title={say('door.title', { workspace: options.data.name })}>
        <Choices options={options.data} />
      </Door>
    );
  }
  if (options.error === null) return null;
  const unknown = isProblem(options.error) && options.error.status === 404;
  return (
    <Door
      title={say(unknown ? 'door.unknown' : 'door.failure')}
      lead={unknown ? say('door.unknown.lead', { slug }) : undefined}
    >
      {unknown ? null : <ProblemNote error={options.error} onRetry={() => void options.refetch()} />}
    </Door>
  );
}
