// Runs controllers: each is called with a key after something happened to it, one after the other, never in the middle of a write.

import type { StoreEvent } from '../store/store.ts';
import type { Actor } from './actor.ts';

export interface Controller {
  readonly name: string;
  /** The keys to look at after an event: `namespace/name`, or whatever `reconcile` understands. */
  readonly keysFor: (actor: Actor, event: StoreEvent) => readonly string[];
  readonly reconcile: (actor: Actor, key: string) => void;
}

interface Work {
  readonly controller: Controller;
  readonly key: string;
}

/** More rounds than any chain of controllers needs: a loop without end is a bug, and is told as one. */
const mostRounds = 200_000;

export class WorkLoop {
  readonly #actor: Actor;
  readonly #controllers: readonly Controller[];
  #queue = new Map<string, Work>();
  #isScheduled = false;
  #isClosed = false;
  #rounds = 0;
  #waiting: (() => void)[] = [];
  readonly failures: unknown[] = [];

  constructor(actor: Actor, controllers: readonly Controller[]) {
    this.#actor = actor;
    this.#controllers = controllers;
    actor.kernel.store.listen((event) => this.#notice(event));
  }

  #notice(event: StoreEvent): void {
    for (const controller of this.#controllers)
      for (const key of controller.keysFor(this.#actor, event))
        this.#queue.set(`${controller.name} ${key}`, { controller, key });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isClosed || this.#queue.size === 0) return;
    this.#isScheduled = true;
    setImmediate(() => this.#run());
  }

  /** One batch: requests get their turn between two of them. */
  #run(): void {
    this.#isScheduled = false;
    const batch = this.#queue;
    this.#queue = new Map();
    for (const { controller, key } of batch.values()) this.#reconcile(controller, key);
    this.#rounds = this.#queue.size === 0 ? 0 : this.#rounds + 1;
    if (this.#rounds > mostRounds) {
      this.failures.push(new Error(`controllers do not come to rest: ${[...this.#queue.keys()].join(', ')}`));
      this.#queue.clear();
    }
    if (this.#queue.size > 0) this.#schedule();
    else this.#rest();
  }

  #reconcile(controller: Controller, key: string): void {
    try {
      controller.reconcile(this.#actor, key);
    } catch (error) {
      this.failures.push(error);
    }
  }

  #rest(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves as soon as no controller has anything to do. */
  settled(): Promise<void> {
    if (this.#queue.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.clear();
    this.#rest();
  }
}
