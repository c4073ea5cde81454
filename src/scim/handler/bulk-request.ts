// A bulk request as it came (RFC 7644 section 3.7): its operations, and which of them name which other by "bulkId:".
// Pure.
// A bulkId stands for an id that is known before anything is written, so it is replaced everywhere at once: in paths, in
// values, in $ref, in the filters of PATCH paths. Forward and circular references need nothing more.
import { ScimError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { bulkLimits } from './query.ts';

export interface BulkOperation {
  readonly index: number;
  /** In upper case. */
  readonly method: string;
  readonly path: string;
  readonly bulkId?: string;
  /** As If-Match. */
  readonly version?: string;
  readonly data?: Json;
  /** bulkIds it refers to, in its path or its data. */
  readonly refersTo: ReadonlySet<string>;
}

export interface BulkRequest {
  /** After this many errors nothing more is done. */
  readonly failOnErrors: number;
  readonly operations: readonly BulkOperation[];
}

const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
const reference = /bulkId:([^\s"/\]]+)/g;
const mostErrors = Number.MAX_SAFE_INTEGER;

/** Throws for a request that is refused as a whole: before any of it is looked at. */
export function readBulk(body: Json): BulkRequest {
  if (!isObject(body)) throw new ScimError('invalidSyntax', 'The body of a bulk request must be a JSON object.');
  const { Operations: operations } = body;
  if (!Array.isArray(operations))
    throw new ScimError('invalidSyntax', `A bulk request (${bulkUrn}) needs an array "Operations".`);
  if (operations.length > bulkLimits.maxOperations) {
    throw new ScimError(
      'tooLarge',
      `A bulk request may hold ${bulkLimits.maxOperations} operations, and this one has ${operations.length}. Nothing was done; send it in parts.`,
    );
  }
  const read = operations.map(readOperation);
  const ids = read.flatMap((each) => each.bulkId ?? []);
  if (new Set(ids).size < ids.length) throw new ScimError('invalidSyntax', 'Two operations have the same bulkId.');
  return { failOnErrors: readFailOnErrors(body['failOnErrors']), operations: read };
}

function readFailOnErrors(value: Json | undefined): number {
  if (value === undefined || value === null) return mostErrors;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new ScimError('invalidValue', '"failOnErrors" must be an integer of at least 1.', 'failOnErrors');
}

function readOperation(given: Json, index: number): BulkOperation {
  const at = `Operations[${index}]`;
  if (!isObject(given)) throw new ScimError('invalidSyntax', `${at} must be an object.`, at);
  const { method, path, bulkId, version, data } = given;
  if (typeof method !== 'string' || !methods.includes(method.toUpperCase())) {
    throw new ScimError('invalidSyntax', `${at} needs a method: ${methods.join(', ')}.`, at);
  }
  if (typeof path !== 'string' || path === '') throw new ScimError('invalidSyntax', `${at} needs a path.`, at);
  // RFC 7644 section 3.7: "bulkId ... REQUIRED when "method" is "POST"."
  if (method.toUpperCase() === 'POST' && typeof bulkId !== 'string') {
    throw new ScimError('invalidSyntax', `${at} is a POST and needs a bulkId.`, at);
  }
  return {
    index,
    method: method.toUpperCase(),
    path,
    ...(typeof bulkId === 'string' ? { bulkId } : {}),
    ...(typeof version === 'string' ? { version } : {}),
    ...(data === undefined || data === null ? {} : { data }),
    refersTo: new Set([...namesIn(path), ...(data === undefined ? [] : namesIn(data))]),
  };
}

function namesIn(value: Json): string[] {
  if (typeof value === 'string') return [...value.matchAll(reference)].map((match) => match[1]!);
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isObject(value) ? Object.values(value).flatMap(namesIn) : [];
}

/** Writes ids in place of bulkIds; a name nobody defined stays as it is. */
export function withIds<T extends Json>(value: T, ids: ReadonlyMap<string, string>): T {
  return replaced(value, ids) as T;
}

function replaced(value: Json, ids: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') {
    return value.includes('bulkId:')
      ? value.replace(reference, (whole, name: string) => ids.get(name) ?? whole)
      : value;
  }
  if (Array.isArray(value)) return value.map((each) => replaced(each, ids));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]): [string, Json] => [key, replaced(each, ids)]);
  return Object.fromEntries(entries) as JsonObject;
}
