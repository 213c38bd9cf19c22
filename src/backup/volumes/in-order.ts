// Work on many things, a few of them at once.

/**
 * Runs up to so many at once; the results in the order of the inputs. After a failure nothing more is begun, and it is thrown once what was under way has
 * ended: whoever tidies up then meets nothing that still runs.
 */
export async function inOrder<T, R>(
  items: readonly T[],
  concurrency: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
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
