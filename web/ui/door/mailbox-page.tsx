/*
 * The mailbox of a server without SMTP, on localhost only: mails wait here to be read. Reach: own origin.
 * Links in a mail are made clickable by splitting its text, never by reading it as HTML.
 */
import { signInRoutes as routes } from '../../../src/contract/sign-in.ts';
import type { AnswerOf } from '../api.ts';
import { Body } from '../page/card.tsx';
import { PageHeader } from '../page/page-header.tsx';
import { Sheet, Split } from '../page/sheet.tsx';
import { useAddress } from '../page/toolbar.tsx';
import { useRoute } from '../queries.ts';
import { Empty } from '../state/empty.tsx';
import { Loaded } from '../state/loaded.tsx';
import { Ledger, LedgerRow } from '../table/ledger.tsx';
import type { TieState } from '../tie.tsx';
import css from './mailbox.module.css';
import { say } from './words.ts';

type Mail = AnswerOf<typeof routes.mailbox>['mails'][number];

const TIE: Readonly<Record<Mail['state'], TieState>> = {
  queued: 'moving',
  sending: 'moving',
  accepted: 'agree',
  unconfirmed: 'pending',
  failed: 'apart',
};

/** A stranger's page has no event stream. */
const EVERY_MS = 3_000;

function MailText({ text }: { text: string }) {
  return (
    <p className={css['mail']}>
      {text.split(/(https?:\/\/\S+)/).map((part, index) => {
        const key = `${index}:${part}`;
        return index % 2 === 1 ? (
          <a key={key} href={part}>
            {part}
          </a>
        ) : (
          part
        );
      })}
    </p>
  );
}

function OpenMail({ mail, back }: { mail: Mail; back: string }) {
  return (
    <Sheet title={mail.subject} over={say('mailbox.to', mail)} back={back}>
      <MailText text={mail.text} />
      {mail.error === null ? null : <p>{mail.error}</p>}
    </Sheet>
  );
}

function Mailbox({ mails }: { mails: readonly Mail[] }) {
  const address = useAddress();
  const open = mails.find((mail) => mail.id === address.get('mail'));
  return (
    <Split
      sheet={
        open === undefined ? null : <OpenMail key={open.id} mail={open} back={address.with({ mail: undefined })} />
      }
    >
      {mails.length === 0 ? (
        <Body>
          <Empty title={say('mailbox.empty')}>{say('mailbox.empty.why')}</Empty>
        </Body>
      ) : (
        <Ledger label={say('mailbox.title')}>
          {mails.map((mail) => (
            <LedgerRow
              key={mail.id}
              at={mail.createdAt}
              state={TIE[mail.state]}
              word={say(`mailbox.state.${mail.state}`)}
              to={address.with({ mail: mail.id })}
              selected={mail.id === open?.id}
            >
              <strong>{mail.to}</strong> {mail.subject}
            </LedgerRow>
          ))}
        </Ledger>
      )}
    </Split>
  );
}

export function MailboxPage() {
  const mailbox = useRoute(routes.mailbox, { everyMs: EVERY_MS });
  return (
    <main id="content">
      <PageHeader title={say('mailbox.title')} crumbs={[{ to: '/', label: say('mailbox.back') }]}>
        {say('mailbox.lead')}
      </PageHeader>
      <Loaded query={mailbox}>{(data) => <Mailbox mails={data.mails} />}</Loaded>
    </main>
  );
}
