// A row of a route table: what the admin API offers, who may call it, what it hears and says. Pure.
// Authorization is a column here, read by the server (which refuses) and by the browser (which explains); a route
// without it does not compile.

import type { z } from 'zod';

/**
 * Who may call: `public` anybody, `local` anybody on this machine, `session` whoever is signed in, then the roles
 * upwards. A higher role may do what a lower one may.
 */
export type Access = 'public' | 'local' | 'member' | 'admin' | 'owner';

export type Role = 'member' | 'admin' | 'owner';

/** What a plan unlocks; one table for server and browser. */
export type Feature = 'sso';

export interface Route<
  Body extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with `:name` parameters, under the site's origin. */
  path: string;
  access: Access;
  /** Refused with `plan-required` on a plan without it. */
  feature?: Feature;
  /** JSON body; absent means none is read. */
  body?: Body;
  query?: Query;
  /** JSON of a 200 answer; absent means 204. */
  answer?: Answer;
}

const rank: Record<Role, number> = { member: 1, admin: 2, owner: 3 };

/** True when `role` (undefined: not signed in) may call a route of this access. `local` is judged by the server. */
export function mayCall(access: Access, role: Role | undefined): boolean {
  if (access === 'public' || access === 'local') return true;
  return role !== undefined && rank[role] >= rank[access];
}

/** A route table keeps each row's exact types. */
export function defineRoutes<T extends Record<string, Route>>(routes: T): T {
  return routes;
}

/** Fills the parameters of a route's path. */
export function pathOf(route: Route, parameters: Record<string, string> = {}): string {
  return route.path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(parameters[name] ?? ''));
}
