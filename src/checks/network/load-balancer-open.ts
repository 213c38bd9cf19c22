// Finds load balancers that every address may reach.

import { asArray, asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

/** Annotations by which providers make a load balancer internal. */
const internal = /internal|private|scheme/i;

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
    find: ({ name, raw }) => {
      const annotations = asObject(asObject(raw['metadata'])['annotations']);
      const isInternal = Object.entries(annotations).some(
        ([key, value]) => internal.test(key) && !/^(?:false|external|internet-facing)$/i.test(asString(value) ?? ''),
      );
      if (isInternal || asArray(asObject(raw['spec'])['loadBalancerSourceRanges']).length > 0) return undefined;
      return {
        message: `Service "${name}" is a load balancer that admits every address, without TLS of its own`,
        path: ['spec', 'type'],
        evidence: 'loadBalancerSourceRanges is not set and no annotation makes it internal',
      };
    },
  },
);
