import { defineConfig } from 'vitest/config';

// For mutation tests: the unit tests of the rooms that are mutated, without those of the built program.
export default defineConfig({
  test: {
    include: ['src/checks/**/*.test.ts', 'src/kube/*.test.ts', 'src/inventory/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
