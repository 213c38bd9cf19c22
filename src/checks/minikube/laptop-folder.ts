// Finds volumes that mount a folder of the developer's own machine.

import { workloadCheck } from '../check.ts';
import { hostPathVolumes } from '../workload-security/host-paths.ts';
import { isLaptopFolder } from './laptop-paths.ts';
import { minikubeMeta } from './minikube-meta.ts';

export const laptopFolder = workloadCheck(
  minikubeMeta({
    id: 'laptop-folder',
    title: 'Pods mount no folder of a laptop',
    severity: 'high',
    remediation: 'Build the files into the image, or keep them in a ConfigMap or a PersistentVolumeClaim.',
    minutes: 30,
  }),
  {
    find: (workload) =>
      hostPathVolumes(workload)
        .filter(({ hostPath }) => isLaptopFolder(hostPath))
        .map(({ name, hostPath, at }) => ({
          message: `volume "${name}" mounts "${hostPath}", a folder of somebody's machine: on another cluster it is empty or missing`,
          path: at,
          evidence: `hostPath.path is ${hostPath}`,
        })),
  },
);
