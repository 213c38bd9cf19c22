// Finds Services that let users in through a port of the nodes.

import { asObject, type Edit, type JsonObject, asArray } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { asking, offer, way } from '../fix.ts';
import { hostName } from '../questions.ts';

/** Kinds that lead requests to a Service. */
const routeKinds = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
];

function ingressTo(name: string, port: JsonObject, host: string): JsonObject {
  const backend = {
    service: { name, port: port['name'] === undefined ? { number: port['port'] ?? 80 } : { name: port['name'] } },
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name },
    spec: { rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
  };
}

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
    fix: ({ name, raw, namespace }, { path = [] }, { inventory }) => {
      const ports = asArray(asObject(raw['spec'])['ports']).map(asObject);
      const edits: Edit[] = [
        { op: 'set', path, value: 'ClusterIP' },
        ...ports.flatMap((port, index): Edit[] =>
          port['nodePort'] === undefined ? [] : [{ op: 'remove', path: ['spec', 'ports', index, 'nodePort'] }],
        ),
      ];
      const [first] = ports;
      const service = inventory.find({ group: '', kind: 'Service', namespace, name });
      const isTaken = inventory.find({ group: 'networking.k8s.io', kind: 'Ingress', namespace, name }) !== undefined;
      return offer(
        service === undefined || first === undefined || isTaken
          ? undefined
          : asking(
              {
                id: 'ingress',
                leavesOpen: ['ingress-class-missing', 'ingress-without-tls'],
                title: 'Let users in through an Ingress',
                consequence:
                  'an ingress controller must run in the cluster, and the name lead to it; the port of the nodes is closed; its class and TLS are choices of ingress-class-missing and ingress-without-tls',
              },
              hostName,
              (host) => ({ edits, create: [{ raw: ingressTo(name, first, host), beside: service }] }),
            ),
        way(
          {
            id: 'cluster-only',
            title: 'Make it a Service of the cluster alone',
            consequence: 'from outside it is reached by kubectl port-forward only',
          },
          edits,
        ),
      );
    },
  },
);
