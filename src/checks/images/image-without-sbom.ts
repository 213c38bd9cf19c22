// Asks for a bill of materials of each image.

import { indexEvidence } from './evidence-index.ts';
import { imagesMeta } from './image-check.ts';
import { reportCheck } from './report-check.ts';
import { settledByCommand } from './image-evidence.ts';

export const imageWithoutSbom = reportCheck(
  imagesMeta({
    id: 'image-without-sbom',
    title: 'Images have a bill of materials',
    leg: 'security',
    level: 3,
    severity: 'low',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Let the pipeline write a bill of materials of each image, and give it with --evidence.',
    minutes: 20,
    settledBy: 'a bill of materials of each image (CycloneDX or SPDX), given with --evidence',
  }),
  {
    find: ({ text, image, path, container }, { inventory }) => {
      const reports = inventory.derive(indexEvidence).about(image);
      if (reports.some(({ sbom }) => sbom !== undefined)) return undefined;
      return {
        verdict: 'unknown',
        message: `nothing lists what is in the image "${text}" of container "${container.name}"`,
        path,
        evidence: settledByCommand(image, 'sbom'),
      };
    },
    ask: (images) => `nothing lists what is in ${images}`,
  },
);
