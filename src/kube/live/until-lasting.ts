// Looks at workloads again and again until their readiness has lasted, or waiting longer is no use.

import { followReadiness, type HeldReadiness, type Sight } from './lasting-readiness.ts';

/** What differs from one waiting to the next. */
export interface Waiting<Look extends Sight, Answer> {
  readonly look: () => Promise<Look>;
  readonly hasLasted: (held: HeldReadiness, look: Look) => boolean;
  /** Asked only where no readiness holds: one that began in time is looked at to its end. */
  readonly isTooLate: (look: Look) => boolean;
  /** Asked each time that a readiness begins, and where it gets too late without one. */
  readonly ask: () => Promise<Answer>;
  readonly tell: (look: Look, isReady: boolean) => void;
  /** Until the next look. */
  readonly pause: () => Promise<void>;
}

/** A look, and the readiness that holds at it. */
interface Moment<Look> {
  readonly look: Look;
  readonly held: HeldReadiness | undefined;
}

/** How it ended. */
export interface Ending<Look> {
  /** The last look. */
  readonly look: Look;
  readonly lasts: boolean;
  /** The readiness that the last look broke; `undefined` where it lasted, or where there was none. */
  readonly broken: HeldReadiness | undefined;
}

async function untilReady<Look extends Sight>(waiting: Waiting<Look, unknown>): Promise<Moment<Look>> {
  for (;;) {
    const look = await waiting.look();
    const held = followReadiness(undefined, look);
    if (held !== undefined || waiting.isTooLate(look)) return { look, held };
    waiting.tell(look, false);
    await waiting.pause();
  }
}

async function whileReady<Look extends Sight>(
  waiting: Waiting<Look, unknown>,
  first: Moment<Look>,
): Promise<Ending<Look>> {
  let { look, held } = first;
  while (held !== undefined && !waiting.hasLasted(held, look)) {
    waiting.tell(look, true);
    await waiting.pause();
    look = await waiting.look();
    const next = followReadiness(held, look);
    if (next === undefined) return { look, lasts: false, broken: held };
    held = next;
  }
  return { look, lasts: held !== undefined, broken: undefined };
}

/** `answer`: to what was asked when the readiness of the last look began. What an app says that falls over right after is worth nothing. */
export async function untilLasting<Look extends Sight, Answer>(
  waiting: Waiting<Look, Answer>,
): Promise<Ending<Look> & { readonly answer: Answer }> {
  for (;;) {
    const first = await untilReady(waiting);
    const answer = await waiting.ask();
    const ending = await whileReady(waiting, first);
    if (ending.lasts || waiting.isTooLate(ending.look)) return { ...ending, answer };
  }
}
