/*
 * A page whose title is part of its data: until it is here, and when it failed, the page has a head all the same. Pure.
 */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Body } from '../page/card.tsx';
import { type Crumb, PageHeader } from '../page/page-header.tsx';
import { Loaded } from './loaded.tsx';

export interface LoadedPageProps<Data> {
  query: UseQueryResult<Data, Error>;
  /** The title meanwhile. */
  title: string;
  crumbs?: readonly Crumb[];
  children: (data: Data) => ReactNode;
}

export function LoadedPage<Data>({ query, title, crumbs, children }: LoadedPageProps<Data>) {
  if (query.data !== undefined) return <Loaded query={query}>{children}</Loaded>;
  return (
    <>
      <PageHeader title={title} {...(crumbs === undefined ? {} : { crumbs })} />
      <Body>
        <Loaded query={query}>{children}</Loaded>
      </Body>
    </>
  );
}
