// What holds for any answer to any bulk request (RFC 7644 section 3.7), whatever store is behind it.
import { expect } from 'vitest';
import { errorUrn } from '../../src/scim/errors.ts';
import type { JsonObject } from '../../src/scim/json.ts';
import type { Answer } from './memory-site.ts';

const responseUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

export interface OperationAnswer {
  method: string;
  bulkId?: string;
  location?: string;
  status: string;
  response?: JsonObject;
}

export const hasFailed = ({ status }: OperationAnswer) => Number(status) >= 300;

/** RFC 7644 section 3.12; `detail` is a whole sentence. */
export function expectRefusal(status: number, body: unknown): void {
  expect(status).toBeGreaterThanOrEqual(400);
  // /Me, inside of a bulk request too.
  expect(status).toBeLessThan(status === 501 ? 502 : 500);
  expect(body).toMatchObject({
    schemas: [errorUrn],
    status: String(status),
    detail: expect.stringMatching(/^["A-Z].{15,}[.]$/s),
  });
}

/** What holds for any answer to any bulk request. */
export function expectSound(asked: readonly JsonObject[], most: number, answer: Answer): OperationAnswer[] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(Object.keys(answer.body)).toEqual(['schemas', 'Operations']);
  expect(answer.body.schemas).toEqual([responseUrn]);
  const answers = answer.body.Operations as OperationAnswer[];
  const names = asked.map(({ bulkId }) => bulkId).filter((each) => each !== undefined && each !== null);
  expect(new Set(names).size).toBe(names.length);
  const errors = answers.filter(hasFailed).length;
  expect(errors).toBeLessThanOrEqual(most);
  if (answers.length < asked.length) expect([errors, hasFailed(answers.at(-1)!)]).toEqual([most, true]);
  else expect(answers).toHaveLength(asked.length);
  for (const [index, each] of answers.entries()) {
    const { method, bulkId } = asked[index]!;
    expect([each.method, each.bulkId]).toEqual([String(method).toUpperCase(), bulkId ?? undefined]);
    if (hasFailed(each)) expectRefusal(Number(each.status), each.response);
    else expect(each).toMatchObject({ location: expect.stringMatching(/^http.*\/(Users|Groups)\//) });
    // RFC 7644 section 3.7: "location ... REQUIRED in a response, except in the event of a POST failure."
    if (each.method !== 'POST') expect(each.location).toBeDefined();
  }
  const done = new Set(answers.filter((each) => !hasFailed(each)).map(({ bulkId }) => bulkId));
  for (const { response } of answers) {
    const [, name] =
      /^The operation "bulkId:(.*)" that this one refers to was not done/s.exec(String(response?.['detail'])) ?? [];
    if (name !== undefined) expect(done).not.toContain(name);
  }
  return answers;
}

/** Nothing stored names an operation. */
export function expectResolved(resources: readonly JsonObject[]): void {
  expect(JSON.stringify(resources)).not.toContain('bulkId:');
}
