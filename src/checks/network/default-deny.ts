// Whether a namespace starts from "nothing is allowed", per direction.

import type { Inventory } from '../../inventory/index.ts';
import { type Direction, isolatedDirections, rulesOf } from '../../kube/network-policy.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import type { AppDiagnostic } from '../check.ts';
import { allowsEverything } from './isolation.ts';

/** Namespaces that hold workloads of the input. */
export function usedNamespaces(inventory: Inventory): string[] {
  return [...new Set(inventory.workloads.map(({ object }) => object.namespace))].sort();
}

/** A policy that selects every pod and then allows everything denies nothing. */
function denies({ raw }: KubeObject, direction: Direction): boolean {
  return (
    isolatedDirections(raw).includes(direction) &&
    compileSelector(asObject(asObject(raw['spec'])['podSelector'])).isEmpty &&
    !rulesOf(raw, direction).some((rule) => allowsEverything(rule, direction))
  );
}

function isDenied(inventory: Inventory, namespace: string, direction: Direction): boolean {
  return inventory.ofKindIn('networking.k8s.io/NetworkPolicy', namespace).some((policy) => denies(policy, direction));
}

/** One diagnostic for each namespace without a policy that selects all its pods in this direction. */
export function findOpenNamespaces(inventory: Inventory, direction: Direction): AppDiagnostic[] {
  return usedNamespaces(inventory)
    .filter((namespace) => !isDenied(inventory, namespace, direction))
    .map((namespace) => {
      const object = inventory.find({ group: '', kind: 'Namespace', namespace: '', name: namespace });
      return {
        ...(object === undefined ? {} : { object }),
        message: `namespace "${namespace}" has no default deny for ${direction}: a pod that no policy names is open`,
        path: ['metadata', 'name'],
        evidence: `no NetworkPolicy with an empty podSelector and policyTypes ${direction === 'ingress' ? 'Ingress' : 'Egress'}`,
      };
    });
}
