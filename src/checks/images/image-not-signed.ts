// Asks for a verified signature of each image.

import type { ImageReference } from '../../kube/images.ts';
import { type EvidenceIndex, indexEvidence } from './evidence-index.ts';
import { fullName, imagesMeta } from './image-check.ts';
import { reportCheck } from './report-check.ts';

/** Signatures are of digests: one of the same repository shows that only the reference is missing. */
function whatIsMissing(image: ImageReference, index: EvidenceIndex): string {
  const signed = index.signedDigests(fullName(image));
  if (image.digest === undefined && signed.length > 0)
    return `a signature is there for ${signed[0] ?? ''}: would be settled by naming the image with its digest`;
  return `would be settled by: cosign verify --output json ${image.familiar} (with the key or the identity you trust), its output given with --evidence`;
}

export const imageNotSigned = reportCheck(
  imagesMeta({
    id: 'image-not-signed',
    title: 'Images carry a signature that was verified',
    leg: 'security',
    level: 2,
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Sign the images in the pipeline, verify them with cosign and give its output with --evidence.',
    minutes: 60,
    settledBy: 'the output of cosign verify on each image, given with --evidence',
  }),
  {
    find: ({ text, image, path, container }, { inventory }) => {
      const index = inventory.derive(indexEvidence);
      if (index.about(image).some(({ signature }) => signature !== undefined)) return undefined;
      return {
        verdict: 'unknown',
        message: `no verified signature says who made the image "${text}" of container "${container.name}"`,
        path,
        evidence: whatIsMissing(image, index),
      };
    },
    ask: (images) => `no verified signature says who made ${images}`,
  },
);
