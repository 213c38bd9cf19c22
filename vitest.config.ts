import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/exam/**', 'test/cluster/**', '**/node_modules/**', '.stryker-tmp/**'],
    globalSetup: ['test/programs/fetch.ts'],
    // One worker for each core: the default leaves one idle, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine is no failure: what must come soon is waited for, not timed.
    expect: { poll: { timeout: 20_000 } },
  },
});
