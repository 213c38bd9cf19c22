// Work by key: a key waits once however often it is added, is never worked on twice at a time, and is tried again later where it failed.

import { type Clock, systemClock } from '../clock.ts';

/** `again`: milliseconds after which the key is to be worked on once more although all went well. */
export type WorkResult = { readonly again?: number } | undefined;

export interface WorkQueueOptions {
  readonly work: (key: string, signal: AbortSignal) => Promise<WorkResult | void>;
  /** Keys worked on at a time. Default 1. */
  readonly concurrency?: number;
  /** Milliseconds before the second try, doubling up to `most`. Default 5 ms to 1,000 s, as controllers have it. */
  readonly backoff?: { readonly base: number; readonly most: number };
  /** Tries after failures, over all keys: so many a second, and so many at once. Default 10 and 100. */
  readonly rate?: { readonly perSecond: number; readonly burst: number };
  readonly onError?: (key: string, error: unknown) => void;
  readonly clock?: Clock;
}

export interface WorkQueue {
  readonly add: (key: string) => void;
  /** Adds a key later; the earliest of several times counts. */
  readonly addAfter: (key: string, ms: number) => void;
  /** Keys that wait for a worker now. */
  readonly waiting: () => number;
  /** Works until the signal is aborted and the work under way has ended. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** So many a second, and so many at once; says how long the next has to wait. */
function createBucket({ perSecond, burst }: { perSecond: number; burst: number }, clock: Clock): () => number {
  let tokens = burst;
  let last = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - last) / 1000) * perSecond) - 1;
    last = now;
    return tokens >= 0 ? 0 : (-tokens / perSecond) * 1000;
  };
}

/** Keys in order, each at most once, and none that is being worked on: that one waits until its work is done. */
class Keys {
  readonly #ready = new Set<string>();
  readonly #busy = new Set<string>();
  readonly #dirty = new Set<string>();
  #wake: (() => void)[] = [];

  get waiting(): number {
    return this.#ready.size;
  }

  add(key: string): void {
    if (this.#busy.has(key)) {
      this.#dirty.add(key);
      return;
    }
    this.#ready.add(key);
    this.#wake.shift()?.();
  }

  take(): string | undefined {
    const [key] = this.#ready;
    if (key === undefined) return undefined;
    this.#ready.delete(key);
    this.#busy.add(key);
    return key;
  }

  done(key: string): void {
    this.#busy.delete(key);
    if (this.#dirty.delete(key)) this.add(key);
  }

  /** Resolves when a key is added, or all are woken. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Adds keys at their time; each key has one time, the earliest asked for. */
function createTimetable(add: (key: string) => void, clock: Clock): { at: WorkQueue['addAfter']; stop: () => void } {
  const due = new Map<string, number>();
  const stopped = new AbortController();
  function at(key: string, ms: number): void {
    const time = clock.now() + ms;
    if ((due.get(key) ?? Number.POSITIVE_INFINITY) <= time) return;
    due.set(key, time);
    clock.sleep(ms, stopped.signal).then(
      () => {
        if (due.get(key) !== time) return;
        due.delete(key);
        add(key);
      },
      () => undefined,
    );
  }
  return { at, stop: () => stopped.abort() };
}

export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { work, concurrency = 1, onError, clock = systemClock } = options;
  const { base, most } = options.backoff ?? { base: 5, most: 1_000_000 };
  const nextToken = createBucket(options.rate ?? { perSecond: 10, burst: 100 }, clock);
  const keys = new Keys();
  const timetable = createTimetable((key) => keys.add(key), clock);
  const failures = new Map<string, number>();

  function tryLater(key: string): void {
    const failed = failures.get(key) ?? 0;
    failures.set(key, failed + 1);
    timetable.at(key, Math.max(Math.min(most, base * 2 ** Math.min(failed, 60)), nextToken()));
  }

  async function workOn(key: string, signal: AbortSignal): Promise<void> {
    try {
      const result = await work(key, signal);
      failures.delete(key);
      if (result?.again !== undefined) timetable.at(key, result.again);
    } catch (error) {
      if (signal.aborted) return;
      onError?.(key, error);
      tryLater(key);
    } finally {
      keys.done(key);
    }
  }

  async function worker(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = keys.take();
      if (key === undefined) await keys.wait();
      else await workOn(key, signal);
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    const wake = (): void => keys.wakeAll();
    signal.addEventListener('abort', wake, { once: true });
    await Promise.all(Array.from({ length: concurrency }, () => worker(signal)));
    timetable.stop();
  }

  return { add: (key) => keys.add(key), addAfter: timetable.at, waiting: () => keys.waiting, run };
}
