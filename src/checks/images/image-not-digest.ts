// Finds images that are named by a tag only.

import { imageCheck, imagesMeta, movingTag } from './image-check.ts';

export const imageNotDigest = imageCheck(
  imagesMeta({
    id: 'image-not-digest',
    title: 'Images are named by their digest',
    leg: 'security',
    level: 2,
    severity: 'low',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Add the digest that was tested: NAME:TAG@sha256:….',
    minutes: 10,
  }),
  ({ text, image, path, container }) => {
    // A moving tag is told by image-latest, with more weight.
    if (image.digest !== undefined || movingTag(image) !== undefined) return undefined;
    return {
      message: `container "${container.name}" trusts the registry to keep "${text}" the same: who can push there can change what runs`,
      path,
      evidence: 'the image has no digest',
    };
  },
);
