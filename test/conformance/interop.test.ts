// draft-zollner-scim-interop-profile, the server's half, requirement by requirement: each test is named by its section.
// On a connection that an administrator pinned to the profile; docs/conformance.md has the table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { createWorld, type Workspace, type World } from '../http/scim/world.ts';

let database: TestDatabase;
let world: World;
let acme: Workspace;

function pinned(slug: string): Workspace {
  const workspace = world.workspace(slug);
  workspace.owner = { ...workspace.owner, client: 'interop', pinned: true };
  return workspace;
}

beforeAll(async () => {
  database = await createTestDatabase();
  world = createWorld(database.open('rollcall_workspace'));
  acme = pinned('acme');
});
afterAll(async () => {
  expect(world.errors).toEqual([]);
  await database.drop();
});

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let count = 0;
const fresh = () => {
  count += 1;
  return pinned(`w${count}`);
};
const found = async (workspace: Workspace, filter: string, endpoint = 'Users') => {
  const { status, body } = await workspace.send('GET', `/${endpoint}?filter=${encodeURIComponent(filter)}`);
  return status === 200 ? body.Resources.map((each: { id: string }) => each.id) : body.scimType;
};
const patch = (workspace: Workspace, id: string, ...operations: object[]) =>
  workspace.send('PATCH', `/Users/${id}`, { Operations: operations });
const make = async (workspace: Workspace, body: object): Promise<string> => {
  const made = await workspace.send('POST', '/Users', body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
};
const refused = (answer: { status: number; body: { scimType?: string } }) => [answer.status, answer.body?.scimType];

describe('4 Scope and Conformance', () => {
  test('4: the configuration says that the profile is kept where it is, and nothing elsewhere', async () => {
    expect((await acme.send('GET', '/ServiceProviderConfig')).body.interopProfileConformant).toBe(true);
    const other = world.workspace('unpinned');
    expect((await other.send('GET', '/ServiceProviderConfig')).body).not.toHaveProperty('interopProfileConformant');
    expect((await other.send('POST', '/Users', { userName: 'a', favourite: 'tea' })).status).toBe(201);
  });
});

interface Described {
  name: string;
  type: string;
  multiValued: boolean;
  mutability: string;
  returned: string;
  canonicalValues?: string[];
  subAttributes?: Described[];
}

/** A value of an attribute as its document describes it. */
function exampleOf({ type, canonicalValues, multiValued, subAttributes }: Described): unknown {
  const one = () => {
    if (canonicalValues?.[0] !== undefined) return canonicalValues[0];
    if (type === 'complex') {
      const parts = (subAttributes ?? []).filter(({ mutability }) => mutability !== 'readOnly');
      return Object.fromEntries(parts.map((part) => [part.name, exampleOf(part)]));
    }
    const simple: Record<string, unknown> = {
      ...{ boolean: true, dateTime: '2026-11-28T09:00:00Z', reference: 'https://acme.example/x', binary: 'AQID' },
      ...{ integer: 7, decimal: 1.5 },
    };
    return simple[type] ?? 'something';
  };
  return multiValued ? [one()] : one();
}

const documents = async (kind: 'Schemas' | 'ResourceTypes') => (await acme.send('GET', `/${kind}`)).body.Resources;
const schemaOf = async (name: string): Promise<{ id: string; attributes: Described[] }> =>
  (await documents('Schemas')).find((each: { name: string }) => each.name === name);

describe('5.1 Discovery Endpoints', () => {
  test.each(['/ServiceProviderConfig', '/Schemas', '/ResourceTypes'])('5.1: %s is there', async (path) => {
    expect((await acme.send('GET', path)).status).toBe(200);
  });

  test('5.1: every attribute that a schema declares is taken, kept and given back', async () => {
    const [user, employee, own] = [
      await schemaOf('User'),
      await schemaOf('EnterpriseUser'),
      await schemaOf('WorkspaceUser'),
    ];
    const written = ({ attributes }: { attributes: Described[] }) =>
      Object.fromEntries(
        attributes
          .filter(({ mutability, name }) => mutability === 'readWrite' && name !== 'manager')
          .map((attribute) => [attribute.name, exampleOf(attribute)]),
      );
    const body = { ...written(user), [employee.id]: written(employee), [own.id]: written(own) };
    expect(Object.keys(body).length).toBeGreaterThan(18);
    const id = await make(acme, body);
    expect((await acme.send('GET', `/Users/${id}`)).body).toMatchObject(body);
  });

  test('5.1: the one attribute that is taken and not kept says so: password, writeOnly and never returned', async () => {
    const { attributes } = await schemaOf('User');
    const unseen = attributes.filter(({ returned, mutability }) => returned === 'never' || mutability === 'writeOnly');
    expect(unseen).toMatchObject([{ name: 'password', mutability: 'writeOnly', returned: 'never' }]);
  });

  test('5.1: every schema that a resource type names is at /Schemas', async () => {
    const known = (await documents('Schemas')).map((each: { id: string }) => each.id);
    for (const type of await documents('ResourceTypes')) {
      const named = [type.schema, ...type.schemaExtensions.map((each: { schema: string }) => each.schema)];
      for (const id of named) {
        expect(known).toContain(id);
        expect((await acme.send('GET', `/Schemas/${id}`)).body.id).toBe(id);
      }
    }
  });

  test('5.1: the id of a resource type is its name', async () => {
    const types = await documents('ResourceTypes');
    expect(types.map((each: { id: string }) => each.id)).toEqual(['User', 'Group']);
    for (const { id, name } of types) expect(id).toBe(name);
  });
});

describe('5.2 Case Sensitivity', () => {
  test('5.2: id is exact, in the address and in a filter', async () => {
    const workspace = fresh();
    const id = await make(workspace, { userName: 'ada' });
    expect(id).toMatch(/[a-f]/);
    expect(await found(workspace, `id eq "${id}"`)).toEqual([id]);
    expect(await found(workspace, `id eq "${id.toUpperCase()}"`)).toEqual([]);
    expect((await workspace.send('GET', `/Users/${id.toUpperCase()}`)).status).toBe(404);
  });

  test('5.2: externalId is exact in a filter and for uniqueness alike', async () => {
    const workspace = fresh();
    const lower = await make(workspace, { userName: 'ada', externalId: 'abc-123' });
    const upper = await make(workspace, { userName: 'ben', externalId: 'ABC-123' });
    expect(await found(workspace, 'externalId eq "abc-123"')).toEqual([lower]);
    expect(await found(workspace, 'externalId eq "ABC-123"')).toEqual([upper]);
    expect(await found(workspace, 'externalId eq "Abc-123"')).toEqual([]);
    expect(await found(workspace, 'userName eq "ben" and externalId eq "abc-123"')).toEqual([]);
    expect(await found(workspace, 'not (externalId eq "abc-123")')).toEqual([upper]);
    expect(await found(workspace, 'externalId sw "ABC"')).toEqual([upper]);
    const third = await workspace.send('POST', '/Users', { userName: 'cleo', externalId: 'ABC-123' });
    expect(refused(third)).toEqual([409, 'uniqueness']);
    const renamed = await patch(workspace, lower, { op: 'replace', path: 'externalId', value: 'ABC-123' });
    expect(refused(renamed)).toEqual([409, 'uniqueness']);
  });

  test('5.2: userName is not, in a filter and for uniqueness alike, by POST and by PATCH', async () => {
    const workspace = fresh();
    const ada = await make(workspace, { userName: 'JSmith' });
    const ben = await make(workspace, { userName: 'ben' });
    for (const name of ['jsmith', 'JSMITH', 'JSmith'])
      expect(await found(workspace, `userName eq "${name}"`)).toEqual([ada]);
    expect(refused(await workspace.send('POST', '/Users', { userName: 'jsmith' }))).toEqual([409, 'uniqueness']);
    const renamed = await patch(workspace, ben, { op: 'replace', path: 'userName', value: 'JSMITH' });
    expect(refused(renamed)).toEqual([409, 'uniqueness']);
  });

  test('5.2: and what is unique besides, a team’s name, follows one rule in both', async () => {
    const workspace = fresh();
    const { body } = await workspace.send('POST', '/Groups', { displayName: 'Field' });
    expect(await found(workspace, 'displayName eq "FIELD"', 'Groups')).toEqual([body.id]);
    expect(refused(await workspace.send('POST', '/Groups', { displayName: 'FIELD' }))).toEqual([409, 'uniqueness']);
  });
});

describe('5.3 Attribute and Schema Handling', () => {
  const unknown = 'urn:example:schemas:none:1.0:User';
  const bodies: [string, object][] = [
    ['an attribute', { favourite: 'tea' }],
    ['a sub-attribute', { name: { pet: 'x' } }],
    ['a sub-attribute of one of many values', { emails: [{ value: 'a@b' }, { value: 'c@d', shade: 'x' }] }],
    ['an attribute of an extension', { [enterprise]: { shoeSize: 1 } }],
    ['a sub-attribute of an extension', { [enterprise]: { manager: { value: 'x', hat: 'y' } } }],
    ['a schema in schemas', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', unknown] }],
    ['an extension', { [unknown]: { a: 1 } }],
  ];
  test.each(bodies)('5.3: POST and PUT with %s nobody defined are invalidSyntax', async (_, extra) => {
    const workspace = fresh();
    const body = { userName: 'ada', ...extra };
    expect(refused(await workspace.send('POST', '/Users', body))).toEqual([400, 'invalidSyntax']);
    expect((await workspace.send('GET', '/Users')).body.totalResults).toBe(0);
    const id = await make(workspace, { userName: 'ada' });
    expect(refused(await workspace.send('PUT', `/Users/${id}`, body))).toEqual([400, 'invalidSyntax']);
  });

  test.each<[string, object]>([
    ['a path', { op: 'replace', path: 'favourite', value: 'tea' }],
    ['a path into a value', { op: 'add', path: 'name.pet', value: 'x' }],
    ['a path into an extension', { op: 'add', path: `${enterprise}:shoeSize`, value: 1 }],
    ['a path of another schema', { op: 'add', path: `${unknown}:a`, value: 1 }],
    ['a path behind a filter', { op: 'replace', path: 'emails[type eq "work"].shade', value: 'x' }],
    ['a value', { op: 'replace', path: 'name', value: { pet: 'x' } }],
    ['one of many values', { op: 'add', path: 'emails', value: [{ value: 'a@b', shade: 'x' }] }],
    ['the value of an extension', { op: 'add', path: enterprise, value: { shoeSize: 1 } }],
    ['a removal', { op: 'remove', path: 'favourite' }],
  ])('5.3: PATCH with %s nobody defined is invalidSyntax and changes nothing', async (_, operation) => {
    const workspace = fresh();
    const id = await make(workspace, { userName: 'ada', emails: [{ value: 'a@b', type: 'work' }] });
    const answer = await patch(workspace, id, { op: 'add', path: 'title', value: 'Dr' }, operation);
    expect(refused(answer)).toEqual([400, 'invalidSyntax']);
    expect((await workspace.send('GET', `/Users/${id}`)).body).not.toHaveProperty('title');
  });

  test('5.3: in a bulk request too', async () => {
    const workspace = fresh();
    const { body } = await workspace.send('POST', '/Bulk', {
      Operations: [
        { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'ada', favourite: 'tea' } },
        { method: 'POST', path: '/Users', bulkId: 'b', data: { userName: 'ben' } },
      ],
    });
    expect(body.Operations.map((each: { status: string }) => each.status)).toEqual(['400', '201']);
    expect(body.Operations[0].response.scimType).toBe('invalidSyntax');
  });
});

describe('5.4 Canonical Values', () => {
  test('5.4: the type of every multi-valued attribute declares its values; three lists are empty, where RFC 7643 section 4.1.2 names no values', async () => {
    const all = (await documents('Schemas')).flatMap((schema: { attributes: Described[] }) => schema.attributes);
    const typed = all.flatMap(({ name, multiValued, subAttributes = [] }: Described) =>
      multiValued ? subAttributes.filter((sub) => sub.name === 'type').map((sub) => [name, sub.canonicalValues]) : [],
    );
    expect(typed.length).toBeGreaterThan(9);
    for (const [name, values] of typed) expect(values, name).toBeInstanceOf(Array);
    const empty = typed.filter(([, values]: [string, string[]]) => values.length === 0).map(([name]: [string]) => name);
    expect(empty).toEqual(['entitlements', 'roles', 'x509Certificates']);
  });
});

describe('6.1 Endpoint Structure', () => {
  test('6.1: each type has an endpoint of its own, and answers there only', async () => {
    const workspace = fresh();
    const types = await documents('ResourceTypes');
    expect(new Set(types.map((each: { endpoint: string }) => each.endpoint)).size).toBe(types.length);
    const ada = await make(workspace, { userName: 'ada' });
    const team = (await workspace.send('POST', '/Groups', { displayName: 'Field' })).body.id;
    expect((await workspace.send('GET', `/Groups/${ada}`)).status).toBe(404);
    expect((await workspace.send('GET', `/Users/${team}`)).status).toBe(404);
    expect((await workspace.send('GET', '/Users')).body.Resources.map((each: { id: string }) => each.id)).toEqual([
      ada,
    ]);
  });

  test('6.1: by its id a resource is reached, and by nothing else', async () => {
    const workspace = fresh();
    const made = await workspace.send('POST', '/Users', { userName: 'ada', externalId: 'x-1' });
    expect(made.headers.get('location')).toMatch(new RegExp(`/Users/${made.body.id}$`));
    for (const other of ['ada', 'x-1']) expect((await workspace.send('GET', `/Users/${other}`)).status).toBe(404);
  });
});

describe('6.2 Data Format and HTTP Headers', () => {
  test('6.2: every answer with a body is application/scim+json, refusals included', async () => {
    const workspace = fresh();
    const ada = await make(workspace, { userName: 'ada' });
    const answers = [
      await workspace.send('GET', '/Users'),
      await workspace.send('GET', '/Users', undefined, { accept: 'application/json' }),
      await workspace.send('GET', '/Users/nobody', undefined, { accept: 'application/json' }),
      await workspace.send('GET', '/Users', undefined, { accept: '*/*' }),
      await workspace.send('GET', '/Users', undefined, { accept: 'application/scim+json, application/json;q=0.9' }),
      await workspace.send('GET', `/Users/${ada}`),
      await workspace.send('GET', '/Schemas'),
      await workspace.send('GET', '/ServiceProviderConfig'),
      await workspace.send('POST', '/Users', { userName: 'ben' }),
      await workspace.send('POST', '/Users', { userName: 'ben' }),
      await patch(workspace, ada, { op: 'replace', path: 'title', value: 'Dr' }),
      await workspace.send('PUT', `/Users/${ada}`, { userName: 'ada' }),
      await workspace.send('POST', '/Users', '{'),
      await workspace.send('GET', '/Users/nobody'),
      await workspace.send('GET', '/nothing'),
      await workspace.send('DELETE', '/Users'),
      await workspace.send('GET', '/Users', undefined, { authorization: 'Bearer nobody' }),
      await workspace.send('POST', '/Bulk', {
        Operations: [{ method: 'POST', path: '/Users', bulkId: 'c', data: { userName: 'cleo' } }],
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([
      ...[200, 200, 404, 200, 200, 200, 200, 200, 201, 409, 200, 200, 400, 404, 404, 405, 401, 200],
    ]);
    for (const { headers } of answers) expect(headers.get('content-type')).toMatch(/^application\/scim\+json\b/);
    workspace.owner = { ...workspace.owner, paused: 'Dana' };
    const paused = await workspace.send('GET', '/Users', undefined, { accept: 'application/json' });
    expect([paused.status, paused.headers.get('content-type')]).toEqual([503, 'application/scim+json']);
  });

  test('6.2: a request in application/scim+json is read; a body of another kind is not', async () => {
    const workspace = fresh();
    expect((await workspace.send('POST', '/Users', { userName: 'ada' })).status).toBe(201);
    const other = await workspace.send('POST', '/Users', { userName: 'ben' }, { 'content-type': 'text/plain' });
    expect(other.status).toBe(415);
  });
});

describe('6.3 Filtering', () => {
  test('6.3: eq and and', async () => {
    const workspace = fresh();
    const ada = await make(workspace, { userName: 'ada', title: 'Dr', active: true });
    await make(workspace, { userName: 'ben', title: 'Dr', active: false });
    expect(await found(workspace, 'userName eq "ada"')).toEqual([ada]);
    expect(await found(workspace, 'title eq "Dr" and active eq true')).toEqual([ada]);
    expect(await found(workspace, 'title eq "Dr" and userName eq "cleo"')).toEqual([]);
  });

  test.each([
    ['Users', 'favourite eq "tea"'],
    ['Users', 'name.pet eq "x"'],
    ['Users', 'userName eq "ada" and favourite eq "tea"'],
    ['Users', `${enterprise}:shoeSize eq 1`],
    ['Users', 'members.value eq "x"'],
    ['Groups', 'userName eq "ada"'],
  ])('6.3: at /%s an attribute of none of its schemas is invalidFilter: %s', async (endpoint, filter) => {
    expect(await found(acme, filter, endpoint)).toBe('invalidFilter');
  });

  test('6.3: a filter in the address changes nobody', async () => {
    const workspace = fresh();
    await make(workspace, { userName: 'ada' });
    const body = { Operations: [{ op: 'replace', path: 'title', value: 'Dr' }] };
    expect((await workspace.send('PATCH', '/Users?filter=userName%20eq%20%22ada%22', body)).status).toBe(405);
    expect(await found(workspace, 'title eq "Dr"')).toEqual([]);
  });
});

describe('6.4 Pagination', () => {
  test('6.4: at least 100 without a count, 100 and more when asked for, and never more than the maximum that is said', async () => {
    const workspace = fresh();
    const { maxPageSize } = (await workspace.send('GET', '/ServiceProviderConfig')).body.pagination;
    const people = Array.from({ length: maxPageSize + 1 }, (_, n) => ({
      ...{ method: 'POST', path: '/Users', bulkId: `n${n}`, data: { userName: `p${n}` } },
    }));
    for (const operations of [people.slice(0, 600), people.slice(600)])
      expect((await workspace.send('POST', '/Bulk', { Operations: operations })).status).toBe(200);
    const page = async (query: string) => {
      const { body } = await workspace.send('GET', `/Users?attributes=id${query}`);
      return [body.Resources.length, body.itemsPerPage, body.totalResults];
    };
    const total = maxPageSize + 1;
    expect((await page(''))[0]).toBeGreaterThanOrEqual(100);
    expect(await page('&count=100')).toEqual([100, 100, total]);
    expect(await page('&count=250')).toEqual([250, 250, total]);
    expect(await page('&count=7')).toEqual([7, 7, total]);
    expect(await page(`&count=${total}`)).toEqual([maxPageSize, maxPageSize, total]);
    expect(await page(`&count=100&startIndex=${total}`)).toEqual([1, 1, total]);
    // IPSIE 6.1.5: no more than 1,000 on a page.
    expect(maxPageSize).toBeLessThanOrEqual(1_000);
  });
});

const emails = [
  { value: 'w@acme.example', type: 'work', primary: true },
  { value: 'h@acme.example', type: 'home' },
];
const name = { givenName: 'Ada', familyName: 'Byron', middleName: 'K' };

describe('6.5 Updating Resources', () => {
  let ada: string;
  let workspace: Workspace;
  beforeAll(() => {
    workspace = fresh();
  });
  const renew = async () => {
    count += 1;
    ada = await make(workspace, { userName: `a${count}`, name, emails });
  };
  const after = async (...operations: object[]) => {
    await renew();
    const answer = await patch(workspace, ada, ...operations);
    return answer.status === 200 ? answer.body : refused(answer);
  };

  test('6.5: PATCH is offered, and said to be', async () => {
    expect((await workspace.send('GET', '/ServiceProviderConfig')).body.patch).toEqual({ supported: true });
    expect(await after({ op: 'replace', path: 'title', value: 'Dr' })).toMatchObject({ title: 'Dr' });
  });

  test.each<[string, object[]]>([
    ['replace', [{ op: 'replace', value: { title: 'Dr' } }]],
    ['add', [{ op: 'add', value: { title: 'Dr' } }]],
    ['remove', [{ op: 'remove' }]],
    [
      'the second of two',
      [
        { op: 'add', path: 'title', value: 'Dr' },
        { op: 'add', value: { nickName: 'A' } },
      ],
    ],
  ])('6.5.1.1: an operation without a path is invalidSyntax: %s', async (_, operations) => {
    expect(await after(...operations)).toEqual([400, 'invalidSyntax']);
    expect((await workspace.send('GET', `/Users/${ada}`)).body).not.toHaveProperty('title');
  });

  test('6.5.1.2: several attributes in one request, an operation each', async () => {
    const changed = await after(
      { op: 'replace', path: 'title', value: 'Dr' },
      { op: 'add', path: 'nickName', value: 'A' },
      { op: 'replace', path: 'name.givenName', value: 'Augusta' },
      { op: 'replace', path: `${enterprise}:department`, value: 'Engines' },
    );
    expect(changed).toMatchObject({
      ...{ title: 'Dr', nickName: 'A', name: { givenName: 'Augusta' }, [enterprise]: { department: 'Engines' } },
    });
  });

  test.each(['title', 'userName', 'active', `${enterprise}:department`])(
    '6.5.2.1: add and replace of %s are one',
    async (path) => {
      const results = [];
      for (const op of ['add', 'replace']) {
        count += 1;
        const value = path === 'active' ? false : path === 'userName' ? `u${count}` : 'x';
        const { id: _, meta: __, userName, ...rest } = await after({ op, path, value });
        if (path === 'userName') expect(userName).toBe(value);
        results.push(rest);
      }
      expect(results[0]).toEqual(results[1]);
    },
  );

  test('6.5.2.1: a sub-attribute is set by its own path', async () => {
    const changed = await after({ op: 'replace', path: 'name.givenName', value: 'Augusta' });
    expect(changed.name).toEqual({ ...name, givenName: 'Augusta' });
  });

  test('6.5.2.1: replace of a complex attribute replaces it whole', async () => {
    const changed = await after({ op: 'replace', path: 'name', value: { givenName: 'Augusta' } });
    expect(changed.name).toEqual({ givenName: 'Augusta' });
  });

  test('6.5.2.1: add of a complex attribute merges', async () => {
    const changed = await after({ op: 'add', path: 'name', value: { givenName: 'Augusta' } });
    expect(changed.name).toEqual({ ...name, givenName: 'Augusta' });
  });

  test('6.5.2.2: replace of a multi-valued attribute replaces all values', async () => {
    const value = [{ value: 'o@acme.example', type: 'other' }];
    expect((await after({ op: 'replace', path: 'emails', value })).emails).toEqual(value);
  });

  test('6.5.2.2: add to a multi-valued attribute appends an array', async () => {
    const value = [
      { value: 'o@acme.example', type: 'other' },
      { value: 'p@acme.example', type: 'other' },
    ];
    expect((await after({ op: 'add', path: 'emails', value })).emails).toEqual([...emails, ...value]);
  });

  test('6.5.2.2: a sub-attribute of one value behind a filter', async () => {
    const changed = await after({ op: 'replace', path: 'emails[type eq "home"].value', value: 'n@acme.example' });
    expect(changed.emails).toEqual([emails[0], { value: 'n@acme.example', type: 'home' }]);
  });

  test.each(['add', 'replace', 'remove'])(
    '6.5.2.2, 6.5.3: %s of a whole value behind a filter is invalidPath',
    async (op) => {
      const operation = { op, path: 'emails[type eq "work"]', ...(op === 'remove' ? {} : { value: { value: 'x@y' } }) };
      expect(await after(operation)).toEqual([400, 'invalidPath']);
    },
  );

  test('6.5.3: a filter that more than one value matches is invalidFilter', async () => {
    const path = 'emails[value pr].value';
    expect(await after({ op: 'replace', path, value: 'x@acme.example' })).toEqual([400, 'invalidFilter']);
  });

  test.each(['move', 'Replace', 'test', '', 7])('6.5.3: the operation %j is invalidSyntax', async (op) => {
    expect(await after({ op, path: 'title', value: 'Dr' })).toEqual([400, 'invalidSyntax']);
  });
});

describe('6.6 Resource Lifecycle', () => {
  test('6.6: no PATCH deletes', async () => {
    const workspace = fresh();
    const id = await make(workspace, { userName: 'ada', emails, title: 'Dr' });
    await patch(workspace, id, { op: 'replace', path: 'active', value: false });
    for (const path of ['emails', 'title', 'active']) await patch(workspace, id, { op: 'remove', path });
    expect((await workspace.send('GET', `/Users/${id}`)).status).toBe(200);
    expect(await found(workspace, 'userName eq "ada"')).toEqual([id]);
  });

  test('6.6: DELETE deletes: 404 to every method, in no list, and the names free again', async () => {
    const workspace = fresh();
    const body = { userName: 'ada', externalId: 'x-1', emails };
    const id = await make(workspace, body);
    expect((await workspace.send('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await workspace.send('GET', `/Users/${id}`)).status).toBe(404);
    expect((await workspace.send('PUT', `/Users/${id}`, { userName: 'ada' })).status).toBe(404);
    expect((await patch(workspace, id, { op: 'replace', path: 'active', value: true })).status).toBe(404);
    expect((await workspace.send('DELETE', `/Users/${id}`)).status).toBe(404);
    for (const filter of ['userName eq "ada"', 'externalId eq "x-1"', 'active eq false', `id eq "${id}"`])
      expect(await found(workspace, filter)).toEqual([]);
    expect((await workspace.send('GET', '/Users')).body.totalResults).toBe(0);
    const again = await make(workspace, body);
    expect(again).not.toBe(id);
    expect((await workspace.send('GET', `/Users/${id}`)).status).toBe(404);
  });
});

describe('6.9 Error Handling', () => {
  test.each([
    ['Users', 'userName'],
    ['Groups', 'displayName'],
  ])(
    '6.9.1: at /%s a taken %s is 409 uniqueness, for POST and PATCH, and changes nothing',
    async (endpoint, attribute) => {
      const workspace = fresh();
      await workspace.send('POST', `/${endpoint}`, { [attribute]: 'first' });
      const { id } = (await workspace.send('POST', `/${endpoint}`, { [attribute]: 'second' })).body;
      const twice = await workspace.send('POST', `/${endpoint}`, { [attribute]: 'first' });
      expect(refused(twice)).toEqual([409, 'uniqueness']);
      const renamed = await workspace.send('PATCH', `/${endpoint}/${id}`, {
        Operations: [{ op: 'replace', path: attribute, value: 'first' }],
      });
      expect(refused(renamed)).toEqual([409, 'uniqueness']);
      expect((await workspace.send('GET', `/${endpoint}/${id}`)).body[attribute]).toBe('second');
    },
  );
});

describe('7.2 Authentication', () => {
  test('7.2: HTTP Basic is not taken', async () => {
    const authorization = `Basic ${Buffer.from(`x:${acme.token}`).toString('base64')}`;
    const answer = await acme.send('GET', '/Users', undefined, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });
});
