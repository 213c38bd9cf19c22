import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Tests on a real cluster that may be thrown away: its kubeconfig is in NOWWHAT_TEST_KUBECONFIG. They mostly wait, and each has namespaces of its own: several at a time. Limits are for a machine many times slower: a test that is well never needs them.

/** They have kinds that come and go with them, or can bear none that do (`test/cluster/take-turn.ts`): one after another, beside all others. */
const inTurn = [
  'test/cluster/{schedules,snapshots,velero-*}.test.ts',
  'test/contract/kubernetes-api/definitions.test.ts',
];

/** Begun first, so that none of them is left alone at the end. */
const longest = [
  'security-level-4',
  'volumes',
  'live-rehearsal',
  'random-policies',
  'clone-volumes',
  'network-policies',
  'clone',
  'network-rollout',
  'drill',
  'apply',
].map((name) => `/test/cluster/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((each) => moduleId.endsWith(each));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

const expect = { poll: { timeout: 60_000 } };

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'in turn', include: inTurn, fileParallelism: false, expect } },
      {
        extends: true,
        test: {
          name: 'side by side',
          include: [
            'test/cluster/**/*.test.ts',
            'test/contract/api-*.test.ts',
            'test/contract/kubernetes-api/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...inTurn],
          maxWorkers: 3,
          expect,
        },
      },
    ],
  },
});
