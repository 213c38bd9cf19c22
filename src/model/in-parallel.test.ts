import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachInParallel, inParallel } from './in-parallel.ts';

/** So many turns of the event loop. */
async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}

it('results stand in the order of the inputs, however long each takes, and never more than the limit run', async () => {
  const turns = fc.array(fc.nat(4), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(turns, fc.integer({ min: 1, max: 5 }), async (items, limit) => {
      let [running, most] = [0, 0];
      const results = await inParallel(items, limit, async (item, index) => {
        running += 1;
        most = Math.max(most, running);
        await wait(item);
        running -= 1;
        return `${index}:${item}`;
      });
      expect(results).toEqual(items.map((item, index) => `${index}:${item}`));
      expect(most).toBe(Math.min(limit, items.length));
    }),
    { numRuns: 50 },
  );
});

it('a failure is thrown when all that was under way has ended, and nothing is begun after it', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const run = inParallel([5, 1, 9, 2, 3], 3, async (turns, index) => {
    begun.push(index);
    await wait(turns);
    if (index === 1) throw new Error('the node went away');
    ended.push(index);
  });
  await expect(run).rejects.toThrow('the node went away');
  expect(begun).toEqual([0, 1, 2]);
  expect(ended).toEqual([0, 2]);
});

it('of several failures the first is thrown, whatever was thrown', async () => {
  const failing = async (turns: number): Promise<never> => {
    await wait(turns);
    throw turns;
  };
  await expect(inParallel([4, 0, 2], 3, failing)).rejects.toBe(0);
  await expect(inParallel([1], 1, () => Promise.reject(undefined as unknown as Error))).rejects.toBeUndefined();
});

it('what is taken back goes on after a failure, and the first one is thrown when all have had their turn', async () => {
  const ended: number[] = [];
  const run = eachInParallel([3, 0, 1, 0, 2], 2, async (turns, index) => {
    await wait(turns);
    ended.push(index);
    if (index === 1 || index === 4) throw new Error(`the server refused ${index}`);
  });
  await expect(run).rejects.toThrow('the server refused 1');
  expect(ended.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
});
