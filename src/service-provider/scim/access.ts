// Who may speak SCIM to a workspace: what the entrance asks of whoever keeps tokens and connections.
import type { KnownClient } from '../../profiles/clients/index.ts';
import type { RequestRecord } from '../../scim/request-record.ts';
import type { ResourceTypes } from '../../scim/schema/resource-type.ts';

export interface TokenOwner extends KnownClient {
  readonly tenant: string;
  readonly connection: string;
  readonly token: string;
  /** False: the connection was disabled, and the token answers 401. */
  readonly enabled: boolean;
  /** Who paused the connection: it answers 503 until somebody resumes it. */
  readonly paused: string | null;
  /** The resource types of its workspace. */
  readonly types: ResourceTypes;
}

export interface ScimAccess {
  /** By slug, in lower case. */
  findWorkspace(slug: string): Promise<{ readonly tenant: string } | undefined>;
  /** By the token itself; a revoked one is not found. */
  findToken(token: string): Promise<TokenOwner | undefined>;
  /** Called for each request that a token opened; may write lazily. */
  noteUse(owner: TokenOwner, use: { at: Date; remoteAddress: string; userAgent?: string }): void;
  /** A request showed which product the connection belongs to; resolves when the next request will find it so. */
  noteClient(owner: TokenOwner, client: string): Promise<void>;
  /** A request that no token opened, kept for the workspace it was addressed to. */
  recordUnauthenticated(tenant: string, record: RequestRecord): Promise<void>;
}
