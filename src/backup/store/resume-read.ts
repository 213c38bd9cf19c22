// A body that is read to its end although its connection breaks or stalls: it is asked for again from the byte where it stopped.

import { setTimeout } from 'node:timers/promises';
import { asObject, UserError } from '../../model/index.ts';
import type { ByteRange } from './store.ts';

export interface OpenedBody {
  readonly body: AsyncIterable<Uint8Array> & { readonly destroy: (error?: Error) => unknown };
  /** Bytes that it should have. */
  readonly bytes: number;
  /** The version of the key; of another one the rest would not fit. */
  readonly etag: string | undefined;
}

export interface Resuming {
  /** Where the whole begins. */
  readonly start: number;
  /** Asks for the rest; it must be of the same version. */
  readonly open: (range: ByteRange, etag: string | undefined) => Promise<OpenedBody>;
  /** Milliseconds without a byte after which the connection counts as broken. */
  readonly patience: number;
  /** What is thrown where it breaks once too often. */
  readonly explain: (error: unknown) => unknown;
}

/** Times that a body is asked for again without a byte of progress. */
const mostTries = 4;

/** Ends a body that says nothing for too long. While the reader is busy with a piece, no time is counted. */
async function* watched({ body }: OpenedBody, patience: number): AsyncGenerator<Uint8Array> {
  const watch = () => globalThis.setTimeout(() => body.destroy(new Error(`no byte came for ${patience} ms`)), patience);
  let timer = watch();
  try {
    for await (const piece of body) {
      clearTimeout(timer);
      yield piece;
      timer = watch();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The whole body. Throws what `explain` makes of the last error. */
export async function* readResuming(
  opened: OpenedBody,
  { start, open, patience, explain }: Resuming,
): AsyncGenerator<Uint8Array> {
  const end = start + opened.bytes;
  let at = start;
  let current = opened;
  let tries = 0;
  while (true) {
    let failure: unknown = new Error(`the body ended after ${at - start} of ${opened.bytes} bytes`);
    try {
      for await (const piece of watched(current, patience)) {
        at += piece.length;
        tries = 0;
        yield piece;
      }
    } catch (error) {
      failure = error;
    }
    if (at >= end) return;
    tries += 1;
    if (tries > mostTries) throw explain(failure);
    await setTimeout(50 * 2 ** tries);
    current = await open({ start: at, end: end - 1 }, opened.etag);
  }
}

/** True for a version of the key that is no more the one that was begun with. */
export function isOtherVersion(error: unknown): boolean {
  return error instanceof UserError && asObject(asObject(error.cause)['$metadata'])['httpStatusCode'] === 412;
}
