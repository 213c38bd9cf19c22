import { defineConfig } from 'vitest/config';

// Tests on a real cluster that may be thrown away: its kubeconfig is in NOWWHAT_TEST_KUBECONFIG. They mostly wait, and each has namespaces of its own: two at a time. Limits are for a machine many times slower: a test that is well never needs them.
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts', 'test/contract/api-*.test.ts', 'test/contract/kubernetes-api/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 60_000 } },
  },
});
