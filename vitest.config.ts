import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/exam/**', 'test/cluster/**', '**/node_modules/**', '.stryker-tmp/**'],
    globalSetup: ['test/programs/fetch.ts'],
    testTimeout: 120_000,
    // A busy machine is no failure: what must come soon is waited for, not timed.
    expect: { poll: { timeout: 20_000 } },
  },
});
