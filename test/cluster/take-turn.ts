// One test at a time where two would meet: whoever listens on a port of this machine has the turn, and a process that ends gives it back.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** Milliseconds that a test may wait for its turn: its set-up takes so much longer. */
export const longestTurn = 900_000;

/** Whose turn it is to have kinds that come and go with a test: whoever reads every kind that is served would meet them in the middle. */
export const kindsPort = 7079;

/** But for kinds of a test beside this, which may go between being told of and being listed. */
export function ofLastingKinds<T extends { readonly group: string }>(notListed: readonly T[]): T[] {
  return notListed.filter(({ group }) => !/(?:^|\.)(?:velero\.io|contract\.test)$/.test(group));
}

async function listen(port: number): Promise<(() => void) | undefined> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  return () => void server.close();
}

/** Waits for the turn that belongs to a port of this machine, at most a quarter of an hour; what it returns gives it back. */
export async function takeTurn(port: number): Promise<() => void> {
  const end = Date.now() + longestTurn;
  while (Date.now() < end) {
    const giveBack = await listen(port);
    if (giveBack !== undefined) return giveBack;
    await setTimeout(500);
  }
  throw new Error(`another test has had the turn of port ${port} for ${longestTurn / 60_000} minutes`);
}
