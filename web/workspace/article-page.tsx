/*
 * "Follow the article": its seventeen steps and the precondition, ticked from this end's own state; the other end's steps
 * are ticked on its own page, to which this one links. Reach: own origin.
 */
import { Link } from 'react-router';
import { workspaceRoutes as routes } from '../../src/contract/workspace.ts';
import { type AnswerOf, Body, Loaded, PageHeader, Tie, useRoute } from '../ui/index.ts';
import css from './article.module.css';
import { say } from './words.ts';

type Article = AnswerOf<typeof routes.article>;
type Step = Article['steps'][number];

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] as const;

/** Where in this app a row is done. */
const PLACE: Readonly<Partial<Record<number, string>>> = {
  0: '/settings/integrations/saml',
  1: '/settings',
  2: '/settings/integrations',
  3: '/settings/integrations#scim',
  4: '/settings/integrations#scim',
  5: '/settings/integrations#scim',
  14: '/settings/integrations#scim',
};

function Mark({ step }: { step: Step | undefined }) {
  if (step === undefined || !step.mine) return <Tie state="only-left">{say('article.there')}</Tie>;
  return step.done ? (
    <Tie state="agree">{say('article.done')}</Tie>
  ) : (
    <Tie state="only-right">{say('article.open')}</Tie>
  );
}

function ArticleRow({
  row,
  step,
  otherEnd,
}: {
  row: (typeof ROWS)[number];
  step: Step | undefined;
  otherEnd: string | null;
}) {
  const place = PLACE[row];
  const text = say(`article.${row}`);
  const elsewhere = step?.mine === false && otherEnd !== null;
  return (
    <li>
      <span className={css['number']}>{row}</span>
      <span className={css['text']}>
        {step?.mine && place !== undefined ? <Link to={place}>{text}</Link> : null}
        {elsewhere ? <a href={new URL('/article', otherEnd).href}>{text}</a> : null}
        {elsewhere || (step?.mine && place !== undefined) ? null : text}
      </span>
      <Mark step={step} />
    </li>
  );
}

function Steps({ article }: { article: Article }) {
  const mine = article.steps.filter((step) => step.mine);
  return (
    <>
      <p>{say('article.progress', { n: mine.length, done: mine.filter((step) => step.done).length })}</p>
      <ol className={css['article']}>
        {ROWS.map((row) => (
          <ArticleRow
            key={row}
            row={row}
            step={article.steps.find((step) => step.row === row)}
            otherEnd={article.otherEnd}
          />
        ))}
      </ol>
    </>
  );
}

export function ArticlePage() {
  const article = useRoute(routes.article);
  return (
    <>
      <PageHeader title={say('article.title')}>{say('article.lead')}</PageHeader>
      <Body>
        <Loaded query={article}>{(data) => <Steps article={data} />}</Loaded>
      </Body>
    </>
  );
}
