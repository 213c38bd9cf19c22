// Notes which answers rest on kinds that could not be listed: what was not seen must not be taken for absent.

import type { Snapshot } from '../model/index.ts';

export interface Watched<T> {
  readonly result: T;
  /** Kinds, as `group/Kind`, that the work asked for and that were not listed. */
  readonly unseen: ReadonlySet<string>;
}

/** One for each inventory. Nested watches are apart: each answers for what it asked itself. */
export class UnseenKinds {
  private readonly hidden: ReadonlySet<string>;
  private asked: Set<string> | undefined;

  constructor({ facts }: Snapshot) {
    this.hidden = new Set((facts.cluster?.notListed ?? []).map(({ group, kind }) => `${group}/${kind}`));
  }

  /** False where everything was listed, as it always is for files. */
  get some(): boolean {
    return this.hidden.size > 0;
  }

  note(groupKind: string): void {
    // Asked a hundred times for each object.
    if (this.hidden.size === 0) return;
    if (this.hidden.has(groupKind) || this.hidden.has(groupKind.replace(/\/.*/, '/*'))) this.asked?.add(groupKind);
  }

  noteAll(groupKinds: Iterable<string>): void {
    for (const groupKind of groupKinds) this.note(groupKind);
  }

  watch<T>(work: () => T): Watched<T> {
    const before = this.asked;
    const unseen = new Set<string>();
    this.asked = unseen;
    try {
      return { result: work(), unseen };
    } finally {
      this.asked = before;
    }
  }
}
