// Finds Services that let users in through a port of the nodes.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

/** Kinds that lead requests to a Service. */
const routeKinds = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
];

export const nodePortEntry = objectCheck(
  minikubeMeta({
    id: 'node-port-entry',
    title: 'Users come in through an Ingress, a Gateway or a load balancer',
    severity: 'medium',
    remediation: 'Make the Service a ClusterIP and put an Ingress or a Gateway route in front of it.',
    minutes: 45,
  }),
  {
    kinds: ['/Service'],
    find: (service, { inventory }) => {
      if (asObject(service.raw['spec'])['type'] !== 'NodePort') return undefined;
      // Some clouds' ingress controllers reach their backends through node ports.
      if (inventory.referencesTo(service, routeKinds).some(({ use }) => use === 'backend')) return undefined;
      return {
        message: `Service "${service.name}" is reached by the address of a node and a high port: nodes come and go, and often have no public address`,
        path: ['spec', 'type'],
        evidence: 'type is NodePort, and no Ingress or route of the input leads to it',
      };
    },
  },
);
