// How many requests may be under way at once: as many as were asked for, and fewer while the server says that it has too many.

export interface Pass {
  /** Gives the place back. `busy`: the server said 429 or 503. */
  readonly leave: (busy: boolean) => void;
}

export interface Gate {
  /** Waits for a free place; rejects with the signal's reason. */
  readonly enter: (signal?: AbortSignal) => Promise<Pass>;
  /** Places there are now. */
  readonly places: () => number;
}

interface Waiting {
  readonly admit: (pass: Pass) => void;
}

/** Additive increase, multiplicative decrease: half of the places after a busy answer, one more for every round of answers without. */
class AdaptiveGate implements Gate {
  private limit: number;
  private taken = 0;
  /** Answers to requests from before the last decrease say nothing new. */
  private era = 0;
  private readonly waiting = new Set<Waiting>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
    this.limit = most;
  }

  enter(signal?: AbortSignal): Promise<Pass> {
    if (this.taken < this.places()) return Promise.resolve(this.admit());
    return new Promise<Pass>((resolve, reject) => {
      const abort = (): void => {
        this.waiting.delete(waiting);
        reject(signal?.reason);
      };
      const waiting = {
        admit: (pass: Pass): void => {
          signal?.removeEventListener('abort', abort);
          resolve(pass);
        },
      };
      if (signal?.aborted === true) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.waiting.add(waiting);
    });
  }

  places(): number {
    return Math.max(1, Math.floor(this.limit));
  }

  private admit(): Pass {
    this.taken += 1;
    const { era } = this;
    return {
      leave: (busy) => {
        this.taken -= 1;
        this.learn(busy, era);
        this.admitWaiting();
      },
    };
  }

  private learn(busy: boolean, era: number): void {
    if (!busy) this.limit = Math.min(this.most, this.limit + 1 / this.limit);
    else if (era === this.era) {
      this.limit = Math.max(1, this.limit / 2);
      this.era += 1;
    }
  }

  private admitWaiting(): void {
    for (const waiting of this.waiting) {
      if (this.taken >= this.places()) return;
      this.waiting.delete(waiting);
      waiting.admit(this.admit());
    }
  }
}

export function createGate(most: number): Gate {
  return new AdaptiveGate(most);
}
