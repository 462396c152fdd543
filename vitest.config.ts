import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These need servers: npm run test:services.
    exclude: [...configDefaults.exclude, 'test/services/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
