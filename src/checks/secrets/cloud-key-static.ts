// Finds workloads that speak to a cloud with keys that do not expire.

import { containerCheck } from '../check.ts';
import { staticKeysOf } from './static-cloud-keys.ts';

export const cloudKeyStatic = containerCheck(
  {
    id: 'cloud-key-static',
    family: 'secrets',
    title: 'Workloads speak to the cloud as themselves',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'medium',
    references: [
      { framework: 'MITRE', id: 'T1552.007' },
      { framework: 'OWASP', id: 'K08' },
    ],
    remediation: 'Give the service account an identity of the cloud, and remove the keys and revoke them.',
    minutes: 60,
  },
  {
    find: (container, workload) =>
      staticKeysOf(container, workload).map(({ variable, path, instead }) => ({
        message: `container "${container.name}" speaks to a cloud with the key in "${variable}", which does not expire and works from anywhere`,
        path,
        evidence: `instead: ${instead}`,
      })),
  },
);
