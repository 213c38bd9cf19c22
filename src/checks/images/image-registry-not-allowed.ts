// Finds images from registries that the user's own settings do not list.

import type { ImageReference } from '../../kube/images.ts';
import { fullName, imageCheck, imagesMeta } from './image-check.ts';

/** `registry`, `registry/path` on whole parts of the path, or `*.domain` for all registries below a domain. */
function isAllowed(image: ImageReference, entry: string): boolean {
  const prefix = entry.replace(/\/+$/, '');
  const name = fullName(image);
  if (!prefix.startsWith('*.')) return name === prefix || name.startsWith(`${prefix}/`);
  const slash = prefix.indexOf('/');
  const domain = prefix.slice(1, slash === -1 ? undefined : slash);
  const path = slash === -1 ? '' : prefix.slice(slash + 1);
  const isInside = path === '' || image.repository === path || image.repository.startsWith(`${path}/`);
  return image.registry.endsWith(domain) && isInside;
}

export const imageRegistryNotAllowed = imageCheck(
  imagesMeta({
    id: 'image-registry-not-allowed',
    title: 'Images come from the registries that are allowed',
    leg: 'security',
    level: 2,
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K02' }],
    remediation: 'Copy the image to an allowed registry, or add its registry to allowedRegistries in nowwhat.yaml.',
    minutes: 20,
  }),
  ({ image, path, container }, { options }) => {
    if (options.allowedRegistries.some((entry) => isAllowed(image, entry))) return undefined;
    return {
      message: `container "${container.name}" takes its image from "${image.registry}", which is not on your list`,
      path,
      evidence: `the image is ${fullName(image)}; allowed are ${options.allowedRegistries.join(', ')}`,
    };
  },
  { applies: ({ options }) => options.allowedRegistries.length > 0 },
);
