// Finds containers that may write to a path of the node.

import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hostPathMounts } from './host-paths.ts';
import { offerValue } from '../fix.ts';

export const hostPathWritable = workloadCheck(
  compromiseMeta({
    id: 'host-path-writable',
    title: 'Paths of the node are mounted read-only',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.2.11' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Set readOnly: true on the volume mount, and recursiveReadOnly: Enabled where other mounts lie below.',
    minutes: 10,
  }),
  {
    // Read-only or not makes no difference to who may talk to a socket.
    find: (workload) =>
      hostPathMounts(workload)
        .filter(({ readOnly, volume }) => !readOnly && volume.socket === undefined && volume.type !== 'Socket')
        .map(({ container, volume, at }) => ({
          message: `container "${container}" may write to "${volume.hostPath}" of the node, and what it writes stays there`,
          path: [...at, 'readOnly'],
          evidence: `the mount of volume "${volume.name}" does not set readOnly`,
          container,
          ...(volume.sensitive === undefined ? {} : { severity: volume.sensitive.severity }),
        })),
    fix: offerValue(true, {
      id: 'read-only',
      title: 'Mount the path read-only',
      consequence: 'a program that writes there fails',
    }),
  },
);
