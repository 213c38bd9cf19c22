// What is to be removed where a signal ends the program, and what to say of it where nobody waits for that.

import type { CleanUp } from '../app/passing.ts';

export class Tidying {
  private readonly open = new Set<CleanUp>();

  async whileRunning<T>(cleanUp: CleanUp, work: () => Promise<T>): Promise<T> {
    this.open.add(cleanUp);
    try {
      return await work();
    } finally {
      this.open.delete(cleanUp);
    }
  }

  /** All of it, the newest first; what cannot be removed stays in the list. What needs no time is gone when this returns its promise. */
  async cleanUp(): Promise<void> {
    const removed = [...this.open].toReversed().map(async (each) => {
      await (typeof each === 'function' ? each() : each.remove());
      this.open.delete(each);
    });
    await Promise.allSettled(removed);
  }

  /** Commands that remove what is still there. */
  byHand(): string[] {
    return [...this.open].flatMap((each) => (typeof each === 'function' ? [] : each.byHand()));
  }

  /** What stays whoever tidies, a sentence each. */
  staying(): string[] {
    return [...this.open].flatMap((each) => (typeof each === 'function' ? [] : (each.stays?.() ?? [])));
  }
}

/** What to say before it is removed; nothing where it takes no time. */
export function renderEnding(commands: readonly string[]): string {
  return commands.length === 0 ? '' : '\nEnding: what was made is removed first. Once more ends at once.\n';
}

/** What to say where it was not removed. */
export function renderLeft(commands: readonly string[]): string {
  const lines = commands.map((command) => `  ${command}\n`);
  return lines.length === 0 ? '' : `\nEnded before all was removed. This removes what may be left:\n${lines.join('')}`;
}

/** What to say of what was begun and is kept. */
export function renderStaying(sentences: readonly string[]): string {
  return sentences.map((sentence) => `\n${sentence}\n`).join('');
}
