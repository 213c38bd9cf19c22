// The pods of a workload as an end of connections, and all policies of an input.

import { findNetwork, type Inventory, labelsOfPods, namedPorts, viewOf, type Workload } from '../inventory/index.ts';
import { asArray, asObject, asString, isListOf, type KubeObject } from '../model/index.ts';
import { type IpAddress, parseIpAddress } from '../kube/cidr.ts';
import { compilePolicies, policyKinds, type PolicySet } from './compile-policies.ts';
import { type KnownLabels, namespaceLabelsOf, type PodEnd } from './ends.ts';
import type { Known } from './known.ts';

/** Labels that controllers add to the pods they make, by their group: the template does not tell them. Source: Well-Known Labels, Annotations and Taints. */
const generated: Readonly<Record<string, readonly string[]>> = {
  apps: [
    'pod-template-hash',
    'pod-template-generation',
    'controller-revision-hash',
    'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index',
  ],
  batch: [
    'controller-uid',
    'job-name',
    'batch.kubernetes.io/controller-uid',
    'batch.kubernetes.io/job-name',
    'batch.kubernetes.io/job-completion-index',
  ],
};

const anyGenerated: ReadonlySet<string> = new Set(Object.values(generated).flat());

/** Whether pods may get a label that their template does not tell: from their controller, or from a mesh that injects its proxy. */
export function mayComeLater(key: string): boolean {
  return anyGenerated.has(key) || key.includes('.istio.io/');
}

/** Whether something adds a label after the template: the kind's controller, a mesh that injects its proxy, or a controller we do not know. */
function labelsOf(workload: Workload): KnownLabels {
  const { object, templatePath } = workload;
  const labels = labelsOfPods(workload);
  if (templatePath.length === 0) return { values: labels, isOpen: () => false };
  const added = object.group === '' ? [] : generated[object.group];
  const isOpen = (key: string): boolean =>
    !Object.hasOwn(labels, key) && (added === undefined || added.includes(key) || key.includes('.istio.io/'));
  return { values: labels, isOpen };
}

/** Addresses are known of a live pod only: what a file tells of them was true once. */
function addressesOf({ snapshot }: Inventory, { raw }: KubeObject): IpAddress[] {
  if (snapshot.facts.cluster === undefined) return [];
  return asArray(asObject(raw['status'])['podIPs']).flatMap(
    (each) => parseIpAddress(asString(asObject(each)['ip']) ?? '') ?? [],
  );
}

export function podEndOf(inventory: Inventory, workload: Workload): PodEnd {
  const { object, spec } = workload;
  return {
    kind: 'pod',
    namespace: object.namespace,
    labels: labelsOf(workload),
    namespaceLabels: namespaceLabelsOf(object.namespace, inventory.namespaceLabels(object.namespace)),
    isHostNetwork: spec['hostNetwork'] === true,
    addresses: addressesOf(inventory, object),
    ports: namedPorts(workload),
  };
}

/** Plugins that take blocks for addresses outside only. Source: docs.cilium.io, "CIDR rules do not apply to traffic where both sides are managed by Cilium". */
const blocksAreOutside: ReadonlySet<string> = new Set(['Cilium', 'GKE Dataplane V2']);

function blocksHoldPods(inventory: Inventory): Known {
  if (inventory.snapshot.facts.cluster === undefined) return undefined;
  const { plugins, enforcesPolicies } = findNetwork(viewOf(inventory));
  if (plugins.some(({ name }) => blocksAreOutside.has(name))) return plugins.length === 1 ? false : undefined;
  return plugins.length > 0 && enforcesPolicies === true ? true : undefined;
}

/** Policies of any kinds, read as this input's cluster holds them. */
export function compilePoliciesFor(inventory: Inventory, objects: readonly KubeObject[]): PolicySet {
  return compilePolicies(objects, { blocksHoldPods: blocksHoldPods(inventory) });
}

/** Lists of policies that could not be made: nothing may be concluded from what is not there. */
function unseenPolicies({ snapshot }: Inventory): ReadonlyMap<string, string> {
  const lists = (snapshot.facts.cluster?.notListed ?? []).filter((list) =>
    policyKinds.some((kind) => {
      const [group = '', name = ''] = kind.split('/');
      return isListOf(list, group, name);
    }),
  );
  return new Map(
    lists.map(({ kind, resource, namespace }) => {
      const what = kind === '*' ? resource : `${kind.replace(/y$/, 'ie')}s`;
      return [namespace, `${what} of ${namespace === '' ? 'the cluster' : `namespace ${namespace}`}`];
    }),
  );
}

/** All objects of an input that are policies, of any kind. */
export function policyObjects(inventory: Inventory): KubeObject[] {
  return policyKinds.flatMap((kind) => inventory.ofKind(kind));
}

/** For `inventory.derive`: made once for all questions. */
export function policiesOf(inventory: Inventory): PolicySet {
  return { ...compilePoliciesFor(inventory, policyObjects(inventory)), unseen: unseenPolicies(inventory) };
}
