// The rights that would close the gaps of a backup, for a cluster administrator to give: pure.

import { pushTo } from '../../model/index.ts';
import type { CollectProblem } from './gap.ts';

/** One verb on some kinds. */
export interface RightToAsk {
  /** '' for the whole cluster. */
  readonly namespace: string;
  readonly verb: string;
  /** `deployments.apps`, sorted. Names of objects are left out: other objects will have others. */
  readonly resources: readonly string[];
}

/** Of a refused request by kinds; a path is none. */
function wantedBy({ missingRule }: CollectProblem): RightToAsk[] {
  const { namespace = '', verbs = [], apiGroups = [], resources = [] } = missingRule ?? {};
  const suffix = apiGroups[0] ? `.${apiGroups[0]}` : '';
  const names = resources.map((resource) => `${resource}${suffix}`);
  return names.length === 0 ? [] : verbs.map((verb) => ({ namespace, verb, resources: names }));
}

/** By namespace and verb; nothing where no right is missing. */
export function rightsToAsk(problems: readonly CollectProblem[]): readonly RightToAsk[] {
  const found = new Map<string, RightToAsk[]>();
  for (const right of problems.flatMap(wantedBy)) pushTo(found, `${right.namespace} ${right.verb}`, right);
  return [...found.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, rights]) => {
      const resources = [...new Set(rights.flatMap((each) => each.resources))].toSorted();
      return rights.slice(0, 1).map((first) => ({ ...first, resources }));
    });
}
