import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runStages, type StageRun } from './run-stages.ts';

interface Item {
  readonly name: string;
  readonly owners?: readonly string[];
}

interface Setup {
  readonly stages: Readonly<Record<string, readonly [needs: readonly string[], items: readonly Item[]]>>;
  readonly last?: readonly string[];
  readonly concurrency?: number;
  readonly fails?: string;
}

/** What happened, in order: `stage+`, `item`, `stage-`. */
async function run({ stages, last = [], concurrency = 4, fails }: Setup) {
  const story: string[] = [];
  let [underWay, most] = [0, 0];
  const runs = Object.entries(stages).map(
    ([name, [needs, items]]): StageRun<Item> => ({
      name,
      needs,
      isLast: last.includes(name),
      begin: async () => {
        story.push(`${name}+`);
        return items;
      },
      end: async () => void story.push(`${name}-`),
    }),
  );
  await runStages(runs, {
    concurrency,
    keyOf: ({ name }) => name,
    waitsFor: ({ owners = [] }) => owners,
    run: async ({ name }) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await setImmediate();
      underWay -= 1;
      if (name === fails) throw new Error(`${name} failed`);
      story.push(name);
    },
  });
  return { story, most };
}

describe('stages', () => {
  it('begin when what they need has ended, and not before', async () => {
    const { story } = await run({ stages: { a: [[], [{ name: 'a1' }]], b: [['a'], [{ name: 'b1' }]] } });
    expect(story).toEqual(['a+', 'a1', 'a-', 'b+', 'b1', 'b-']);
  });

  it('that need nothing of each other run at once; one that is not run holds up nobody', async () => {
    const { story, most } = await run({ stages: { a: [[], [{ name: 'a1' }]], b: [['gone'], [{ name: 'b1' }]] } });
    expect(story.slice(0, 2)).toEqual(['a+', 'b+']);
    expect(most).toBe(2);
  });

  it('have a bounded number of items under way', async () => {
    const items = Array.from({ length: 50 }, (_, at) => ({ name: `i${at}` }));
    expect((await run({ stages: { a: [[], items] }, concurrency: 3 })).most).toBe(3);
  });

  it('let an item wait for its owner of a later stage, without waiting themselves', async () => {
    const child = { name: 'child', owners: ['owner'] };
    const { story } = await run({
      stages: { a: [[], [child]], b: [['a'], [{ name: 'owner' }]], c: [['a', 'b'], []] },
      last: ['c'],
    });
    expect(story).toEqual(['a+', 'a-', 'b+', 'owner', 'b-', 'child', 'c+', 'c-']);
  });

  it('run items that own each other in a circle all the same', async () => {
    const circle = [
      { name: 'x', owners: ['y'] },
      { name: 'y', owners: ['x'] },
    ];
    const { story } = await run({ stages: { a: [[], circle], z: [['a'], []] }, last: ['z'] });
    expect(story.toSorted()).toEqual(['a+', 'a-', 'x', 'y', 'z+', 'z-'].toSorted());
    expect(story.indexOf('z+')).toBeGreaterThan(story.indexOf('x'));
  });

  it('begin nothing more after a failure', async () => {
    const items = [{ name: 'bad' }, { name: 'late' }];
    await expect(run({ stages: { a: [[], items], b: [['a'], []] }, concurrency: 1, fails: 'bad' })).rejects.toThrow(
      'bad failed',
    );
  });

  it('run every item once and after its owners, whatever the graph', async () => {
    const graph = fc.array(fc.tuple(fc.nat(3), fc.array(fc.nat(30), { maxLength: 2 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(graph, fc.integer({ min: 1, max: 8 }), async (nodes, concurrency) => {
        // Owners are earlier in the list: no circles.
        const items = nodes.map(([stage, owners], at) => ({
          stage,
          name: `n${at}`,
          owners: owners.filter((owner) => owner < at).map((owner) => `n${owner}`),
        }));
        const of = (stage: number) => items.filter((item) => item.stage === stage);
        const { story } = await run({
          stages: { 0: [[], of(0)], 1: [['0'], of(1)], 2: [['0'], of(2)], 3: [['0', '1', '2'], of(3)] },
          concurrency,
        });
        for (const { name, owners } of items) {
          expect(story.filter((each) => each === name)).toHaveLength(1);
          for (const owner of owners) expect(story.indexOf(owner)).toBeLessThan(story.indexOf(name));
        }
      }),
      { numRuns: 60 },
    );
  });
});
