// Finds Services that claim addresses with externalIPs.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerRemoval } from '../fix.ts';

export const serviceExternalIps = objectCheck(
  {
    id: 'service-external-ips',
    family: 'network',
    title: 'Services claim no foreign addresses',
    leg: 'security',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1557' }],
    remediation: 'Remove externalIPs and publish the Service through an Ingress, a Gateway or a load balancer.',
    minutes: 20,
  },
  {
    kinds: ['/Service'],
    find: ({ name, raw }) => {
      if (asArray(asObject(raw['spec'])['externalIPs']).length === 0) return undefined;
      return {
        message: `Service "${name}" takes over traffic to addresses of its own choice`,
        path: ['spec', 'externalIPs'],
        evidence: 'externalIPs is set',
      };
    },
    fix: offerRemoval({
      id: 'remove-addresses',
      title: 'Remove externalIPs',
      consequence: 'callers that use these addresses reach the Service no more',
    }),
  },
);
