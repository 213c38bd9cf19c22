// Finds apps that keep their data in a folder of the node.

import type { Workload } from '../../inventory/index.ts';
import { type HostPathMount, hostPathMounts } from '../workload-security/host-paths.ts';
import { workloadCheck } from '../check.ts';
import { isLaptopFolder } from './laptop-paths.ts';
import { minikubeMeta } from './minikube-meta.ts';

const folderTypes = ['', 'Directory', 'DirectoryOrCreate'];

/** Written to, a folder, and neither a part of the node's own system nor of a laptop. */
function isStorage({ volume, readOnly }: HostPathMount): boolean {
  const isOfNode = volume.socket !== undefined || volume.sensitive !== undefined;
  return !readOnly && !isOfNode && folderTypes.includes(volume.type) && !isLaptopFolder(volume.hostPath);
}

function storedVolumes(workload: Workload): HostPathMount['volume'][] {
  const mounts = hostPathMounts(workload).filter(isStorage);
  return [...new Map(mounts.map(({ volume }) => [volume.name, volume])).values()];
}

export const hostPathStorage = workloadCheck(
  minikubeMeta({
    id: 'host-path-storage',
    title: 'Data is kept on volumes that follow the pod',
    severity: 'high',
    remediation: 'Claim the storage with a PersistentVolumeClaim, and copy the data over.',
    minutes: 45,
  }),
  {
    // An agent on every node works on that node's files.
    applies: ({ object }) => object.kind !== 'DaemonSet',
    find: (workload) =>
      storedVolumes(workload).map(({ name, hostPath, at }) => ({
        message: `"${workload.object.name}" keeps data of volume "${name}" on the node it happens to run on: on any other node it starts empty`,
        path: at,
        evidence: `hostPath.path is ${hostPath}, mounted for writing`,
      })),
  },
);
