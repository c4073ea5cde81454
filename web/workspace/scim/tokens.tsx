/*
 * Tokens: up to two live, so that one can be replaced without a gap. The page says when the older one is safe to revoke:
 * from real use, not from hope. Reach: own origin.
 */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Band,
  Body,
  ConfirmDialog,
  DataTable,
  Empty,
  ProblemNote,
  Section,
  type TableColumn,
  Tie,
  TieMark,
  useAnnounce,
  useWrite,
  When,
} from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { isEnabled, type ScimDetails } from './details.ts';
import { TokenDialog } from './token-dialog.tsx';

type Token = ScimDetails['tokens'][number];
const LIVE_TOKENS = 2;

const COLUMNS: readonly TableColumn<Token>[] = [
  { id: 'hint', header: say('tokens.token'), names: true, cell: (token) => <code>…{token.hint}</code> },
  {
    id: 'state',
    header: say('people.status'),
    cell: (token) => {
      if (token.revokedAt !== null) return <Tie state="only-left">{say('tokens.revoked')}</Tie>;
      if (token.isUnused) return <Tie state="pending">{say('tokens.unused')}</Tie>;
      return <Tie state="agree">{say('tokens.live')}</Tie>;
    },
  },
  {
    id: 'created',
    header: say('tokens.created'),
    cell: (token) => (
      <>
        <When at={token.createdAt} as="moment" /> {token.createdBy}
      </>
    ),
  },
  { id: 'used', header: say('tokens.used'), cell: (token) => <When at={token.lastUsedAt} /> },
  { id: 'address', header: say('tokens.address'), wide: true, cell: (token) => <code>{token.lastUsedAddress}</code> },
  { id: 'agent', header: say('tokens.agent'), wide: true, cell: (token) => token.lastUsedAgent },
];

/** With two live tokens: is the older one still used since the newer one exists? */
function Advice({ live }: { live: readonly Token[] }) {
  const [older, newer] = [...live].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
  if (older === undefined || newer === undefined) return null;
  const safe = newer.lastUsedAt !== null && (older.lastUsedAt === null || older.lastUsedAt < newer.lastUsedAt);
  return (
    <Band tone={safe ? 'agree' : 'heed'} mark={<TieMark state={safe ? 'agree' : 'pending'} />}>
      {sayRich(safe ? 'tokens.safe' : 'tokens.stillUsed', { hint: older.hint, newer: newer.hint })}
    </Band>
  );
}

function RevokeDialog({ token, last, onClose }: { token: Token; last: boolean; onClose: () => void }) {
  const announce = useAnnounce();
  const revoke = useWrite(routes.revokeToken, ['integrations']);
  const revoked = () => {
    announce(say('tokens.revokedDone', { hint: token.hint }));
    onClose();
  };
  return (
    <ConfirmDialog
      opened
      title={say('tokens.revoke.title', { hint: token.hint })}
      confirm={say('tokens.revoke')}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate({ params: { id: token.id } }, { onSuccess: revoked })}
      onCancel={onClose}
    >
      <p>{say('tokens.revoke.what')}</p>
      {last ? <p>{sayRich('tokens.revoke.last')}</p> : null}
    </ConfirmDialog>
  );
}

function NewToken({ full, client }: { full: boolean; client: string | null }) {
  const [made, setMade] = useState<AnswerOf<typeof routes.createToken>>();
  const create = useWrite(routes.createToken, ['integrations']);
  const keep = (token: AnswerOf<typeof routes.createToken>) => {
    create.reset();
    setMade(token);
  };
  return (
    <>
      {full ? (
        <span>{say('tokens.full')}</span>
      ) : (
        <Button variant="filled" disabled={create.isPending} onClick={() => create.mutate({}, { onSuccess: keep })}>
          {say('tokens.new')}
        </Button>
      )}
      {create.error === null ? null : <ProblemNote error={create.error} />}
      {made === undefined ? null : <TokenDialog token={made} idpName={client} onDone={() => setMade(undefined)} />}
    </>
  );
}

export function Tokens({ details }: { details: ScimDetails }) {
  const [revoking, setRevoking] = useState<Token>();
  const { card, tokens } = details;
  const live = tokens.filter((token) => token.revokedAt === null);
  const enabled = isEnabled(card.state);
  const revokeButton = (token: Token) =>
    token.revokedAt === null ? (
      <Button size="xs" aria-label={say('tokens.revokeOf', { hint: token.hint })} onClick={() => setRevoking(token)}>
        {say('tokens.revoke')}
      </Button>
    ) : null;
  return (
    <>
      <Body>
        <Section
          title={say('scim.tokens')}
          actions={enabled ? <NewToken full={live.length >= LIVE_TOKENS} client={card.client} /> : undefined}
        >
          <p>{say('tokens.what')}</p>
          <Advice live={live} />
          {live
            .filter(({ isUnused }) => isUnused)
            .map(({ id, hint }) => (
              <Band key={id} tone="heed" mark={<TieMark state="pending" />}>
                {sayRich('tokens.unused.what', { hint })}
              </Band>
            ))}
        </Section>
        {tokens.length === 0 ? <Empty title={say('tokens.empty')}>{say('tokens.empty.why')}</Empty> : null}
      </Body>
      {tokens.length === 0 ? null : (
        <DataTable
          label={say('scim.tokens')}
          columns={COLUMNS}
          rows={tokens}
          rowId={(token) => token.id}
          actions={revokeButton}
        />
      )}
      {revoking === undefined ? null : (
        <RevokeDialog token={revoking} last={live.length === 1} onClose={() => setRevoking(undefined)} />
      )}
    </>
  );
}
