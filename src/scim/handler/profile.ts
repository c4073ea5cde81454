// What the handler asks of a client profile: `normalize` is the only place that knows any vendor. Pure (types only).
import type { Json, JsonObject } from '../json.ts';
import type { PatchOptions } from '../patch/apply.ts';
import type { KeepAbsent } from '../read-resource.ts';
import type { RequestFacts } from '../request-record.ts';
import type { ResourceType, ResourceTypes } from '../schema/resource-type.ts';
import type { Query } from './query.ts';

export interface ParsedRequest {
  readonly operation: RequestFacts['operation'];
  readonly type?: ResourceType;
  readonly types: ResourceTypes;
  readonly query: Query;
  readonly body?: Json;
}

export interface NormalizedRequest {
  readonly query: Query;
  readonly body?: Json;
  /** Whether a PUT leaves alone what it does not carry. */
  readonly keepAbsent: KeepAbsent;
  readonly absentValuePath: PatchOptions['absentValuePath'];
  /** Each rewrite in words, for the request log. */
  readonly rewrites: readonly string[];
}

export interface ClientProfile {
  /** Stable; kept with a connection that pins it. */
  readonly id: string;
  /** As the vendor writes it. */
  readonly name: string;
  normalize(request: ParsedRequest): NormalizedRequest;
  /** What /ServiceProviderConfig says to this client besides what everybody is told. */
  readonly serviceProviderConfig?: JsonObject;
  /** Answers are application/scim+json to this client, even where it accepts application/json alone. */
  readonly alwaysScimJson?: true;
  /** What this client must find in an answered resource; only called where all attributes were asked for. */
  complete?(resource: JsonObject, type: ResourceType): JsonObject;
}
