// Judges whether the target version still gets updates.

import { findRelease, isSupported } from '../../kube/versions.ts';
import { appCheck } from '../check.ts';

export const kubernetesVersionSupported = appCheck(
  {
    id: 'kubernetes-version-supported',
    family: 'control-plane',
    title: 'The target version of Kubernetes is supported',
    leg: 'security',
    level: 2,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'NSA', id: 'Upgrading' }],
    remediation: 'Upgrade the cluster to a version that still gets security updates.',
    minutes: 240,
  },
  {
    applies: ({ options }) => findRelease(options.minor) !== undefined,
    find: ({ options: { minor, today } }) => {
      if (isSupported(minor, today)) return undefined;
      return {
        message: `Kubernetes 1.${minor} gets no more security updates`,
        evidence: `end of life ${findRelease(minor)?.endOfLife ?? ''}`,
      };
    },
  },
);
