// The API endpoint is open to known addresses only: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const apiEndpointRestricted = clusterOnlyCheck(
  {
    id: 'api-endpoint-restricted',
    family: 'control-plane',
    title: 'The API endpoint is open to known addresses only',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'CIS', id: 'EKS 5.4.1' }],
    remediation: 'Make the endpoint private or restrict the addresses that may reach it.',
    minutes: 60,
    settledBy: 'the settings of the cluster',
  },
  'who can reach the API endpoint cannot be seen in files',
);
