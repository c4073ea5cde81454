// The discovery documents (RFC 7644 section 4, RFC 7643 sections 5 to 7): computed from the resource types and the
// features that exist, never written by hand. Pure.
import type { JsonObject } from './json.ts';
import { patchLimits } from './patch/parse.ts';
import type { Attribute, Schema } from './schema/attribute.ts';
import type { ResourceType, ResourceTypes } from './schema/resource-type.ts';

export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** RFC 7643 section 5. What is not there is said not to be there. */
export interface Features {
  readonly patch: boolean;
  readonly filter: { readonly maxResults: number } | undefined;
  readonly bulk: { readonly maxOperations: number; readonly maxPayloadSize: number } | undefined;
  readonly sort: boolean;
  readonly etag: boolean;
  /** RFC 9865 section 5; whoever offers both names the default. */
  readonly pagination:
    | {
        readonly cursor: boolean;
        readonly index: boolean;
        readonly defaultPaginationMethod: 'cursor' | 'index';
        readonly defaultPageSize: number;
        readonly maxPageSize: number;
      }
    | undefined;
}

export function serviceProviderConfig(features: Features, baseUrl: string): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: features.patch },
    bulk: {
      supported: features.bulk !== undefined,
      // Some clients (authentik) split their PATCHes by this number, bulk or not, and send nothing at all by a 0.
      maxOperations: features.bulk?.maxOperations ?? patchLimits.operations,
      maxPayloadSize: features.bulk?.maxPayloadSize ?? 0,
    },
    filter: { supported: features.filter !== undefined, maxResults: features.filter?.maxResults ?? 0 },
    changePassword: { supported: false },
    sort: { supported: features.sort },
    etag: { supported: features.etag },
    ...(features.pagination ? { pagination: { ...features.pagination } } : {}),
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token made in the settings of the workspace, sent as "Authorization: Bearer <token>".',
        specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

export function resourceTypeDocument(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: type.name,
    name: type.name,
    endpoint: `/${type.endpoint}`,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${type.name}` },
  };
}

export function schemaDocument(schema: Schema, baseUrl: string): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.map(attributeDocument),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  };
}

function attributeDocument(attribute: Attribute): JsonObject {
  const text = attribute.type === 'string' || attribute.type === 'reference' || attribute.type === 'binary';
  return {
    name: attribute.name,
    type: attribute.type,
    multiValued: attribute.multiValued,
    description: attribute.description,
    required: attribute.required,
    ...(attribute.canonicalValues ? { canonicalValues: [...attribute.canonicalValues] } : {}),
    ...(text ? { caseExact: attribute.caseExact } : {}),
    mutability: attribute.mutability,
    returned: attribute.returned,
    uniqueness: attribute.uniqueness,
    ...(attribute.referenceTypes ? { referenceTypes: [...attribute.referenceTypes] } : {}),
    ...(attribute.subAttributes ? { subAttributes: attribute.subAttributes.map(attributeDocument) } : {}),
  };
}

/** What a page says of itself besides its resources. */
export interface PageFacts {
  /** Absent where counting is dear and the client pages by cursor (RFC 9865 section 2). */
  readonly total?: number;
  readonly startIndex?: number;
  readonly nextCursor?: string;
}

export function listResponse(resources: readonly JsonObject[], page: PageFacts): JsonObject {
  const { total, startIndex, nextCursor } = page;
  return {
    schemas: [listUrn],
    ...(total === undefined ? {} : { totalResults: total }),
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: resources.length,
    ...(nextCursor === undefined ? {} : { nextCursor }),
    Resources: [...resources],
  };
}

export function allDocuments(types: ResourceTypes, kind: 'ResourceTypes' | 'Schemas', baseUrl: string): JsonObject[] {
  return kind === 'Schemas'
    ? types.schemas.map((schema) => schemaDocument(schema, baseUrl))
    : types.all.map((type) => resourceTypeDocument(type, baseUrl));
}
