// Finds nodes that run out of memory, disk or process ids, or that a watchman of the node calls ill.

import { type Condition, conditionsOf, liveCheck, tellCondition } from './live-check.ts';

/** Conditions that are wrong when true. The first three are the kubelet's, the others those of node-problem-detector. */
const wrong: Readonly<Record<string, string>> = {
  MemoryPressure: 'has little memory left: pods above their requests are evicted',
  DiskPressure: 'has little disk left: images are removed, and pods are evicted',
  PIDPressure: 'has few process ids left: programs cannot start others',
  KernelDeadlock: 'has a kernel that hangs',
  ReadonlyFilesystem: 'has a file system that turned read-only',
  CorruptDockerOverlay2: 'has damaged layers of images',
  FrequentKubeletRestart: 'has a kubelet that restarts again and again',
  FrequentContainerdRestart: 'has a runtime that restarts again and again',
  FrequentUnregisterNetDevice: 'has a kernel that loses network devices',
};

function isWrong({ type, status }: Condition): boolean {
  return status === 'True' && Object.hasOwn(wrong, type);
}

export const nodeUnderPressure = liveCheck(
  {
    id: 'node-under-pressure',
    family: 'running',
    title: 'Nodes have memory, disk and process ids to spare',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Find what fills the node, and give its pods requests and limits.',
    minutes: 30,
  },
  {
    kinds: ['/Node'],
    find: (object) =>
      conditionsOf(object)
        .filter(isWrong)
        .map((condition) => ({
          message: `node "${object.name}" ${wrong[condition.type] ?? ''}`,
          path: ['status', 'conditions'],
          evidence: tellCondition(condition),
        })),
  },
);
