// What the screens ask about people and teams: the interface; the store answers it. Pure (types only).
import type { Json, JsonObject } from '../../scim/json.ts';

export interface Provenance {
  /** ISO 8601. */
  readonly at: string;
  /** The SCIM request that set the value; absent when the workspace itself did. */
  readonly request?: { readonly id: string; readonly client: string; readonly method: string };
  readonly was?: Json;
}

export interface DirectoryReference {
  readonly attribute: string;
  /** As sent. */
  readonly value: string;
  readonly target?: { readonly id: string; readonly label: string; readonly attributes: JsonObject };
  readonly setBy: Provenance;
}

export interface DirectoryRow {
  readonly id: string;
  readonly label: string;
  readonly attributes: JsonObject;
  readonly active: boolean;
  /** The connection that manages it; null: made here. */
  readonly connection: string | null;
  /** The profile that connection was recognised as. */
  readonly client: string | null;
  readonly created: string;
  readonly lastModified: string;
  readonly account: {
    readonly role: 'owner' | 'admin' | 'member';
    readonly firstSignedInAt: string | null;
    readonly lastSeenAt: string | null;
  } | null;
  /** Single-valued references it holds, such as the manager. */
  readonly references: readonly DirectoryReference[];
  /** Resources whose members hold it. */
  readonly memberOf: readonly { readonly id: string; readonly label: string; readonly setBy: Provenance }[];
  /** By attribute path; '' for all that came with the creation. Only filled when one row is asked for. */
  readonly provenance: Readonly<Record<string, Provenance>>;
}

export interface DirectoryQuery {
  readonly search: string;
  readonly status?: 'invited' | 'active' | 'deactivated';
  readonly source?: 'scim' | 'manual';
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
}

export interface TeamRow {
  readonly id: string;
  readonly label: string;
  readonly connection: string | null;
  readonly client: string | null;
  readonly members: number;
  /** Members that are not here yet. */
  readonly waiting: number;
}

export interface TeamMember {
  readonly id: string;
  readonly label: string;
  readonly attributes: JsonObject;
  readonly active: boolean;
  readonly firstSignedInAt: string | null;
}

export interface Directory {
  people(tenant: string, query: DirectoryQuery): Promise<{ people: DirectoryRow[]; total: number }>;
  /** Undefined also for somebody who was deleted. */
  person(tenant: string, id: string): Promise<DirectoryRow | undefined>;
  teams(tenant: string): Promise<TeamRow[]>;
  team(tenant: string, id: string): Promise<{ team: TeamRow; members: TeamMember[]; waitingFor: string[] } | undefined>;
}
