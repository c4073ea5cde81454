// The body of a PATCH (RFC 7644 section 3.5.2) into operations, with the limits checked before anything is applied. Pure.
import { ScimError } from '../errors.ts';
import { isObject, type Json } from '../json.ts';

export const patchLimits = { operations: 1000, values: 20_000 } as const;
export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: Json;
}

export function parsePatch(body: Json): PatchOperation[] {
  const operations = isObject(body) ? body['Operations'] : undefined;
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimError('invalidSyntax', 'A PATCH needs "Operations", an array with at least one operation.');
  }
  if (operations.length > patchLimits.operations) {
    throw new ScimError(
      'tooMany',
      `A PATCH may have at most ${patchLimits.operations} operations; this one has ${operations.length}.`,
    );
  }
  const parsed = operations.map(parseOperation);
  const values = parsed.reduce((sum, operation) => sum + countValues(operation.value), 0);
  if (values > patchLimits.values) {
    throw new ScimError('tooMany', `A PATCH may carry at most ${patchLimits.values} values; this one has ${values}.`);
  }
  return parsed;
}

function parseOperation(given: Json, index: number): PatchOperation {
  const at = `Operations[${index}]`;
  if (!isObject(given)) throw new ScimError('invalidSyntax', `${at} must be an object.`, at);
  const { op, path, value } = given;
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new ScimError(
      'invalidSyntax',
      `${at} has the op ${JSON.stringify(op ?? null)?.slice(0, 60)}; it must be add, replace or remove.`,
      at,
    );
  }
  if (path !== undefined && path !== null && (typeof path !== 'string' || path.trim() === '')) {
    throw new ScimError('invalidPath', `The path of ${at} must be a string that is not empty.`, at);
  }
  if (op !== 'remove' && value === undefined) throw new ScimError('invalidValue', `${at} needs a value.`, at);
  return {
    op,
    ...(typeof path === 'string' ? { path: path.trim() } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

function countValues(value: Json | undefined): number {
  if (Array.isArray(value)) return value.length;
  if (!isObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : 1), 0);
}
