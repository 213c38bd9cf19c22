// Finds images that leave their registry to the settings of the node.

import { imageCheck, imagesMeta } from './image-check.ts';

export const imageUnqualified = imageCheck(
  imagesMeta({
    id: 'image-unqualified',
    title: 'Images name their registry',
    leg: 'security',
    level: 2,
    severity: 'low',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Write the registry: docker.io/library/NAME for an official image of Docker Hub.',
    minutes: 5,
  }),
  ({ text, image, path, container }) => {
    // What is never pulled comes from no registry.
    if (container.raw['imagePullPolicy'] === 'Never') return undefined;
    if (text.startsWith(`${image.registry}/`) || text.startsWith('index.docker.io/')) return undefined;
    return {
      message: `container "${container.name}" leaves to the node which registry "${text}" comes from`,
      path,
      evidence: 'the image names no registry; containerd takes docker.io, CRI-O its own search list',
    };
  },
  {
    fix: ({ text, image, path }) => {
      const repository =
        image.repository.startsWith('library/') && !text.startsWith('library/') ? `library/${text}` : text;
      return image.registry === 'docker.io' ? [{ op: 'set', path, value: `docker.io/${repository}` }] : undefined;
    },
  },
);
