// Runs stages side by side as far as they need nothing of each other, with a bounded number of items under way, and items after those that own them.

import { pushTo } from '../../model/index.ts';

export interface StageRun<T> {
  readonly name: string;
  /** Names of stages that must have ended; one that is not run holds up nobody. */
  readonly needs: readonly string[];
  /** Waits also for items that wait for their owners. */
  readonly isLast: boolean;
  /** Called when its needs are met: what is to be done. */
  readonly begin: () => Promise<readonly T[]>;
  readonly end: () => Promise<void>;
}

export interface StageWork<T> {
  /** Items under way at once. */
  readonly concurrency: number;
  /** By which others wait for it; '' where none does. */
  readonly keyOf: (item: T) => string;
  readonly waitsFor: (item: T) => readonly string[];
  /** Throws only where nothing more can be done: then no other item is begun. */
  readonly run: (item: T) => Promise<void>;
}

interface Running<T> {
  readonly run: StageRun<T>;
  state: 'waiting' | 'beginning' | 'open' | 'ending' | 'ended';
  items: readonly T[];
  at: number;
  underWay: number;
}

class StageRunner<T> {
  private readonly stages: readonly Running<T>[];
  private readonly work: StageWork<T>;
  private readonly done = new Set<string>();
  private readonly waiting = new Map<string, T[]>();
  /** Wait for their owners, or did, and are not through yet. */
  private readonly held = new Set<T>();
  private released: T[] = [];
  /** Items and beginnings and ends of stages. */
  private underWay = 0;
  private itemsUnderWay = 0;
  private readonly failures: unknown[] = [];
  private settle: () => void = () => undefined;

  constructor(stages: readonly StageRun<T>[], work: StageWork<T>) {
    this.stages = stages.map((run) => ({ run, state: 'waiting', items: [], at: 0, underWay: 0 }));
    this.work = work;
  }

  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.settle = resolve;
      this.step();
    });
    if (this.failures.length > 0) throw this.failures[0];
  }

  private step(): void {
    if (this.failures.length === 0) {
      for (const stage of this.stages) if (this.mayBegin(stage)) this.begin(stage);
      this.startItems();
      for (const stage of this.stages) if (this.isThrough(stage)) this.end(stage);
    }
    if (this.underWay > 0) return;
    if (this.failures.length > 0 || this.stages.every(({ state }) => state === 'ended')) this.settle();
    else this.releaseOrphans();
  }

  private mayBegin({ run, state }: Running<T>): boolean {
    if (state !== 'waiting' || (run.isLast && this.held.size > 0)) return false;
    return this.stages.every((each) => each.state === 'ended' || !run.needs.includes(each.run.name));
  }

  private isThrough({ state, items, at, underWay }: Running<T>): boolean {
    return state === 'open' && at === items.length && underWay === 0;
  }

  private track(doing: Promise<void>, after: () => void): void {
    this.underWay += 1;
    void doing
      .catch((error: unknown) => this.failures.push(error))
      .then(() => {
        this.underWay -= 1;
        after();
        this.step();
      });
  }

  private begin(stage: Running<T>): void {
    stage.state = 'beginning';
    const beginning = stage.run.begin().then((items) => {
      stage.items = items;
    });
    this.track(beginning, () => {
      stage.state = 'open';
    });
  }

  private end(stage: Running<T>): void {
    stage.state = 'ending';
    stage.items = [];
    stage.at = 0;
    this.track(stage.run.end(), () => {
      stage.state = 'ended';
    });
  }

  private startItems(): void {
    while (this.itemsUnderWay < this.work.concurrency) {
      const released = this.released.shift();
      if (released !== undefined) {
        this.start(released, undefined);
        continue;
      }
      const stage = this.stages.find(({ state, items, at }) => state === 'open' && at < items.length);
      if (stage === undefined) return;
      this.take(stage);
    }
  }

  private take(stage: Running<T>): void {
    const item = stage.items[stage.at] as T;
    stage.at += 1;
    const owner = this.missingOwner(item);
    if (owner === undefined) return this.start(item, stage);
    this.held.add(item);
    pushTo(this.waiting, owner, item);
  }

  private missingOwner(item: T): string | undefined {
    return this.work.waitsFor(item).find((key) => !this.done.has(key));
  }

  private start(item: T, stage: Running<T> | undefined): void {
    this.itemsUnderWay += 1;
    if (stage !== undefined) stage.underWay += 1;
    this.track(this.work.run(item), () => {
      this.itemsUnderWay -= 1;
      if (stage !== undefined) stage.underWay -= 1;
      this.held.delete(item);
      this.releaseOwned(this.work.keyOf(item));
    });
  }

  private releaseOwned(key: string): void {
    if (key === '') return;
    this.done.add(key);
    const owned = this.waiting.get(key) ?? [];
    this.waiting.delete(key);
    for (const item of owned) {
      const next = this.missingOwner(item);
      if (next !== undefined) pushTo(this.waiting, next, item);
      else this.released.push(item);
    }
  }

  /** Nothing moves any more: who still waits owns itself, in a circle. */
  private releaseOrphans(): void {
    if (this.held.size === 0) throw new Error('stages of a restore need each other');
    this.released.push(...this.held);
    this.waiting.clear();
    this.step();
  }
}

/** Ends when all stages have. Throws the first failure, after what was under way. */
export function runStages<T>(stages: readonly StageRun<T>[], work: StageWork<T>): Promise<void> {
  return new StageRunner(stages, work).finish();
}
