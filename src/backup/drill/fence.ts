// The fence of a drill: what is restored behind it reaches nobody outside, and nobody outside reaches it. Pure.

import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import { counters } from '../restore/compare-live.ts';
import { type ClaimForDirectory, moveDirectoriesIn } from './inner-directories.ts';
import { leaveNodeNetwork } from './inner-network.ts';
import { changeAt, changeEach, removeAt, withoutKeys } from '../restore/edit-object.ts';

export const drillLabel = 'nowwhat.dev/drill';
export const fencePolicyName = 'nowwhat-drill';

/** Pods reach each other and the cluster's name server; all else is closed. */
export function fencePolicy(namespace: string): JsonObject {
  const own = { podSelector: {} };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: fencePolicyName, namespace },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [own] }],
      egress: [
        { to: [own] },
        {
          to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ],
    },
  };
}

/** Kinds that would open the fence or act on the outside: the API server is asked whether it takes them, and they are not made. */
const onlyAsked: ReadonlySet<string> = new Set([
  'networkpolicies.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'cronjobs.batch',
  'resourcequotas',
]);

/** Custom resources are read by operators, which act outside of the fence. */
function isCustom(groupResource: string): boolean {
  const [, ...group] = groupResource.split('.');
  const name = group.join('.');
  return name.includes('.') && !name.endsWith('.k8s.io');
}

/** What controllers make by themselves is theirs to make again. */
function isMadeByController(object: JsonObject): boolean {
  const owners = asArray(asObject(object['metadata'])['ownerReferences']).map(asObject);
  return owners.some(({ controller }) => controller === true);
}

/** Made anew in each namespace by the cluster itself. */
function isTheClusters({ groupResource, name }: EntryPlace): boolean {
  return (
    (groupResource === 'configmaps' && name === 'kube-root-ca.crt') || groupResource === 'leases.coordination.k8s.io'
  );
}

export function isDrilled(place: EntryPlace, object: JsonObject): boolean {
  return !isMadeByController(object) && !isTheClusters(place);
}

export function isOnlyAsked({ groupResource }: EntryPlace): boolean {
  return onlyAsked.has(groupResource) || isCustom(groupResource);
}

const outward = [
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'allocateLoadBalancerNodePorts',
  'loadBalancerClass',
  'loadBalancerIP',
  'loadBalancerSourceRanges',
  'externalIPs',
].map((field) => ['spec', field]);

/** A Service that leads in from outside leads in no more; within the fence it works as before. */
export function closeService(object: JsonObject): JsonObject {
  const { type } = asObject(object['spec']);
  if (type !== 'NodePort' && type !== 'LoadBalancer') return object;
  const inner = changeAt(removeAt(object, ...outward), ['spec', 'type'], () => 'ClusterIP');
  return changeAt(inner, ['spec', 'ports'], (ports) => changeEach(ports, (port) => removeAt(port, ['nodePort'])));
}

function withoutCounters(object: JsonObject): JsonObject {
  return changeAt(object, ['metadata', 'annotations'], (all) => withoutKeys(all, (key) => counters.has(key)));
}

/** Without it the copy would not be known as one, and stay. */
function marked(object: JsonObject): JsonObject {
  return changeAt(object, ['metadata', 'labels'], (labels) => ({ ...asObject(labels), [drillLabel]: 'true' }));
}

/** The object as it is made behind the fence, and as it is compared. */
export function fenceObject(place: EntryPlace, object: JsonObject, claimFor?: ClaimForDirectory): JsonObject {
  const { groupResource, namespace } = place;
  if (groupResource === 'namespaces') return withoutCounters(marked(object));
  if (groupResource === 'services') return withoutCounters(closeService(object));
  return withoutCounters(leaveNodeNetwork(moveDirectoriesIn(object, (path) => claimFor?.(namespace, path))));
}
