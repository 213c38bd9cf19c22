// Finds images whose tag means something else tomorrow.

import { imageCheck, imagesMeta, movingTag, withTag } from './image-check.ts';
import { asking, offer } from '../fix.ts';
import { tagOf } from '../questions.ts';

export const imageLatest = imageCheck(
  imagesMeta({
    id: 'image-latest',
    title: 'Images name a fixed version',
    leg: 'deployment',
    level: 2,
    severity: 'high',
    references: [{ framework: 'OWASP', id: 'K02' }],
    hides: ['image-not-digest'],
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
  {
    fix: ({ text, image, path }) =>
      offer(
        asking(
          {
            id: 'name-version',
            title: 'Run the version that you name',
            consequence: 'pods run this one, until the file names another',
          },
          tagOf(image),
          (answer) => [{ op: 'set', path, value: withTag({ text }, answer) }],
        ),
      ),
  },
);
