// What the dashboard, the portal and the article's page are told, all counted from real state. Pure.

import type { SubjectStatus } from '../provisioning/engine/delivery-store.ts';
import type { Named } from './directory.ts';

export interface Dashboard {
  users: number;
  notActivated: number;
  apps: number;
  pendingApprovals: number;
  oldestPendingAt: Date | null;
  failed: { app: Named; count: number }[];
  held: { app: Named; reason: string }[];
  moving: number;
  unassigned: number;
  runningJobs: number;
}

export interface PortalApp {
  id: string;
  name: string;
  connector: string;
  signInUrl: string | null;
  ready: boolean;
  status: SubjectStatus;
}

/** The article's rows this end can judge (6 to 13, 15 to 17), over its Rollcall apps. */
export type ArticleRows = Readonly<Record<number, boolean>>;

/** Newest change of each kind, for pages that look whether another process did something. */
export interface IdentityMarks {
  users: string;
  apps: string;
  tasks: string;
  jobs: string;
}

export interface OverviewStore {
  dashboard(tenant: string): Promise<Dashboard>;
  portal(tenant: string, person: string): Promise<PortalApp[]>;
  article(tenant: string): Promise<ArticleRows>;
  marks(tenant: string): Promise<IdentityMarks>;
  /** Names of active people with at least this role. */
  holders(tenant: string, role: 'admin' | 'owner'): Promise<string[]>;
}
