// The metadata that most checks of this family share: they limit what a break-in can reach (security, level 4).

import type { CheckMeta } from '../../model/index.ts';

type Shared = 'family' | 'leg' | 'level' | 'owner';

/** Completes the facts of a check of this family; what is given wins. */
export function compromiseMeta(facts: Omit<CheckMeta, Shared> & Partial<Pick<CheckMeta, Shared>>): CheckMeta {
  return { family: 'workload-security', leg: 'security', level: 4, owner: 'developer', ...facts };
}
