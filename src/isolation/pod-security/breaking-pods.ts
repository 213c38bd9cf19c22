// The pods of a namespace that a level would not admit: what the API server itself looks at when the label of the namespace changes.

import type { Inventory } from '../../inventory/index.ts';
import { judgePodSecurity, newestPodSecurityMinor } from '../../kube/pod-security/index.ts';
import { asObject } from '../../model/index.ts';
import type { StandingLevel } from './find-standings.ts';

/** Names of existing pods, not of templates. `minor` is the policy version, 1.N. */
export function findBreakingPods(
  inventory: Inventory,
  { namespace, level, minor }: { namespace: string; level: StandingLevel; minor: number },
): string[] {
  if (level === 'privileged') return [];
  const version = Math.min(minor, newestPodSecurityMinor);
  return inventory
    .ofKindIn('/Pod', namespace)
    .filter(({ raw }) => {
      const pod = { metadata: asObject(raw['metadata']), spec: asObject(raw['spec']) };
      return judgePodSecurity(pod, level, version).length > 0;
    })
    .map(({ name }) => name);
}
