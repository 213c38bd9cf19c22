// Finds workloads that strangers reach and that share the kernel of their node.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { asObject, isIn } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { nameOf } from '../questions.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';

const routes = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TLSRoute',
  'gateway.networking.k8s.io/TCPRoute',
];

/** Whether requests from outside the cluster come to the pods: by a route, or a Service that has a way in of its own. */
function isReached(workload: Workload, inventory: Inventory): boolean {
  return inventory
    .selectorsOf(workload, '/Service')
    .some(
      (service) =>
        isIn(['LoadBalancer', 'NodePort'], asObject(service.raw['spec'])['type']) ||
        inventory.referencesTo(service, routes).some(({ use }) => use === 'backend'),
    );
}

export const sandboxMissing = workloadCheck(
  compromiseMeta({
    id: 'sandbox-missing',
    title: 'Programs that strangers reach run in a sandbox',
    severity: 'low',
    references: [{ framework: 'Kubernetes', id: 'RuntimeClass' }],
    remediation:
      'Name a RuntimeClass of the cluster whose containers do not share the kernel of the node, such as gVisor or Kata.',
    minutes: 60,
  }),
  {
    applies: (workload, { inventory }) => isLinux(workload) && isReached(workload, inventory),
    find: ({ object, spec, specPath }) => {
      if (spec['runtimeClassName'] !== undefined) return undefined;
      return {
        message: `requests from outside reach "${object.name}", and one flaw of the kernel leads from it to the node`,
        path: [...specPath, 'runtimeClassName'],
        evidence: 'runtimeClassName is not set: containers share the kernel of the node',
      };
    },
    fix: askValue(
      {
        id: 'name-class',
        title: 'Run the pods under a RuntimeClass of the cluster',
        consequence:
          'pods are refused where the cluster has no such class; `kubectl get runtimeclass` lists them, and a sandbox slows system calls down',
      },
      nameOf('RuntimeClass', 'gvisor'),
    ),
  },
);
