// The fast path of reading: the plain subset of YAML, and `undefined` where the full parser must decide.

import type { Constructed } from '../construct.ts';
import { unsure } from './characters.ts';
import { PlaceLog } from './place-log.ts';
import { type Range, Reader } from './reader.ts';
import { Strings } from './strings.ts';

export type { PlaceLog } from './place-log.ts';

const strings = new Strings();

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === unsure) return undefined;
    throw error;
  }
}

/** Exactly what `constructValues` gives for the text of the range, or `undefined`: not sure. Never throws for bad input. */
export function readPlainDocument(range: Range): Constructed | undefined {
  return orUndefined(() => ({ values: new Reader(range, strings).documents(), duplicates: [] }));
}

/** The places of all keys and list items of the range's document, or `undefined`: not sure. */
export function readPlaces(range: Range): PlaceLog | undefined {
  return orUndefined(() => {
    const log = new PlaceLog();
    new Reader(range, strings, log).documents();
    return log;
  });
}
