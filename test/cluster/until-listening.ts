// Waits until a program that a test has started listens on a port of this machine.

import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

export async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 480; tries += 1) {
    if (await isListening(port)) return;
    await setTimeout(250);
  }
  throw new Error(`nobody listens on port ${port} after 120 s`);
}
