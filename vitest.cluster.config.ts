import { defineConfig } from 'vitest/config';

// Tests on a real cluster that may be thrown away: its kubeconfig is in NOWWHAT_TEST_KUBECONFIG. They mostly wait, and each has namespaces of its own: two at a time.
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts', 'test/contract/api-*.test.ts', 'test/contract/kubernetes-api/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    expect: { poll: { timeout: 20_000 } },
  },
});
