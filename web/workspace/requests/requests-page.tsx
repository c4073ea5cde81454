/*
 * S12: the request log, live, each request a sentence; the open one's story at the right. The address holds search, filter
 * and the open row. Reach: own origin. Paused, nothing is read again until it goes on; nothing is lost meanwhile.
 */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { type RequestRow, workspaceRoutes as routes } from '../../../src/contract/workspace.ts';
import {
  type AnswerOf,
  Body,
  Empty,
  EmptyFiltered,
  FilterChip,
  HourBars,
  Ledger,
  LedgerRow,
  LiveChip,
  Loaded,
  PageHeader,
  SearchField,
  Sentence,
  Split,
  Toolbar,
  useAddress,
  useRoute,
  When,
} from '../../ui/index.ts';
import { say, sayRich } from '../words.ts';
import { OUTCOME_TIE, statusTone } from './outcome.ts';
import { RequestSheet } from './request-sheet.tsx';
import css from './requests.module.css';

type Answer = AnswerOf<typeof routes.requests>;
const RESULTS = ['refused', 'changes'] as const;

/** Ids that were not in the list when it was first shown, so that new rows can slide in. */
function useFresh(rows: readonly RequestRow[]): (id: string) => boolean {
  const known = useRef<Set<string>>(undefined);
  const first = known.current === undefined;
  const before = known.current ?? new Set(rows.map((row) => row.id));
  useEffect(() => {
    known.current = new Set([...(known.current ?? []), ...rows.map((row) => row.id)]);
  }, [rows]);
  return (id) => !first && !before.has(id);
}

function Row({ row, open, fresh }: { row: RequestRow; open: boolean; fresh: boolean }) {
  const address = useAddress();
  const tone = statusTone(row.status);
  const query = address.with({}).split('?')[1];
  return (
    <LedgerRow
      at={row.at}
      state={OUTCOME_TIE[row.outcome]}
      word={say(`outcome.${row.outcome}`)}
      to={`/requests/${row.id}${query === undefined ? '' : `?${query}`}`}
      selected={open}
      fresh={fresh}
      edges={[
        { text: String(row.status), ...(tone === undefined ? {} : { tone }) },
        { text: say('requests.ms', { ms: Math.round(row.durationMs) }) },
      ]}
    >
      <Sentence parts={row.sentence} />
    </LedgerRow>
  );
}

function Log({ answer, openId }: { answer: Answer; openId: string | undefined }) {
  const address = useAddress();
  const navigate = useNavigate();
  const isFresh = useFresh(answer.requests);
  const last = answer.requests.at(-1);
  const filtered = ['search', 'result', 'before'].some((name) => address.get(name) !== undefined);
  if (last === undefined) {
    return (
      <Body>
        {filtered ? (
          <EmptyFiltered title={say('requests.emptyFiltered')} onClear={() => navigate('/requests')} />
        ) : (
          <Empty title={say('requests.empty')}>{say('requests.empty.why')}</Empty>
        )}
      </Body>
    );
  }
  return (
    <>
      <Ledger label={say('requests.title')}>
        {answer.requests.map((row) => (
          <Row key={row.id} row={row} open={row.id === openId} fresh={isFresh(row.id)} />
        ))}
      </Ledger>
      <nav className={css['pages']} aria-label={say('requests.pages')}>
        {address.get('before') === undefined ? null : (
          <Link to={address.with({ before: undefined })}>{say('requests.newest')}</Link>
        )}
        {answer.hasMore ? <Link to={address.with({ before: last.id })}>{say('requests.older')}</Link> : null}
      </nav>
    </>
  );
}

function Head({ answer }: { answer: Answer | undefined }) {
  const last = answer?.last ?? null;
  return (
    <div className={css['head']}>
      <PageHeader title={say('requests.title')}>
        <LiveChip>
          {last === null ? undefined : (
            <span>
              {sayRich('requests.live', { client: last.client })} <When at={last.at} />
            </span>
          )}
        </LiveChip>
      </PageHeader>
      {answer === undefined || answer.byHour.length === 0 ? null : <HourBars hours={answer.byHour} />}
    </div>
  );
}

export function RequestsPage() {
  const { id } = useParams();
  const address = useAddress();
  const [paused, setPaused] = useState(false);
  const result = RESULTS.find((name) => name === address.get('result'));
  const before = address.get('before');
  const query = {
    search: address.get('search') ?? '',
    ...(result === undefined ? {} : { result }),
    ...(before === undefined ? {} : { before }),
  };
  const requests = useRoute(routes.requests, { query, enabled: !paused });
  const back = address.with({}).replace(/^\/requests\/[^?]*/, '/requests');
  return (
    <>
      <Head answer={requests.data} />
      <Toolbar label={say('requests.filter')}>
        <SearchField label={say('requests.search')} />
        {RESULTS.map((name) => (
          <FilterChip key={name} name="result" value={name}>
            {say(`requests.result.${name}`)}
          </FilterChip>
        ))}
        <span className={css['gap']} />
        <Button size="xs" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {say(paused ? 'requests.resume' : 'requests.pause')}
        </Button>
      </Toolbar>
      <Split sheet={id === undefined ? null : <RequestSheet key={id} id={id} back={back} />}>
        <div className={css['log']}>
          <Loaded query={requests} rows={12}>
            {(answer) => <Log answer={answer} openId={id} />}
          </Loaded>
        </div>
      </Split>
    </>
  );
}
