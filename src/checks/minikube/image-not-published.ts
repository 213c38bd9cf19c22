// Finds images whose name exists on the machine that built them only.

import { imageCheck } from '../images/image-check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { officialImages } from './official-images.ts';
import { asking, offer } from '../fix.ts';
import { placeOf } from '../questions.ts';

const libraryPrefix = 'library/';

export const imageNotPublished = imageCheck(
  minikubeMeta({
    id: 'image-not-published',
    title: 'Images can be pulled from somewhere',
    severity: 'high',
    hides: ['image-not-digest', 'image-latest'],
    remediation: 'Push the image to a registry of yours and write its full name.',
    minutes: 20,
  }),
  ({ text, image, path, container }) => {
    const { registry, repository, digest } = image;
    // With Never the image is told by image-pull-never; a digest was given by a registry.
    const isTold = container.raw['imagePullPolicy'] === 'Never' || digest !== undefined;
    if (isTold || registry !== 'docker.io' || !repository.startsWith(libraryPrefix)) return undefined;
    if (officialImages.has(repository.slice(libraryPrefix.length))) return undefined;
    return {
      message: `container "${container.name}" runs "${text}", which was built on a laptop and is in no registry by that name`,
      path,
      evidence: `"${text}" names no registry and no owner: that means an official image of Docker Hub, and there is none of this name`,
    };
  },
  {
    fix: ({ image, path }) =>
      offer(
        asking(
          {
            id: 'name-image',
            title: 'Run the image that you have pushed',
            consequence: 'nodes pull it from there; a laptop that has it only by its former name must pull it too',
          },
          placeOf(image),
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      ),
  },
);
