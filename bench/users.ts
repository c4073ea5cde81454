// The people of the benchmarks. Pure.

const coreUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

export function emailOf(n: number): string {
  return `user${n}@bench.example`;
}

export function user(n: number): Record<string, unknown> {
  return {
    schemas: [coreUrn, enterpriseUrn],
    userName: emailOf(n),
    externalId: `external-${n}`,
    name: { givenName: 'User', familyName: String(n), formatted: `User ${n}` },
    displayName: `User ${n}`,
    title: 'Engineer',
    emails: [{ value: emailOf(n), type: 'work', primary: true }],
    active: true,
    [enterpriseUrn]: { department: 'Engineering' },
  };
}

/** A bulk request of `count` people from `from` on; their bulkIds are their numbers. */
export function bulkUsers(from: number, count: number): string {
  const operations = Array.from({ length: count }, (_, at) => ({
    ...{ method: 'POST', path: '/Users', bulkId: String(from + at), data: user(from + at) },
  }));
  return JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: operations });
}
