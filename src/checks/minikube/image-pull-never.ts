// Finds containers whose image is never pulled.

import { containerCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { offer, setTo, way } from '../fix.ts';
import { parseImage } from '../../kube/images.ts';
import { movingTag } from '../images/image-check.ts';
import { asString } from '../../model/index.ts';

export const imagePullNever = containerCheck(
  minikubeMeta({
    id: 'image-pull-never',
    title: 'Nodes may pull the images they run',
    severity: 'critical',
    hides: ['image-not-published', 'image-unqualified'],
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
    fix: (container, diagnostic) => {
      const { raw } = container;
      const image = parseImage(asString(raw['image']) ?? '');
      // Where the image was loaded by hand it is used as before; elsewhere it is pulled.
      if (!image.valid || movingTag(image) === undefined) return setTo('IfNotPresent')(raw, diagnostic);
      const { path = [] } = diagnostic;
      return offer(
        way(
          {
            id: 'pull-once',
            leavesOpen: ['image-pull-policy'],
            title: 'Pull the image where a node does not have it',
            consequence:
              'nodes may run different programs, as the tag moves; an image that was loaded by hand is used as before',
          },
          [{ op: 'set', path, value: 'IfNotPresent' }],
        ),
        way(
          {
            id: 'pull-always',
            title: 'Pull the image at each start',
            consequence: 'an image that was loaded by hand is not found any more: it must be in the registry first',
          },
          [{ op: 'remove', path }],
        ),
      );
    },
  },
);
