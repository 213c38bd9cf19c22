// The metadata that most checks of this family share: what must change before the app leaves the laptop.

import type { CheckMeta } from '../../model/index.ts';

type Shared = 'family' | 'leg' | 'level' | 'owner' | 'references';

/** Completes the facts of a check of this family; what is given wins. */
export function minikubeMeta(facts: Omit<CheckMeta, Shared> & Partial<Pick<CheckMeta, Shared>>): CheckMeta {
  return { family: 'minikube', leg: 'deployment', level: 1, owner: 'developer', references: [], ...facts };
}
