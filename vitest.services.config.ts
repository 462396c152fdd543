import { defineConfig } from 'vitest/config';

/** Tests against real servers, which are installed and started here. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.services.test.ts'],
    globalSetup: ['scripts/services/mariadb-setup.ts', 'scripts/services/opensearch-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
