/*
 * The whole story of one request: what changed, every operation and its outcome, what we rewrote and why, both bodies.
 * Reach: own origin, the clipboard. Secrets never leave the server; the curl line names a variable in their place.
 */
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  CopyButton,
  type Fact,
  Facts,
  Loaded,
  Section,
  Sentence,
  Sheet,
  Tie,
  type TieState,
  useRoute,
  When,
} from '../../ui/index.ts';
import { say } from '../words.ts';
import { OUTCOME_TIE } from './outcome.ts';
import css from './requests.module.css';

type Detail = AnswerOf<typeof routes.request>;

type Operation = Detail['operations'][number];

/** The outcomes we have words for; another one is shown as the server says it. */
function OperationOutcome({ outcome }: { outcome: Operation['outcome'] }) {
  const known = Object.keys(OUTCOME_TIE).find((name) => name === outcome) as keyof typeof OUTCOME_TIE | undefined;
  const state: TieState = known === undefined ? 'only-left' : OUTCOME_TIE[known];
  return <Tie state={state}>{known === undefined ? outcome : say(`outcome.${known}`)}</Tie>;
}

function quoteShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function asCurl(detail: Detail): string {
  const body =
    detail.requestBody === null
      ? []
      : ['-H', quoteShell('Content-Type: application/scim+json'), '--data', quoteShell(detail.requestBody)];
  const address = quoteShell(new URL(detail.path, window.location.origin).href);
  return ['curl', '-X', detail.method, address, '-H', '"Authorization: Bearer $TOKEN"', ...body].join(' ');
}

function Changes({ changes, bulkOperations }: Pick<Detail, 'changes' | 'bulkOperations'>) {
  if (bulkOperations) return <p>{say('request.bulk.changes')}</p>;
  if (changes.length === 0) return <p>{say('request.noChange')}</p>;
  return (
    <Facts
      facts={changes.map((change) => ({
        term: change.attribute,
        value: (
          <>
            {change.before === null ? null : <del className={css['before']}>{change.before}</del>}{' '}
            {change.after === null ? say('request.removed') : <ins className={css['after']}>{change.after}</ins>}
          </>
        ),
      }))}
    />
  );
}

function Operations({ operations }: { operations: Detail['operations'] }) {
  return (
    <ul className={css['operations']}>
      {operations.map((operation, index) => (
        <li key={`${index}:${operation.operation}`}>
          <OperationOutcome outcome={operation.outcome} />
          <code>{operation.operation}</code>
          {operation.why === null ? null : <span>{operation.why}</span>}
        </li>
      ))}
    </ul>
  );
}

function BodyText({ title, text }: { title: string; text: string | null }) {
  if (text === null) return null;
  return (
    <details className={css['body']}>
      <summary>{title}</summary>
      <pre>{text}</pre>
    </details>
  );
}

/** Which bulk request an operation came in; of the bulk request itself, what became of its operations. */
function bulkFacts({ bulk, bulkOperations }: Detail): Fact[] {
  const cameIn = bulk && <Link to={`/requests/${bulk.request}`}>{say('request.bulk.of', { n: bulk.operation })}</Link>;
  const became = bulkOperations && say('request.bulk.operations', bulkOperations);
  return [
    ...(cameIn === null ? [] : [{ term: say('request.bulk'), value: cameIn }]),
    ...(became === null ? [] : [{ term: say('request.operations'), value: became }]),
  ];
}

function Story({ detail }: { detail: Detail }) {
  const known = (term: string, value: string | null): Fact[] =>
    value === null ? [] : [{ term, value: <code>{value}</code> }];
  return (
    <>
      <Section title={say('request.changed')}>
        <Changes changes={detail.changes} bulkOperations={detail.bulkOperations} />
      </Section>
      {detail.operations.length === 0 ? null : (
        <Section title={say('request.operations')}>
          <Operations operations={detail.operations} />
        </Section>
      )}
      {detail.rewrites.length === 0 ? null : (
        <Section title={say('request.rewrites')}>
          {detail.rewrites.map((rewrite) => (
            <p key={rewrite}>{rewrite}</p>
          ))}
        </Section>
      )}
      <Section title={say('request.from')}>
        <Facts
          facts={[
            { term: say('request.client'), value: detail.client },
            ...bulkFacts(detail),
            ...(detail.matchedBy === null ? [] : [{ term: say('request.matched'), value: detail.matchedBy }]),
            ...known(say('tokens.token'), detail.tokenHint === null ? null : `…${detail.tokenHint}`),
            ...known(say('tokens.address'), detail.address),
            ...known(say('tokens.agent'), detail.agent),
            ...known(say('request.id'), detail.id),
          ]}
        />
      </Section>
      <BodyText title={say('request.body')} text={detail.requestBody} />
      <BodyText title={say('request.answer')} text={detail.responseBody} />
    </>
  );
}

function OpenRequest({ detail, back }: { detail: Detail; back: string }) {
  return (
    <Sheet
      title={<Sentence parts={detail.sentence} />}
      over={
        <>
          <When at={detail.at} as="moment" /> · {detail.method} {detail.path} · {detail.status}
        </>
      }
      back={back}
      foot={
        <>
          <CopyButton text={asCurl(detail)} label={say('request.curl')} size="sm" />
          <CopyButton text={window.location.href} label={say('request.link')} size="sm" />
          {detail.person === null ? null : <Link to={`/people/${detail.person.id}`}>{detail.person.name}</Link>}
        </>
      }
    >
      <Story detail={detail} />
    </Sheet>
  );
}

export function RequestSheet({ id, back }: { id: string; back: string }) {
  const request = useRoute(routes.request, { params: { id } });
  if (request.data !== undefined) return <OpenRequest detail={request.data} back={back} />;
  return (
    <Sheet title={say('request.title')} back={back}>
      <Loaded query={request}>{() => null}</Loaded>
    </Sheet>
  );
}
