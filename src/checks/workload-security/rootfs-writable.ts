// Finds containers that can change the files of their own image.

import { asObject, type Edit } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { folder } from '../questions.ts';
import { isLinux } from './security-context.ts';
import { foldersToKeep, mountEmpty } from './written-folders.ts';
import { asking, offer, way } from '../fix.ts';

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
    fix: (container, { path = [] }, workload) => {
      const readOnly: Edit = { op: 'set', path, value: true };
      const folders = foldersToKeep(container);
      const words = folders.join(' and ');
      return offer(
        folders.length === 0
          ? undefined
          : way(
              {
                id: 'keep-folders',
                title: `Make it read-only, with an empty folder on ${words}`,
                consequence: 'a program that writes anywhere else fails; what it writes there is gone with the pod',
              },
              [readOnly, ...mountEmpty(folders, container, workload)],
            ),
        asking(
          {
            id: 'name-folder',
            title: 'Make it read-only, with an empty folder where the program writes',
            consequence: 'a program that writes anywhere else fails; what it writes there is gone with the pod',
          },
          folder,
          (answer) => [readOnly, ...mountEmpty(foldersToKeep(container, [answer]), container, workload)],
        ),
        way(
          {
            id: 'read-only',
            title: 'Make it read-only, with nothing to write to',
            consequence: 'a program that writes temporary files fails',
          },
          [readOnly],
        ),
      );
    },
  },
);
