// What docs/operations.md says of metrics is what there is: every name in its table and in its alerts is a name of ours.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../src/config.ts';
import { createMetrics } from '../../src/observability/metrics.ts';

it('every metric that is written about exists, and every one of ours is written about', async () => {
  const metrics = createMetrics();
  metrics.watchTasks(async () => new Map());
  metrics.watchQueues(async () => new Map());
  const names = new Set([...(await metrics.text()).matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
  const text = readFileSync(join(projectFolder, 'docs', 'operations.md'), 'utf8');
  const section = text.slice(text.indexOf('## Metrics'), text.indexOf('## Looking after it'));
  const written = [...section.matchAll(/\b(?:scim|http_server|sso|provisioning|jobs|process|nodejs)_\w+/g)].map(
    ([name]) => name.replace(/_(?:bucket|sum|count)$/, ''),
  );
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((name) => !names.has(name))).toEqual([]);
  const ours = [...names].filter((name) => !/^(?:process|nodejs)_/.test(name));
  expect(ours.filter((name) => !written.includes(name))).toEqual([]);
});
