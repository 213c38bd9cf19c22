// Finds pods whose containers see each other's processes.

import { workloadCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { removeField } from '../fix.ts';

export const shareProcessNamespace = workloadCheck(
  compromiseMeta({
    id: 'share-process-namespace',
    title: 'Containers of a pod do not see the processes of their neighbours',
    severity: 'low',
    references: [],
    remediation: 'Remove shareProcessNamespace, or turn it on for the time of debugging only.',
    minutes: 5,
  }),
  {
    // A single container shares with nobody.
    applies: ({ containers }) => containers.filter(({ role }) => role === 'container' || role === 'sidecar').length > 1,
    find: ({ object, spec, specPath }) => {
      if (spec['shareProcessNamespace'] !== true) return undefined;
      return {
        message: `containers of "${object.name}" see each other's processes, environment and files: the weakest one opens all`,
        path: [...specPath, 'shareProcessNamespace'],
        evidence: 'shareProcessNamespace is true and several containers run side by side',
      };
    },
    fix: removeField,
  },
);
