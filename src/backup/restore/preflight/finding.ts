// What a look at a cluster, before anything is written, has to say.

export interface PreflightFinding {
  /** `problem`: something will not work. `note`: something to know. `unknown`: it may not be read. */
  readonly level: 'problem' | 'note' | 'unknown';
  /** `storage class`, `node port`, `quota`, `limit range`, `pod security`, `webhook`, `image`. */
  readonly about: string;
  readonly message: string;
  /** Whose need it is: `deployments.apps shop/web`; the first of many. */
  readonly objects: readonly string[];
  /** How many there are in all. */
  readonly count: number;
}

const shown = 5;

export function finding(
  level: PreflightFinding['level'],
  about: string,
  message: string,
  objects: Iterable<string> = [],
): PreflightFinding {
  const all = [...new Set(objects)];
  return { level, about, message, objects: all.slice(0, shown), count: all.length };
}
