// Finds images whose tag means something else tomorrow.

import { imageCheck, imagesMeta, movingTag } from './image-check.ts';

export const imageLatest = imageCheck(
  imagesMeta({
    id: 'image-latest',
    title: 'Images name a fixed version',
    leg: 'deployment',
    level: 2,
    severity: 'high',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Name the version, best together with its digest.',
    minutes: 10,
  }),
  ({ text, image, path, container }) => {
    const moving = movingTag(image);
    if (moving === undefined) return undefined;
    return {
      message: `container "${container.name}" runs whatever "${text}" means at the time: pods may differ, and a rollback brings nothing back`,
      path,
      evidence: image.tag === undefined ? 'no tag is given, which means latest' : `the tag is ${image.tag}`,
      ...(moving === 'by-habit' ? { severity: 'medium' as const } : {}),
    };
  },
);
