import { defineConfig } from 'vitest/config';
import { fixedSeed, properties } from './test/properties/plugin.ts';

export default defineConfig({
  plugins: [properties],
  test: {
    // In CI each property test has a fixed seed: a gate that is red by luck says nothing about a change. `npm run test:properties` searches.
    env: process.env['CI'] ? fixedSeed : {},
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/exam/**', 'test/cluster/**', '**/node_modules/**', '.stryker-tmp/**'],
    globalSetup: ['test/programs/own-temporary-folder.ts', 'test/programs/fetch.ts'],
    // One worker for each core: the default leaves one idle, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A busy machine is no failure: what must come soon is waited for, not timed.
    expect: { poll: { timeout: 20_000 } },
  },
});
