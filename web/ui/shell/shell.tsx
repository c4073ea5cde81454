/*
 * The frame of both apps: top bar with the tenant's name and the person's menu, rail with the places, the page beside it.
 * Reach: talks to the router. Under 720 px the rail is a panel behind a button and closes when a place was chosen.
 */
import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconX } from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, NavLink, useLocation } from 'react-router';
import { say } from '../words/words.ts';
import { type Account, AccountMenu } from './account-menu.tsx';
import { Mark } from './mark.tsx';
import css from './shell.module.css';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly count?: number;
  /** Something that waits for a person; stands where the count stands. */
  readonly note?: string;
}
export interface PlaceGroup {
  readonly label?: string;
  readonly places: readonly Place[];
}
export interface ShellProps {
  tenant: string;
  groups: readonly PlaceGroup[];
  account: Account;
  onSignOut: () => void;
  children: ReactNode;
}

const figures = new Intl.NumberFormat('en');

function RailPlace({ place }: { place: Place }) {
  const Icon = place.icon;
  return (
    <li>
      <NavLink to={place.to} className={css['place'] ?? ''}>
        <Icon size={17} stroke={1.6} />
        <span className={css['name']}>{place.label}</span>
        {place.note === undefined ? null : <span className={css['note']}>{place.note}</span>}
        {place.note === undefined && place.count !== undefined ? (
          <span className={css['count']}>{figures.format(place.count)}</span>
        ) : null}
      </NavLink>
    </li>
  );
}

function Rail({ groups }: { groups: readonly PlaceGroup[] }) {
  return (
    <nav className={css['rail']} id="rail" aria-label={say('shell.rail')}>
      {groups.map((group) => (
        <div key={group.label ?? ''} className={css['group']}>
          {group.label === undefined ? null : <p className={css['groupName']}>{group.label}</p>}
          <ul>
            {group.places.map((place) => (
              <RailPlace key={place.to} place={place} />
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

export function Shell({ tenant, groups, account, onSignOut, children }: ShellProps) {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    if (pathname === shown.current) return;
    shown.current = pathname;
    setOpen(false);
    // The link that led here may be gone; the keyboard goes on in the new page, unless something there took the focus.
    if (document.activeElement === document.body) page.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <div className={css['shell']} data-rail={open ? 'open' : 'closed'}>
      <a className={css['skip']} href="#content">
        {say('shell.skip')}
      </a>
      <header className={css['bar']}>
        <ActionIcon
          className={css['toggle']}
          aria-expanded={open}
          aria-controls="rail"
          aria-label={say(open ? 'shell.menu.close' : 'shell.menu.open')}
          onClick={() => setOpen(!open)}
        >
          {open ? <IconX size={18} /> : <IconMenu2 size={18} />}
        </ActionIcon>
        <Link to="/" className={css['brand']}>
          <Mark />
          {say('product')}
        </Link>
        <span className={css['slash']} aria-hidden="true">
          /
        </span>
        <span className={css['tenant']}>{tenant}</span>
        <span className={css['gap']} />
        <AccountMenu account={account} onSignOut={onSignOut} />
      </header>
      <Rail groups={groups} />
      <main ref={page} className={css['main']} id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
