// Finds volumes that give a pod the socket of the container runtime, or the folder it is in.

import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hostPathVolumes } from './host-paths.ts';

export const runtimeSocket = workloadCheck(
  compromiseMeta({
    id: 'runtime-socket',
    title: 'No pod can command the container runtime',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.2.11' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove the volume; build images with a builder that needs no runtime, such as BuildKit without root.',
    minutes: 60,
  }),
  {
    find: (workload) =>
      hostPathVolumes(workload).flatMap(({ name, hostPath, at, socket }) => {
        if (socket === undefined) return [];
        return {
          message: `volume "${name}" gives the pod the socket of the container runtime: it can start a privileged container on the node`,
          path: at,
          evidence: `hostPath.path is ${hostPath}, and the socket is ${socket}`,
        };
      }),
  },
);
