// The tests that prove tenancy, as mutation testing of the seam to the database runs them: on a cluster that stays.
import { defineConfig } from 'vitest/config';

/** What reads the sources finds other ones here; what waits for silence waits five seconds, for each mutant. */
const leftOut = ['every long-lived map is known', 'silence is an error'];

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    include: [
      'test/store/{database,tenancy,servers,flight,lanes,shared-reads}.test.ts',
      'test/security/tenants.test.ts',
    ],
    setupFiles: ['test/mutation/setup.ts'],
    env: { MUTATION: '1' },
    testNamePattern: `^(?!.*(${leftOut.join('|')}))`,
    testTimeout: 8_000,
    hookTimeout: 15_000,
  },
});
