// Finds containers that can change the files of their own image.

import { asObject } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux } from './security-context.ts';

export const rootfsWritable = containerCheck(
  compromiseMeta({
    id: 'rootfs-writable',
    title: "Containers cannot change their image's files",
    severity: 'medium',
    references: [
      { framework: 'NSA', id: 'Immutable container file systems' },
      { framework: 'OWASP', id: 'K01' },
    ],
    remediation: 'Set readOnlyRootFilesystem: true and mount an emptyDir on each folder the program writes to.',
    minutes: 20,
  }),
  {
    applies: ({ role }, workload) => role !== 'ephemeral' && isLinux(workload),
    find: ({ name, raw, path }) => {
      const value = asObject(raw['securityContext'])['readOnlyRootFilesystem'] ?? undefined;
      if (value === true) return undefined;
      return {
        message: `container "${name}" can write over its own programs: an attacker can bring tools and stay`,
        path: [...path, 'securityContext', 'readOnlyRootFilesystem'],
        evidence: `readOnlyRootFilesystem is ${value === undefined ? 'not set' : 'false'}`,
      };
    },
  },
);
