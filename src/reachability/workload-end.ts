// The pods of a workload as an end of connections, and all policies of an input.

import { type Inventory, labelsOfPods, namedPorts, type Workload } from '../inventory/index.ts';
import { asArray, asObject, asString } from '../model/index.ts';
import { parseIpAddress } from '../kube/cidr.ts';
import { compilePolicies, otherPolicyKinds, type PolicySet } from './compile-policies.ts';
import { type KnownLabels, namespaceLabelsOf, type PodEnd } from './ends.ts';

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

/** Addresses are known of a live pod only. */
export function podEndOf(inventory: Inventory, workload: Workload): PodEnd {
  const { object, spec } = workload;
  const status = asObject(object.raw['status']);
  const texts = asArray(status['podIPs']).map((each) => asString(asObject(each)['ip']) ?? '');
  return {
    kind: 'pod',
    namespace: object.namespace,
    labels: labelsOf(workload),
    namespaceLabels: namespaceLabelsOf(object.namespace, inventory.namespaceLabels(object.namespace)),
    isHostNetwork: spec['hostNetwork'] === true,
    addresses: texts.flatMap((text) => parseIpAddress(text) ?? []),
    ports: namedPorts(workload),
  };
}

/** For `inventory.derive`: made once for all questions. */
export function policiesOf(inventory: Inventory): PolicySet {
  return compilePolicies(
    inventory.ofKind('networking.k8s.io/NetworkPolicy'),
    otherPolicyKinds.flatMap((kind) => inventory.ofKind(kind)),
  );
}
