// The outside of the program: everything a command touches comes through here, so that tests can stand in.

import type { WhileRunning } from '../app/passing.ts';
import type { Style } from './style.ts';

export interface Io {
  /** Name by which the user called us: `nowwhat` or `kubectl nowwhat`. */
  readonly program: string;
  readonly version: string;
  /** Of standard output, of standard error, and of files. */
  readonly style: Style;
  readonly errorStyle: Style;
  readonly fileStyle: Style;
  /** Columns of standard output. */
  readonly width: number;
  readonly out: (text: string) => void;
  /** Waits until the reader of standard output has taken what was written; absent where writing never waits. */
  readonly drained?: () => Promise<void>;
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<Uint8Array>;
  /** The same in pieces, for what may be too long for memory. */
  readonly stdinPieces: () => AsyncIterable<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Today as an ISO date. */
  readonly today: string;
  /** Now as an ISO time. */
  readonly now: () => string;
  /** True where a person sees standard error: progress may be shown. */
  readonly interactive: boolean;
  /** Asks a person at the terminal; absent where there is none. */
  readonly ask?: (question: string) => Promise<string>;
  /** A conversation over standard input, also where that is a pipe: the answer to a question, or nothing where the input has ended. */
  readonly converse: <T>(talk: (ask: (question: string) => Promise<string | undefined>) => Promise<T>) => Promise<T>;
  /** Folder of the check pages that ship with the program. */
  readonly pages: URL;
  /**
   * Does work that must not leave anything behind: `cleanUp` runs where a signal ends the program in the middle, which waits some seconds for it, or
   * until a second signal, and then names what is left.
   */
  readonly whileRunning: WhileRunning;
}
