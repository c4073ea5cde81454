import { defineConfig } from 'vitest/config';
import { oldestServerBinaries } from './test/oldest-server.ts';

const common = { globalSetup: ['test/global-setup.ts'], testTimeout: 60_000, hookTimeout: 120_000 };

/** What touches the store runs once more on a server of the oldest supported version, where there is one. */
const onOldestServer = {
  extends: true as const,
  test: {
    ...common,
    name: 'postgresql-15',
    include: ['test/{store,http,clients,identity-provider,conformance}/**/*.test.ts'],
    exclude: ['test/store/embedded.test.ts'],
  },
};

/** The protocol engine once more where no prototype can change and `__proto__` throws (C24). */
const onFrozenPrototypes = {
  extends: true as const,
  test: {
    name: 'frozen-prototypes',
    include: ['test/{scim,rfc}/**/*.test.ts', 'test/profiles/clients.test.ts'],
    setupFiles: ['test/security/frozen-prototypes.ts'],
    execArgv: ['--disable-proto=throw'],
    testTimeout: 60_000,
  },
};

/** Poolers in transaction mode and control on a second server: `npm run test:pooled`. What needs the embedded server cannot. */
const pooled = {
  extends: true as const,
  test: {
    ...common,
    name: 'pooled',
    setupFiles: ['test/pooled-environment.ts'],
    include: ['test/{store,http,clients,identity-provider,conformance,e2e,accounts}/**/*.test.ts'],
    exclude: [
      'test/store/embedded.test.ts',
      'test/e2e/failures/{killed,start}.test.ts',
      'test/e2e/servers/{killed,failover,replica}.test.ts',
    ],
  },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: process.env['POOLED']
      ? [pooled]
      : [
          { extends: true, test: { ...common, name: 'embedded', include: ['test/**/*.test.ts'] } },
          onFrozenPrototypes,
          ...(oldestServerBinaries === undefined ? [] : [onOldestServer]),
        ],
  },
});
