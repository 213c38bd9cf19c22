// Work on many things, a few of them at once. Whoever tidies up after a failure meets nothing that still runs.

interface How<T, R> {
  readonly concurrency: number;
  readonly act: (item: T, index: number) => Promise<R>;
  readonly endsEarly: boolean;
}

async function run<T, R>(items: readonly T[], { concurrency, act, endsEarly }: How<T, R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (endsEarly && failures.length > 0) return;
      try {
        results[index] = await act(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}

/**
 * Runs up to so many at once; the results in the order of the inputs. After a failure nothing more is begun, and the first one is thrown once what was under
 * way has ended.
 */
export function inParallel<T, R>(
  items: readonly T[],
  concurrency: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  return run(items, { concurrency, act, endsEarly: true });
}

/** For taking back: each item has its turn, whatever became of the others. The first failure is thrown at the end. */
export async function eachInParallel<T>(
  items: readonly T[],
  concurrency: number,
  act: (item: T, index: number) => Promise<void>,
): Promise<void> {
  await run(items, { concurrency, act, endsEarly: false });
}
