// Mutation tests of one part, which `npm run mutation` names: a folder of src/checks, or one of scripts/mutation-parts.json.
import { readFileSync } from 'node:fs';

const part = process.env['NOWWHAT_MUTATION_PART'] ?? 'selectors';

const otherParts = JSON.parse(readFileSync('scripts/mutation-parts.json', 'utf8'));
const { sources } = otherParts[part] ?? { sources: [`src/checks/${part}/**/*.ts`] };

/** @type {import('@stryker-mutator/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [...sources, '!src/**/index.ts', '!src/**/*.test.ts'],
  // The words of a message are free; that a finding is given is not.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['dist', '.cache', 'docs', 'reports', 'coverage', 'test/e2e', 'test/bench'],
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  jsonReporter: { fileName: `reports/mutation/${part}.json` },
  concurrency: 2,
  timeoutMS: 20000,
  thresholds: { high: 90, low: 80, break: 80 },
};
