// What is made for a while only, and must not stay where the program is ended in the middle.

export interface Passing {
  /** Removes it, and sees to it that nothing more is made. */
  readonly remove: () => void | Promise<void>;
  /** What removes it by hand, each a command. */
  readonly byHand: () => readonly string[];
  /** What stays even so, and what to do about it: a sentence each. */
  readonly stays?: () => readonly string[];
}

/** How to remove it; by a function where a person need not know how. */
export type CleanUp = (() => void | Promise<void>) | Passing;

/** Does work, and removes what it makes for a while where a signal ends the program in the middle. */
export type WhileRunning = <T>(cleanUp: CleanUp, work: () => Promise<T>) => Promise<T>;

/** Hears of something before it is made. */
export type Remember = (passing: Passing) => void;

/** One for several that come up one after the other. */
export function gatherPassing(): Passing & { readonly remember: Remember } {
  const all: Passing[] = [];
  return {
    remember: (passing) => void all.push(passing),
    remove: async () => {
      const results = await Promise.allSettled(all.map(async ({ remove }) => await remove()));
      const failed = results.find((each) => each.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    byHand: () => all.flatMap(({ byHand }) => byHand()),
    stays: () => all.flatMap(({ stays }) => stays?.() ?? []),
  };
}
