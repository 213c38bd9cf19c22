// The real outside: standard streams, environment, clock, signals. Only here does the program touch its process.

import { buffer } from 'node:stream/consumers';
import { type ColourChoice, wantsColour } from './colour.ts';
import type { Io } from './io.ts';
import { runCli } from './run.ts';
import { createStyle } from './style.ts';
import { renderEnding, renderLeft, renderStaying, Tidying } from './tidying.ts';

/** A reader such as `head` may close the pipe: that is not an error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}

/** Columns where the text is read: of the terminal, of what the user exported, or a comfortable default. */
function columnsOf(environment: Io['environment']): number {
  const exported = Number(environment['COLUMNS']);
  // A terminal that does not know its size says 0.
  const known = process.stdout.columns ?? 0;
  return known > 0 ? known : Number.isInteger(exported) && exported > 0 ? exported : 100;
}

/** A slow reader of a pipe would have the whole report wait in memory. */
async function stdoutDrained(): Promise<void> {
  if (process.stdout.writableNeedDrain)
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve);
    });
}

/** On standard error: standard output may be a file or a pipe. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await asking.question(question);
  } finally {
    asking.close();
  }
}

/** Lines that arrive before their question are kept for it: a pipe does not wait. */
async function converse<T>(talk: (ask: (question: string) => Promise<string | undefined>) => Promise<T>): Promise<T> {
  const { createInterface } = await import('node:readline/promises');
  const reading = createInterface({ input: process.stdin });
  const lines = reading[Symbol.asyncIterator]();
  try {
    return await talk(async (question) => {
      process.stderr.write(question);
      const { done, value } = await lines.next();
      return done === true ? undefined : value;
    });
  } finally {
    reading.close();
  }
}

/** Milliseconds that tidying up may take when a signal ends the program. */
const tidyingTime = 20_000;

export interface Start {
  readonly args: readonly string[];
  readonly version: string;
  /** Folder of the check pages that ship with the program. */
  readonly pages: URL;
}

function createIo({ args, version, pages }: Start, tidying: Tidying): Io {
  const environment = process.env;
  const choice: ColourChoice = { args, environment };
  return {
    program: /kubectl[-_]nowwhat/.test(process.argv[1] ?? '') ? 'kubectl nowwhat' : 'nowwhat',
    version,
    style: createStyle(wantsColour(choice, process.stdout.isTTY === true)),
    errorStyle: createStyle(wantsColour(choice, process.stderr.isTTY === true)),
    fileStyle: createStyle(wantsColour({ args, environment: {} }, false)),
    width: columnsOf(environment),
    out: (text) => void process.stdout.write(text),
    drained: stdoutDrained,
    err: (text) => void process.stderr.write(text),
    stdin: async () => new Uint8Array(await buffer(process.stdin)),
    stdinPieces: () => process.stdin as AsyncIterable<Uint8Array>,
    environment,
    today: new Date().toISOString().slice(0, 10),
    now: () => new Date().toISOString(),
    ...(process.stdin.isTTY === true && process.stderr.isTTY === true ? { ask } : {}),
    converse,
    interactive: process.stderr.isTTY === true && environment['CI'] === undefined,
    pages,
    whileRunning: (cleanUp, work) => tidying.whileRunning(cleanUp, work),
  };
}

/** Ends the program as shells tell that a signal did. A second signal does not wait, whichever it is. */
function endOnSignal(tidying: Tidying): void {
  let isEnding = false;
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.on(signal, () => {
      const end = (): void => {
        process.stderr.write(renderLeft(tidying.byHand()));
        process.exit(128 + number);
      };
      if (isEnding) end();
      isEnding = true;
      process.stderr.write(`${renderStaying(tidying.staying())}${renderEnding(tidying.byHand())}`);
      setTimeout(end, tidyingTime);
      void tidying.cleanUp().then(end);
    });
}

/** Runs the command line in this process and gives its exit status. */
export async function runProcess(start: Start): Promise<number> {
  process.stdout.on('error', ignoreClosedPipe);
  process.stderr.on('error', ignoreClosedPipe);
  const tidying = new Tidying();
  endOnSignal(tidying);
  return runCli(start.args, createIo(start, tidying));
}
