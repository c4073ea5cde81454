// The pure tests alone, as mutation testing runs them: no database, no browser, the same generated cases every time.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/scim/*.test.ts', 'test/rfc/*.test.ts', 'test/secrets/*.test.ts'],
    // Whole requests: they pass through everything that is mutated and say little about any of it.
    exclude: ['test/scim/bulk*.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    env: { MUTATION: '1' },
  },
});
