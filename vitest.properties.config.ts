import { defineConfig } from 'vitest/config';
import { findPropertyTests, properties } from './test/properties/plugin.ts';
import { findFactor } from './test/properties/settings.ts';

const runs = process.env['NOWWHAT_PROPERTY_RUNS'] ?? '50';

// A search: property tests with random seeds and many times their runs, which they get the time for.
export default defineConfig({
  plugins: [properties],
  test: {
    include: findPropertyTests(),
    globalSetup: ['test/programs/own-temporary-folder.ts'],
    env: { NOWWHAT_PROPERTY_RUNS: runs },
    maxWorkers: '100%',
    testTimeout: 120_000 * Math.max(1, findFactor({ NOWWHAT_PROPERTY_RUNS: runs })),
    hookTimeout: 120_000,
  },
});
