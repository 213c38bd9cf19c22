// Finds volumes that mount a place of the node which leads to the rest of it.

import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hostPathVolumes } from './host-paths.ts';

export const hostPathSensitive = workloadCheck(
  compromiseMeta({
    id: 'host-path-sensitive',
    title: 'Pods mount no sensitive path of the node',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.2.11' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove the volume, or mount the one file that is needed, read-only.',
    minutes: 30,
  }),
  {
    find: (workload) =>
      hostPathVolumes(workload).flatMap(({ name, hostPath, at, sensitive }) => {
        if (sensitive === undefined) return [];
        return {
          message: `volume "${name}" mounts "${hostPath}" of the node: ${sensitive.consequence}`,
          path: at,
          evidence: `hostPath.path is ${hostPath}`,
          severity: sensitive.severity,
        };
      }),
  },
);
