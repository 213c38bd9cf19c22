// A clock that tests turn: time passes only when a test, or somebody's sleep, says so.

import type { Clock } from '../../src/api/clock.ts';

export interface ManualClock extends Clock {
  readonly advance: (ms: number) => void;
  /** How long each sleep so far was. */
  readonly slept: readonly number[];
}

/** Sleeps end at once and move the clock on. `random` is what chance gives: 0.5 unless told. */
export function createManualClock(start = 1_000_000, random = 0.5): ManualClock {
  let now = start;
  const slept: number[] = [];
  return {
    now: () => now,
    random: () => random,
    slept,
    advance: (ms) => void (now += ms),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      // Others get their turn, as with a real timer.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
