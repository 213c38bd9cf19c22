import { defineConfig } from 'vitest/config';

const part = process.env['NOWWHAT_MUTATION_PART'];
const ofPart =
  part === 'selectors' ? ['src/kube/*.test.ts', 'src/inventory/*.test.ts'] : [`src/checks/${part}/**/*.test.ts`];

// For mutation tests: the unit tests of the part that is mutated, without those of its users.
export default defineConfig({
  test: {
    include: part === undefined ? ['src/{checks,kube,inventory}/**/*.test.ts'] : ['src/checks/*.test.ts', ...ofPart],
    testTimeout: 30_000,
  },
});
