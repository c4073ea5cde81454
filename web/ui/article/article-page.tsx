/*
 * "Follow the article": its seventeen steps and the precondition, ticked from this end's own state; the other end's steps
 * are ticked on its own page, to which this one links. Reach: own origin.
 */
import { Link } from 'react-router';
import type { Route } from '../../../src/contract/route.ts';
import type { workspaceRoutes } from '../../../src/contract/workspace.ts';
import type { AnswerOf } from '../api.ts';
import { Body } from '../page/card.tsx';
import { PageHeader } from '../page/page-header.tsx';
import { useRoute } from '../queries.ts';
import { Loaded } from '../state/loaded.tsx';
import { Tie, type TieState } from '../tie.tsx';
import css from './article.module.css';
import { say } from './words.ts';

type ArticleRoute = Route & Pick<typeof workspaceRoutes.article, 'answer'>;
type Article = AnswerOf<ArticleRoute>;
type Step = Article['steps'][number];
type End = 'workspace' | 'identity';

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17] as const;

/** The mark of what is only at one end: the identity provider is the left point. */
const ONLY: Readonly<Record<End, TieState>> = { workspace: 'only-right', identity: 'only-left' };
const OTHER: Readonly<Record<End, End>> = { workspace: 'identity', identity: 'workspace' };

export interface ArticlePageProps {
  route: ArticleRoute;
  /** Which end this is. */
  end: End;
  /** Where in this app a row is done. */
  places: Readonly<Partial<Record<number, string>>>;
}

function Mark({ step, end }: { step: Step | undefined; end: End }) {
  if (step?.done) return <Tie state="agree">{say('done')}</Tie>;
  if (step?.mine) return <Tie state={ONLY[end]}>{say('open')}</Tie>;
  return <Tie state={ONLY[OTHER[end]]}>{say(`at.${OTHER[end]}`)}</Tie>;
}

function RowText({ text, place, elsewhere }: { text: string; place?: string | undefined; elsewhere: string | null }) {
  if (place !== undefined) return <Link to={place}>{text}</Link>;
  return elsewhere === null ? text : <a href={new URL('/article', elsewhere).href}>{text}</a>;
}

function Steps({ article, end, places }: { article: Article } & Pick<ArticlePageProps, 'end' | 'places'>) {
  const mine = article.steps.filter((step) => step.mine);
  return (
    <>
      <p>{say('progress', { n: mine.length, done: mine.filter((step) => step.done).length })}</p>
      <ol className={css['article']}>
        {ROWS.map((row) => {
          const step = article.steps.find((each) => each.row === row);
          return (
            <li key={row}>
              <span className={css['number']}>{row}</span>
              <span className={css['text']}>
                <RowText
                  text={say(`${row}`)}
                  place={step?.mine ? places[row] : undefined}
                  elsewhere={step?.mine ? null : article.otherEnd}
                />
              </span>
              <Mark step={step?.mine ? step : undefined} end={end} />
            </li>
          );
        })}
      </ol>
    </>
  );
}

export function ArticlePage({ route, end, places }: ArticlePageProps) {
  const article = useRoute(route);
  return (
    <>
      <PageHeader title={say('title')}>{say('lead')}</PageHeader>
      <Body>
        <Loaded query={article}>{(data) => <Steps article={data} end={end} places={places} />}</Loaded>
      </Body>
    </>
  );
}
