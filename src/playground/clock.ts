// Time as the playground sees it: tests give their own.

export interface PlaygroundClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs `work` after `ms`; the returned function calls it off. */
  readonly after: (ms: number, work: () => void) => () => void;
}

export const realClock: PlaygroundClock = {
  now: Date.now,
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** As `metav1.Time` is written: seconds, UTC. */
export function timestamp(clock: PlaygroundClock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}
