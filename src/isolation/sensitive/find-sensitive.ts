// Sensitive workloads, what makes them so, and what holds an intruder in them today.

import { isolatingPolicies } from '../../checks/network/isolation.ts';
import { type Inventory, positionOf, type Workload } from '../../inventory/index.ts';
import { tokenMount } from '../../inventory/rights/accounts.ts';
import { asArray, asObject, asString, type Position } from '../../model/index.ts';
import { findReasons, type Reason, type ReasonKind, type Setting } from './find-reasons.ts';

export interface Holds {
  readonly ingressIsolated: boolean;
  readonly egressIsolated: boolean;
  /** What the namespace enforces; `none` where it says nothing, `undefined` where the input does not hold the namespace. */
  readonly podSecurity: string | undefined;
  /** `undefined` where the input cannot tell. */
  readonly tokenMounted: boolean | undefined;
  readonly runtimeClass: string | undefined;
  /** It is sent to nodes of its own: by a selector and a toleration of their taint. */
  readonly dedicatedNodes: boolean;
  /** The input holds a ResourceQuota for the namespace. */
  readonly quota: boolean;
}

export interface SensitiveWorkload {
  readonly workload: Workload;
  readonly position: Position;
  readonly reasons: readonly Reason[];
  readonly holds: Holds;
}

/** Worth something to an intruder by itself; being reached is what makes the rest urgent. */
const valuable: readonly ReasonKind[] = ['data', 'secrets', 'identity', 'node'];

export function has({ reasons }: Pick<SensitiveWorkload, 'reasons'>, ...kinds: readonly ReasonKind[]): boolean {
  return reasons.some(({ kind }) => kinds.includes(kind));
}

function hasOwnNodes({ spec }: Workload): boolean {
  const required = asObject(asObject(spec['affinity'])['nodeAffinity'])[
    'requiredDuringSchedulingIgnoredDuringExecution'
  ];
  const selects = Object.keys(asObject(spec['nodeSelector'])).some((key) => !/^kubernetes\.io\/(?:os|arch)$/.test(key));
  return (selects || required !== undefined) && asArray(spec['tolerations']).length > 0;
}

function holdsOf(inventory: Inventory, workload: Workload): Holds {
  const { namespace } = workload.object;
  const labels = inventory.namespaceLabels(namespace);
  return {
    ingressIsolated: isolatingPolicies(inventory, workload, 'ingress').length > 0,
    egressIsolated: isolatingPolicies(inventory, workload, 'egress').length > 0,
    podSecurity: labels === undefined ? undefined : (labels['pod-security.kubernetes.io/enforce'] ?? 'none'),
    tokenMounted: tokenMount(inventory, workload)?.mounted,
    runtimeClass: asString(workload.spec['runtimeClassName']),
    dedicatedNodes: hasOwnNodes(workload),
    quota: inventory.ofKindIn('/ResourceQuota', namespace).length > 0,
  };
}

/** How urgent: reached from outside and worth something first. */
function weight(each: SensitiveWorkload): number {
  const worth = valuable.filter((kind) => has(each, kind)).length;
  return worth + (has(each, 'outside') ? 10 : 0) + (has(each, 'identity', 'node') ? 5 : 0);
}

/** Those that are worth something or reached from outside, the most urgent first. */
export function findSensitive(setting: Setting): SensitiveWorkload[] {
  const { inventory } = setting;
  return inventory.workloads
    .flatMap((workload) => {
      const reasons = findReasons(setting, workload);
      if (reasons.length === 0) return [];
      return {
        workload,
        position: positionOf(inventory, workload.object, []),
        reasons,
        holds: holdsOf(inventory, workload),
      };
    })
    .toSorted((a, b) => weight(b) - weight(a));
}
