/*
 * Search and filters over a list. The address holds them: `useAddress` reads and writes the query string. Reach: talks to
 * the router. Typing replaces the entry of the history, choosing a filter adds one.
 */
import { TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import css from './toolbar.module.css';

const TYPING_MS = 250;

type Changes = Readonly<Record<string, string | undefined>>;

export interface Address {
  get: (name: string) => string | undefined;
  /** The current address with these parameters changed; undefined takes one away. */
  with: (changes: Changes) => string;
  replace: (changes: Changes) => void;
}

export function useAddress(): Address {
  const [search, setSearch] = useSearchParams();
  const { pathname } = useLocation();
  const changed = (changes: Changes) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined || value === '') next.delete(name);
      else next.set(name, value);
    }
    return next;
  };
  return {
    get: (name) => search.get(name) ?? undefined,
    with: (changes) => {
      const text = changed(changes).toString();
      return text === '' ? pathname : `${pathname}?${text}`;
    },
    replace: (changes) => setSearch(changed(changes), { replace: true, preventScrollReset: true }),
  };
}

export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <search className={css['toolbar']} aria-label={label}>
      {children}
    </search>
  );
}

/** Search as one types, kept in the address as `search`; a new search starts on the first page. */
export function SearchField({ label }: { label: string }) {
  const address = useAddress();
  const [text, setText] = useState(address.get('search') ?? '');
  useEffect(() => {
    if (text === (address.get('search') ?? '')) return;
    const timer = setTimeout(() => address.replace({ search: text, page: undefined, before: undefined }), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      type="search"
      className={css['search'] ?? ''}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

/** A filter that is on or off; a link, so that it can be opened and shared. */
export function FilterChip({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  const address = useAddress();
  const on = address.get(name) === value;
  return (
    <Link
      className={css['chip'] ?? ''}
      aria-current={on ? 'true' : undefined}
      to={address.with({ [name]: on ? undefined : value, page: undefined, before: undefined })}
    >
      {children}
      {on ? <IconX size={13} /> : null}
    </Link>
  );
}

/** Moves through the pages of a list that counts exactly. */
export function Pager({
  label,
  page,
  pages,
  previous,
  next,
}: {
  label: string;
  page: number;
  pages: number;
  previous: string;
  next: string;
}) {
  const address = useAddress();
  if (pages < 2) return null;
  return (
    <nav className={css['pager']} aria-label={label}>
      {page > 1 ? <Link to={address.with({ page: page === 2 ? undefined : String(page - 1) })}>{previous}</Link> : null}
      <span>{`${page} / ${pages}`}</span>
      {page < pages ? <Link to={address.with({ page: String(page + 1) })}>{next}</Link> : null}
    </nav>
  );
}
