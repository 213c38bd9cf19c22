// Asks for a report of a vulnerability scanner on each image.

import { indexEvidence } from './evidence-index.ts';
import { imagesMeta } from './image-check.ts';
import { reportCheck } from './report-check.ts';
import { settledByCommand } from './image-evidence.ts';

export const imageNotScanned = reportCheck(
  imagesMeta({
    id: 'image-not-scanned',
    title: 'Images are scanned for known vulnerabilities',
    leg: 'security',
    level: 3,
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Scan the images in the pipeline and give the reports with --evidence.',
    minutes: 20,
    settledBy: 'a report of a scanner on each image, given with --evidence',
  }),
  {
    find: ({ text, image, path, container }, { inventory }) => {
      const reports = inventory.derive(indexEvidence).about(image);
      if (reports.some(({ vulnerabilities }) => vulnerabilities !== undefined)) return undefined;
      return {
        verdict: 'unknown',
        message: `no report says whether the image "${text}" of container "${container.name}" was scanned`,
        path,
        evidence: settledByCommand(image, 'scan'),
      };
    },
    ask: (images) => `no report says whether ${images} were scanned`,
  },
);
