import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { fixedSeed, properties } from './test/properties/plugin.ts';

const part = process.env['NOWWHAT_MUTATION_PART'];
const otherParts = JSON.parse(readFileSync('scripts/mutation-parts.json', 'utf8')) as Readonly<
  Record<string, { readonly tests: readonly string[] }>
>;

function testsOf(name: string): readonly string[] {
  return otherParts[name]?.tests ?? ['src/checks/*.test.ts', `src/checks/${name}/**/*.test.ts`];
}

// For mutation tests: the unit tests of the part that is mutated, without those of its users.
export default defineConfig({
  plugins: [properties],
  test: {
    // Each change of the code meets the same properties.
    env: fixedSeed,
    include: part === undefined ? ['src/{checks,kube,inventory}/**/*.test.ts'] : [...testsOf(part)],
    testTimeout: 30_000,
  },
});
