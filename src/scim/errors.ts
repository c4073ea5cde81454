// The closed table of SCIM errors (RFC 7644 section 3.12, table 9) and the one exception that carries them. Pure.
// `detail` is read by an administrator at the other end: a whole sentence that says what to do, never a stack,
// a statement or somebody else's message.

export interface ErrorKind {
  readonly status: number;
  readonly scimType?: string;
  readonly section: string;
}

export const errorKinds = {
  invalidFilter: { status: 400, scimType: 'invalidFilter', section: '3.4.2.2' },
  tooMany: { status: 400, scimType: 'tooMany', section: '3.4.2' },
  mutability: { status: 400, scimType: 'mutability', section: '3.5.2' },
  invalidSyntax: { status: 400, scimType: 'invalidSyntax', section: '3.12' },
  invalidPath: { status: 400, scimType: 'invalidPath', section: '3.5.2' },
  noTarget: { status: 400, scimType: 'noTarget', section: '3.5.2' },
  invalidValue: { status: 400, scimType: 'invalidValue', section: '3.12' },
  // RFC 9865 section 4.
  invalidCursor: { status: 400, scimType: 'invalidCursor', section: '9865 4' },
  invalidCount: { status: 400, scimType: 'invalidCount', section: '9865 4' },
  unauthenticated: { status: 401, section: '2' },
  forbidden: { status: 403, section: '3.12' },
  notFound: { status: 404, section: '3.12' },
  methodNotAllowed: { status: 405, section: '3.2' },
  uniqueness: { status: 409, scimType: 'uniqueness', section: '3.3.1' },
  conflict: { status: 409, section: '3.7.1' },
  preconditionFailed: { status: 412, section: '3.14' },
  tooLarge: { status: 413, section: '3.12' },
  unsupportedMediaType: { status: 415, section: '3.1' },
  // RFC 6585 section 4; clients back off on it.
  tooManyRequests: { status: 429, section: '3.12' },
  internal: { status: 500, section: '3.12' },
  notImplemented: { status: 501, section: '3.12' },
  unavailable: { status: 503, section: '3.12' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorName = keyof typeof errorKinds;

export class ScimError extends Error {
  readonly kind: ErrorName;
  /** Where in the request: an attribute path, or the index of a PATCH operation. */
  readonly path: string | undefined;

  constructor(kind: ErrorName, detail: string, path?: string) {
    super(detail);
    this.name = 'ScimError';
    this.kind = kind;
    this.path = path;
  }

  get status(): number {
    return errorKinds[this.kind].status;
  }
}

export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** The body of RFC 7644 section 3.12; `status` is a string there. */
export function errorBody(error: ScimError): Record<string, string | string[]> {
  const kind: ErrorKind = errorKinds[error.kind];
  return {
    schemas: [errorUrn],
    status: String(kind.status),
    ...(kind.scimType ? { scimType: kind.scimType } : {}),
    detail: error.message,
  };
}
