// One line on standard error while long work goes on; only where a person sees it.

import type { Io } from './io.ts';
import { truncate } from './layout.ts';
import { visible } from './style.ts';

/** Milliseconds before the line appears: short work stays silent. */
const patience = 400;
/** Milliseconds between two lines: a terminal is slow, and no eye is faster. */
const pause = 100;
const clearLine = '\r\u001b[2K';

/** The line is gone before somebody is asked. */
export function quietly<Shown, Said>(
  say: (what: string) => void,
  ask: (shown: Shown) => Promise<Said>,
): (shown: Shown) => Promise<Said> {
  return (shown) => {
    say('');
    return ask(shown);
  };
}

/** Runs work that says what it is doing; the line is gone when the work ends, however it ends. */
export async function withProgress<T>(
  io: Io,
  quiet: boolean,
  work: (say: (what: string) => void) => Promise<T>,
): Promise<T> {
  if (!io.interactive || quiet) return work(() => undefined);
  const started = Date.now();
  let what = '';
  let shown = false;
  let drawn = 0;
  const draw = (): void => {
    // Nothing is told: a question may stand there.
    if (what === '') return;
    shown = true;
    drawn = Date.now();
    const seconds = Math.round((Date.now() - started) / 1000);
    const line = truncate(`${visible(what)} ${seconds > 1 ? `${seconds} s` : '…'}`, io.width - 1);
    io.err(`${clearLine}${io.errorStyle.dim(line)}`);
  };
  const timer = setInterval(draw, patience);
  const stop = (): void => {
    clearInterval(timer);
    if (shown) io.err(clearLine);
  };
  const say = (next: string): void => {
    what = next;
    const now = Date.now();
    // Work that never rests keeps the timer from running: whoever speaks draws the line.
    if (!shown && now - started < patience) return;
    if (what === '' && shown) io.err(clearLine);
    if (what === '' || now - drawn >= pause) draw();
  };
  return io.whileRunning(stop, () => work(say).finally(stop));
}
