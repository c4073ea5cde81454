/* Tabs that are links: the address holds which one is open, so a tab can be shared and opened beside. Pure. */
import { NavLink } from 'react-router';
import css from './page.module.css';

export interface TabLink {
  readonly to: string;
  readonly label: string;
  readonly count?: number;
  /** Only this exact address marks the tab, not what lies below it. */
  readonly end?: boolean;
}

export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav className={css['tabs']} aria-label={label}>
      {tabs.map((tab) => (
        <NavLink key={tab.to} to={tab.to} end={tab.end ?? false} className={css['tab'] ?? ''}>
          {tab.label}
          {tab.count === undefined ? null : <span className={css['tabCount']}>{tab.count}</span>}
        </NavLink>
      ))}
    </nav>
  );
}
