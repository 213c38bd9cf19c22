// The metadata that most checks of this family share: who may do what in the cluster (security, level 1).

import type { CheckMeta } from '../../model/index.ts';

type Shared = 'family' | 'leg' | 'level' | 'owner';

/** Completes the facts of a check of this family; what is given wins. */
export function rbacMeta(facts: Omit<CheckMeta, Shared> & Partial<Pick<CheckMeta, Shared>>): CheckMeta {
  return { family: 'rbac', leg: 'security', level: 1, owner: 'developer', ...facts };
}
