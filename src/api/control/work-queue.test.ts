import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { createWorkQueue, type WorkQueueOptions } from './work-queue.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Runs a queue until `enough`, then stops it and waits for its end. */
async function run(
  options: WorkQueueOptions,
  fill: (queue: ReturnType<typeof createWorkQueue>) => void,
  enough: () => boolean,
) {
  const queue = createWorkQueue(options);
  const stop = new AbortController();
  const running = queue.run(stop.signal);
  fill(queue);
  for (let turns = 0; !enough() && turns < 10_000; turns += 1) await turn();
  stop.abort();
  await running;
  expect(enough()).toBe(true);
  return queue;
}

describe('a work queue', () => {
  it('works on a key once however often it was added, and again where it was added meanwhile', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const work = async (key: string) => {
      done.push(key);
      if (done.length === 1) await new Promise<void>((resolve) => (release = resolve));
    };
    const queue = createWorkQueue({ work, clock: createManualClock() });
    const stop = new AbortController();
    const running = queue.run(stop.signal);
    for (const key of ['a', 'a', 'b', 'a']) queue.add(key);
    await turn();
    expect(done).toEqual(['a']);
    expect(queue.waiting()).toBe(1);
    queue.add('a');
    queue.add('a');
    release();
    await turn();
    await turn();
    expect(done).toEqual(['a', 'b', 'a']);
    stop.abort();
    await running;
  });

  it('never works on a key twice at a time, and on each after it was last added', async () => {
    const adds = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), wait: fc.nat(3) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(adds, fc.integer({ min: 1, max: 4 }), async (steps, concurrency) => {
        const state = new Map<string, number>();
        const seen = new Map<string, number>();
        const busy = new Set<string>();
        let most = 0;
        const work = async (key: string) => {
          expect(busy.has(key)).toBe(false);
          busy.add(key);
          most = Math.max(most, busy.size);
          const value = state.get(key) ?? 0;
          await turn();
          seen.set(key, value);
          busy.delete(key);
        };
        const queue = createWorkQueue({ work, concurrency, clock: createManualClock() });
        const stop = new AbortController();
        const running = queue.run(stop.signal);
        for (const { key, wait } of steps) {
          state.set(key, (state.get(key) ?? 0) + 1);
          queue.add(key);
          for (let n = 0; n < wait; n += 1) await turn();
        }
        for (let n = 0; n < 200 && (queue.waiting() > 0 || busy.size > 0); n += 1) await turn();
        stop.abort();
        await running;
        expect(seen).toEqual(state);
        expect(most).toBeLessThanOrEqual(concurrency);
      }),
      { numRuns: 50 },
    );
  });

  it('tries a failed key later and later, and forgets its failures when it is well', async () => {
    const clock = createManualClock();
    const errors: string[] = [];
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries <= 4 || tries === 6) throw new Error(`no ${tries}`);
      return tries === 5 ? { again: 7 } : undefined;
    };
    const onError = (key: string, error: unknown) => errors.push(`${key}: ${(error as Error).message}`);
    await run(
      { work, onError, clock, backoff: { base: 10, most: 50 } },
      (queue) => queue.add('a'),
      () => tries === 7,
    );
    expect(clock.slept).toEqual([10, 20, 40, 50, 7, 10]);
    expect(errors).toEqual(['a: no 1', 'a: no 2', 'a: no 3', 'a: no 4', 'a: no 6']);
  });

  it('tries failed keys no faster than its rate over all keys', async () => {
    const clock = createManualClock();
    const failed = new Set<string>();
    const work = async (key: string) => {
      if (failed.has(key)) return;
      failed.add(key);
      throw new Error('no');
    };
    const rate = { perSecond: 2, burst: 1 };
    await run(
      { work, clock, rate, backoff: { base: 1, most: 1 }, concurrency: 3 },
      (queue) => ['a', 'b', 'c'].forEach(queue.add),
      () => clock.slept.length === 3,
    );
    // Each sleep moves the clock on: the tries are due at 1, 500 and 1000.
    expect(clock.slept).toEqual([1, 499, 500]);
  });

  it('adds a key at the earliest of the times it was given', async () => {
    const clock = createManualClock();
    const done: number[] = [];
    const start = clock.now();
    const work = async () => void done.push(clock.now() - start);
    const fill = (queue: ReturnType<typeof createWorkQueue>) => {
      queue.addAfter('a', 500);
      queue.addAfter('a', 900);
    };
    await run({ work, clock }, fill, () => done.length === 1);
    expect(clock.slept).toEqual([500]);
  });

  it('ends after the work under way, which is told to stop', async () => {
    let told = false;
    const stop = new AbortController();
    const work = (_key: string, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          told = true;
          reject(new Error('stopped'));
        });
      });
    const errors: unknown[] = [];
    const queue = createWorkQueue({ work, onError: (_key, error) => errors.push(error) });
    const running = queue.run(stop.signal);
    queue.add('a');
    await turn();
    stop.abort();
    await running;
    expect([told, errors]).toEqual([true, []]);
  });
});
