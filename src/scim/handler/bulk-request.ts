// A bulk request as it came (RFC 7644 section 3.7): its operations, and which of them name which other by "bulkId:".
// Pure.
// A bulkId stands for an id that is known before anything is written, so it is replaced everywhere at once: in paths, in
// values, in $ref, in the filters of PATCH paths. Forward and circular references need nothing more. "bulkId:" is never
// left standing: what follows it is a name of this request, or the operation is refused.
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
  /** bulkIds with signs in them that end any other, the longest first. */
  readonly oddNames: readonly string[];
}

const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
const mark = 'bulkId:';
const nameEnd = /[\s"/\]]|$/;
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
  const names = read.flatMap((each) => each.bulkId ?? []);
  if (new Set(names).size < names.length) throw new ScimError('invalidSyntax', 'Two operations have the same bulkId.');
  const oddNames = names
    .filter((name) => name.search(nameEnd) < name.length)
    .sort((left, right) => right.length - left.length);
  return {
    failOnErrors: readFailOnErrors(body['failOnErrors']),
    operations: read.map((each) => ({ ...each, refersTo: namesIn([each.path, each.data ?? null], oddNames) })),
    oddNames,
  };
}

function readFailOnErrors(value: Json | undefined): number {
  if (value === undefined || value === null) return mostErrors;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new ScimError('invalidValue', '"failOnErrors" must be an integer of at least 1.', 'failOnErrors');
}

function readOperation(given: Json, index: number): Omit<BulkOperation, 'refersTo'> {
  const at = `Operations[${index}]`;
  if (!isObject(given)) throw new ScimError('invalidSyntax', `${at} must be an object.`, at);
  const { method, path, data } = given;
  if (typeof method !== 'string' || !methods.includes(method.toUpperCase())) {
    throw new ScimError('invalidSyntax', `${at} needs a method: ${methods.join(', ')}.`, at);
  }
  if (typeof path !== 'string' || path === '') throw new ScimError('invalidSyntax', `${at} needs a path.`, at);
  const bulkId = textOf(given['bulkId'], `${at}.bulkId`);
  const version = textOf(given['version'], `${at}.version`);
  if (bulkId === '') throw new ScimError('invalidSyntax', `${at}.bulkId must not be empty.`, at);
  // RFC 7644 section 3.7: "bulkId ... REQUIRED when "method" is "POST"."
  if (method.toUpperCase() === 'POST' && bulkId === undefined) {
    throw new ScimError('invalidSyntax', `${at} is a POST and needs a bulkId.`, at);
  }
  return {
    index,
    method: method.toUpperCase(),
    path,
    ...(bulkId === undefined ? {} : { bulkId }),
    ...(version === undefined ? {} : { version }),
    ...(data === undefined || data === null ? {} : { data }),
  };
}

function textOf(value: Json | undefined, at: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new ScimError('invalidSyntax', `${at} must be a string.`, at);
}

function namesIn(value: Json, oddNames: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  rewrite(value, oddNames, (name) => {
    names.add(name);
    return undefined;
  });
  return names;
}

/** Writes ids in place of bulkIds; a name nobody defined stays as it is. */
export function withIds<T extends Json>(
  value: T,
  ids: ReadonlyMap<string, string>,
  { oddNames }: Pick<BulkRequest, 'oddNames'>,
): T {
  return rewrite(value, oddNames, (name) => ids.get(name)) as T;
}

type Write = (name: string) => string | undefined;

function rewrite(value: Json, oddNames: readonly string[], write: Write): Json {
  if (typeof value === 'string') return value.includes(mark) ? rewriteText(value, oddNames, write) : value;
  if (Array.isArray(value)) return value.map((each) => rewrite(each, oddNames, write));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]): [string, Json] => [key, rewrite(each, oddNames, write)]);
  return Object.fromEntries(entries) as JsonObject;
}

function rewriteText(text: string, oddNames: readonly string[], write: Write): string {
  const [before = '', ...rests] = text.split(mark);
  const written = rests.map((rest) => {
    const name = nameAt(rest, oddNames);
    return (write(name) ?? mark + name) + rest.slice(name.length);
  });
  return before + written.join('');
}

function nameAt(rest: string, oddNames: readonly string[]): string {
  const odd = oddNames.find((name) => rest.startsWith(name) && rest.slice(name.length).search(nameEnd) === 0);
  return odd ?? rest.slice(0, rest.search(nameEnd));
}
