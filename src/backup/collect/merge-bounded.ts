// Many streams as one, a few of them open at a time.

interface Step<T> {
  readonly iterator: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

function advance<T>(iterator: AsyncIterator<T>): Promise<Step<T>> {
  const step = iterator.next().then((result) => ({ iterator, result }));
  // A failure is met when its turn comes; until then nobody listens.
  step.catch(() => undefined);
  return step;
}

/** What the sources give, in the order in which it comes; at most `limit` of them are open. The first failure ends all. */
export async function* mergeBounded<T>(sources: Iterable<AsyncIterable<T>>, limit: number): AsyncGenerator<T> {
  const waiting = sources[Symbol.iterator]();
  const open = new Map<AsyncIterator<T>, Promise<Step<T>>>();
  const openNext = (): boolean => {
    const { done, value } = waiting.next();
    if (done === true) return false;
    const iterator = value[Symbol.asyncIterator]();
    open.set(iterator, advance(iterator));
    return true;
  };
  try {
    while (open.size < limit && openNext());
    while (open.size > 0) {
      const { iterator, result } = await Promise.race(open.values());
      if (result.done === true) {
        open.delete(iterator);
        openNext();
      } else {
        open.set(iterator, advance(iterator));
        yield result.value;
      }
    }
  } finally {
    const left = [...open];
    await Promise.allSettled(left.map(([, step]) => step));
    await Promise.allSettled(left.map(async ([iterator]) => iterator.return?.()));
  }
}
