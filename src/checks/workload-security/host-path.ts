// Finds volumes that mount a path of the node, of those that are neither sensitive nor a runtime's socket.

import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hostPathVolumes } from './host-paths.ts';

export const hostPath = workloadCheck(
  compromiseMeta({
    id: 'host-path',
    title: 'Pods mount no path of the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.11' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Use a PersistentVolumeClaim for data, an emptyDir for scratch files, a ConfigMap for configuration.',
    minutes: 30,
  }),
  {
    find: (workload) =>
      hostPathVolumes(workload)
        .filter(({ socket, sensitive }) => socket === undefined && sensitive === undefined)
        .map(({ name, hostPath: path, at }) => ({
          message: `volume "${name}" mounts "${path}" of the node: pods there share it, and it is empty on every other node`,
          path: at,
          evidence: `hostPath.path is ${path}`,
        })),
  },
);
