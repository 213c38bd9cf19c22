// What a use case is given of the world around it.

import type { Clock } from '../api/index.ts';
import type { WhileRunning } from './passing.ts';

/** The world around a use case. */
export interface Outside {
  readonly stdin: () => Promise<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Today as an ISO date. */
  readonly today: string;
  /** Told what is going on, in a few words. */
  readonly progress: (what: string) => void;
  /** How to wait for a server that is busy; the system's own time unless told. */
  readonly clock?: Clock;
  /** Without it, what is made for a while stays where a signal ends the program. */
  readonly whileRunning?: WhileRunning;
}
