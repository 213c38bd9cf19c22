// Streams of many objects at a time: a turn of a stream for each object alone would cost more than what is done with it.

/** One after the other. */
export async function* flatten<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch;
}

/** Each at once, for what comes slowly. */
export async function* singly<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  for await (const item of items) yield [item];
}
