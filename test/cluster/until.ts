// Waits until something is as a test needs it. The limit is for a machine many times slower, and what was not so in time is told.

import { setTimeout } from 'node:timers/promises';

export async function until<T>(what: string, look: () => Promise<T | undefined>, seconds = 240): Promise<T> {
  for (let tries = 0; tries < seconds * 5; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await setTimeout(200);
  }
  throw new Error(`${what} did not happen in ${seconds} s`);
}
