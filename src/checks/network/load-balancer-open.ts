// Finds load balancers that every address may reach.

import { asArray, asObject, type JsonObject, type KubeObject, toText } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { addressRange } from '../questions.ts';
import { asking, offer, way } from '../fix.ts';

/** Annotations by which providers make a load balancer internal; those of GKE say it in the value. */
const internal = /internal|private|scheme/i;
const notInternal = /^(?:false|external|internet-facing)$/i;
/** Annotations that narrow down the callers, as loadBalancerSourceRanges does. Sources: the providers' manuals. */
const sourceRanges = /(?:source-ranges|allowed-ip-ranges)$/;

function isInternal(annotations: JsonObject): boolean {
  return Object.entries(annotations).some(
    ([key, value]) => value === 'Internal' || (internal.test(key) && !notInternal.test(toText(value))),
  );
}

function admitsEverybody({ raw }: KubeObject): boolean {
  const annotations = asObject(asObject(raw['metadata'])['annotations']);
  const [, annotated = ''] = Object.entries(annotations).find(([key]) => sourceRanges.test(key)) ?? [];
  const ranges = [...asArray(asObject(raw['spec'])['loadBalancerSourceRanges']), ...toText(annotated).split(',')]
    .map((range) => toText(range).trim())
    .filter((range) => range !== '');
  return !isInternal(annotations) && (ranges.length === 0 || ranges.some((range) => range.endsWith('/0')));
}

export const loadBalancerOpen = objectCheck(
  {
    id: 'load-balancer-open',
    family: 'network',
    title: 'Load balancers admit known callers',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [{ framework: 'NSA', id: 'Network separation' }],
    remediation: 'Set loadBalancerSourceRanges, or put the Service behind an Ingress or Gateway with TLS.',
    minutes: 15,
  },
  {
    kinds: ['/Service'],
    applies: ({ raw }) => asObject(raw['spec'])['type'] === 'LoadBalancer',
    find: (service) => {
      if (!admitsEverybody(service)) return undefined;
      return {
        message: `Service "${service.name}" is a load balancer that admits every address, without TLS of its own`,
        path: ['spec', 'type'],
        evidence: 'neither loadBalancerSourceRanges nor an annotation narrows down the callers',
      };
    },
    fix: (_service, { path = [] }) =>
      offer(
        asking(
          {
            id: 'name-callers',
            title: 'Admit the callers that you name',
            consequence: 'every other address is refused, where the provider of the load balancer honours the field',
          },
          addressRange,
          (answer) => [{ op: 'set', path: ['spec', 'loadBalancerSourceRanges'], value: [answer] }],
        ),
        way(
          {
            id: 'cluster-only',
            title: 'Make it a Service of the cluster alone',
            consequence:
              'it is reached from outside only where an Ingress or a Gateway leads to it; the load balancer and its address go',
          },
          [{ op: 'set', path, value: 'ClusterIP' }],
        ),
      ),
  },
);
