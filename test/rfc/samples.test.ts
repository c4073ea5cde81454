// The samples of the RFCs, each in a file named by its section.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, parseJson } from '../../src/scim/json.ts';
import { applyPatch } from '../../src/scim/patch/apply.ts';
import { parsePatch } from '../../src/scim/patch/parse.ts';
import { everything, project } from '../../src/scim/project.ts';
import { readResource, requireAttributes } from '../../src/scim/read-resource.ts';
import { registeredTypes } from '../../src/scim/schema/registered.ts';

const folder = import.meta.dirname;
const read = (file: string) => parseJson(readFileSync(join(folder, file), 'utf8'));

describe('RFC 7643 section 8: a resource is taken whole and given back as it came', () => {
  test.each(readdirSync(folder).filter((file) => file.startsWith('7643-')))('%s', (file) => {
    const sample = read(file) as JsonObject;
    const meta = sample['meta'] as JsonObject;
    const type = registeredTypes.byName(meta['resourceType'] as string)!;
    const { attributes, references, notes } = readResource(type, sample);
    requireAttributes(type, attributes);
    // Not taken: what is readOnly or kept nowhere, and nothing else.
    const untaken = notes.ignored.filter(
      (path) => !/^(schemas|id|meta|groups|password|members\.display|.*manager\.displayName)$/.test(path),
    );
    expect(untaken).toEqual([]);
    const stored = {
      type,
      id: sample['id'] as string,
      attributes,
      references: new Map([...references].map(([key, values]) => [key, [...values]])),
      managedBy: null,
      version: 1,
      created: meta['created'] as string,
      lastModified: meta['lastModified'] as string,
    };
    const answer = project(stored, everything, { types: registeredTypes, baseUrl: 'https://example.com/v2' });
    expect(answer).toMatchObject(withoutDerived(sample));
  });
});

function withoutDerived(sample: JsonObject): JsonObject {
  const { groups: _, password: __, meta, members, ...rest } = sample;
  const { version: ___, ...kept } = meta as JsonObject;
  const values = Array.isArray(members)
    ? members.map((member) => ({ value: (member as JsonObject)['value']! }))
    : undefined;
  const extensions = Object.entries(rest).map(([key, value]) => {
    if (!isObject(value) || !isObject(value['manager'])) return [key, value];
    return [key, { ...value, manager: { value: value['manager']['value'] } }];
  });
  return { ...Object.fromEntries(extensions), meta: kept, ...(values ? { members: values } : {}) };
}

interface PatchSample {
  section: string;
  type: string;
  before: JsonObject;
  operations: JsonObject[];
  after: JsonObject;
  deltas?: JsonObject[];
}

describe('RFC 7644 section 3.5.2', () => {
  const samples = read('7644-3.5.2.json') as unknown as PatchSample[];
  test.each(samples.map((sample, index) => [`${sample.section}, example ${index + 1}`, sample] as const))(
    '%s',
    (_, sample) => {
      const type = registeredTypes.byName(sample.type)!;
      const current = { id: 'x', attributes: sample.before };
      const result = applyPatch(type, current, parsePatch({ Operations: sample.operations }), {
        absentValuePath: 'refuse',
      });
      expect(result.attributes).toEqual(sample.after);
      expect(result.deltas).toMatchObject(sample.deltas ?? []);
    },
  );
});
