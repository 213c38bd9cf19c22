import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/exam/**', 'test/cluster/**', '**/node_modules/**', '.stryker-tmp/**'],
    globalSetup: ['test/programs/fetch.ts'],
    testTimeout: 30_000,
  },
});
