// What is known of the runs of a schedule, and how a list of what they have made tells it.

/** What an object says of its runs: ISO times, '' for none. */
export interface Runs {
  readonly succeeded: string;
  /** How the newest run that is over went wrong; '' where it did not. */
  readonly trouble: string;
  readonly refusal: string;
  readonly isUnderWay: boolean;
  readonly evidence: string;
}

/** What a run has made: an object of its own. */
export interface MadeRun {
  /** `backup "daily-1"`. */
  readonly title: string;
  /** In the tool's own words. */
  readonly phase: string;
  readonly outcome: 'succeeded' | 'failed' | 'under way';
  /** ISO time; '' where it tells none. */
  readonly time: string;
}

/** `success`: the phase of one that is well, in the tool's own words. */
export function runsMade(
  made: readonly MadeRun[],
  { refusal, success }: { readonly refusal: string; readonly success: string },
): Runs {
  const newestFirst = made.toSorted((a, b) => b.time.localeCompare(a.time));
  const over = newestFirst.find(({ outcome }) => outcome !== 'under way');
  const good = newestFirst.find(({ outcome }) => outcome === 'succeeded');
  return {
    succeeded: good?.time ?? '',
    trouble: over?.outcome === 'failed' ? `its ${over.title} is ${over.phase}` : '',
    refusal,
    isUnderWay: made.some(({ outcome }) => outcome === 'under way'),
    evidence:
      good === undefined ? `no backup of it is ${success}` : `the last one that is ${success} is the ${good.title}`,
  };
}

/** `2026-11-30 02:00 UTC`. */
export function tellTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
