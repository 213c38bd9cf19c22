// Finds images that are named by a tag only.

import { asking, offer } from '../fix.ts';
import { digestOf } from '../questions.ts';
import { fullName, imageCheck, imagesMeta, movingTag } from './image-check.ts';

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
  {
    fix: ({ text, image, path }) =>
      offer(
        asking(
          {
            id: 'name-digest',
            title: `Hold ${fullName(image)} to the digest that was tested; \`nowwhat pin\` does so for all images, from their registries`,
            consequence: 'a new push of the tag changes nothing here; whoever wants it writes the new digest',
          },
          digestOf(image),
          (answer) => [{ op: 'set', path, value: `${text}@${answer}` }],
        ),
      ),
  },
);
