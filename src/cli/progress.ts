// One line on standard error while long work goes on; only where a person sees it.

import type { Io } from './io.ts';

export interface Progress {
  readonly say: (what: string) => void;
  readonly stop: () => void;
}

/** Milliseconds before the line appears: short work stays silent. */
const patience = 400;

export function startProgress(io: Io): Progress {
  if (!io.interactive) return { say: () => undefined, stop: () => undefined };
  let what = '';
  let shown = false;
  const draw = (): void => {
    shown = true;
    io.err(`\r\u001b[2K${io.style.dim(`${what} ...`)}`);
  };
  const timer = setTimeout(draw, patience);
  return {
    say: (next) => {
      what = next;
      if (shown) draw();
    },
    stop: () => {
      clearTimeout(timer);
      if (shown) io.err('\r\u001b[2K');
      shown = false;
    },
  };
}
