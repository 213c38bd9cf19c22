// Finds images of community registries that are frozen or gone.

import { findRetiredRegistry } from '../../kube/images.ts';
import { imageCheck, imagesMeta } from './image-check.ts';

export const imageRegistryRetired = imageCheck(
  imagesMeta({
    id: 'image-registry-retired',
    title: 'Images come from registries that are kept up',
    leg: 'security',
    level: 2,
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K10' }],
    remediation: 'Use the registry that took over, and mirror what production needs.',
    minutes: 15,
  }),
  ({ image, path, container }) => {
    const retired = findRetiredRegistry(image);
    if (retired === undefined) return undefined;
    const isGone = retired.state === 'gone';
    const fate = isGone ? 'no longer serves fixed versions' : 'gets no more updates';
    const successor = retired.replacement === undefined ? '' : `; the images are now at "${retired.replacement}"`;
    return {
      message: `container "${container.name}" takes its image from "${retired.prefix}", which ${fate}${successor}`,
      path,
      evidence: `retired since ${retired.since}, see ${retired.source}`,
      ...(isGone ? { severity: 'high' as const } : {}),
    };
  },
  {
    fix: ({ text, image, path }) => {
      const { prefix, replacement } = findRetiredRegistry(image) ?? {};
      if (prefix === undefined || replacement === undefined || !text.startsWith(`${prefix}/`)) return undefined;
      return [{ op: 'set', path, value: replacement + text.slice(prefix.length) }];
    },
  },
);
