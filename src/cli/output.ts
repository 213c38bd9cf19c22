// The real outside: standard streams, environment, clock.

import { buffer } from 'node:stream/consumers';
import type { Io } from './io.ts';
import { createStyle } from './style.ts';

declare const __NOWWHAT_VERSION__: string;

function wantsColour(args: readonly string[], environment: Io['environment']): boolean {
  const index = args.indexOf('--color');
  const when =
    index === -1 ? args.find((arg) => arg.startsWith('--color='))?.slice('--color='.length) : args[index + 1];
  if (when === 'always') return true;
  if (when === 'never' || (environment['NO_COLOR'] ?? '') !== '') return false;
  if ((environment['FORCE_COLOR'] ?? '') !== '') return environment['FORCE_COLOR'] !== '0';
  return process.stdout.isTTY === true && environment['TERM'] !== 'dumb';
}

/** A reader such as `head` may close the pipe: that is not an error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

/** A slow reader of a pipe would have the whole report wait in memory. */
async function stdoutDrained(): Promise<void> {
  if (process.stdout.writableNeedDrain)
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve);
    });
}

export function createProcessIo(args: readonly string[]): Io {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  const environment = process.env;
  const asPlugin = /kubectl[-_]nowwhat/.test(process.argv[1] ?? '');
  return {
    program: asPlugin ? 'kubectl nowwhat' : 'nowwhat',
    version: __NOWWHAT_VERSION__,
    style: createStyle(wantsColour(args, environment)),
    width: process.stdout.columns ?? (Number(environment['COLUMNS']) || 100),
    out: (text) => void process.stdout.write(text),
    drained: stdoutDrained,
    err: (text) => void process.stderr.write(text),
    stdin: async () => new Uint8Array(await buffer(process.stdin)),
    environment,
    today: new Date().toISOString().slice(0, 10),
    interactive: process.stderr.isTTY === true,
    pages: new URL('./pages/', import.meta.url),
  };
}
