// Finds containers whose image is never pulled.

import { containerCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

export const imagePullNever = containerCheck(
  minikubeMeta({
    id: 'image-pull-never',
    title: 'Nodes may pull the images they run',
    severity: 'critical',
    remediation: 'Push the image to a registry that the target cluster reaches, and remove imagePullPolicy: Never.',
    minutes: 20,
  }),
  {
    applies: ({ role }) => role !== 'ephemeral',
    find: ({ name, raw, path }) => {
      if (raw['imagePullPolicy'] !== 'Never') return undefined;
      return {
        message: `container "${name}" starts only where somebody loaded its image by hand: on any other cluster it never does`,
        path: [...path, 'imagePullPolicy'],
        evidence: 'imagePullPolicy is Never',
      };
    },
  },
);
