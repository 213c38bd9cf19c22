// Finds images that the app runs in several versions at once.

import { appCheck } from '../check.ts';
import { type ContainerImage, fullName, imagesMeta, imagesOf } from './image-check.ts';

const versionOf = ({ image }: ContainerImage): string => image.tag ?? image.digest ?? 'latest';

/** Images by namespace and name, in reading order. */
function groupByName(images: readonly ContainerImage[]): ContainerImage[][] {
  const groups = new Map<string, ContainerImage[]>();
  for (const item of images) {
    const key = `${item.workload.object.namespace} ${fullName(item.image)}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

export const imageVersionsDiffer = appCheck(
  imagesMeta({
    id: 'image-versions-differ',
    title: 'The app runs one version of each image',
    leg: 'deployment',
    level: 2,
    severity: 'low',
    references: [],
    remediation: 'Use the same version everywhere, from one value of the chart.',
    minutes: 10,
  }),
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) =>
      groupByName(imagesOf(inventory.workloads)).flatMap((group) => {
        const [first] = group;
        const other = group.find((item) => first !== undefined && versionOf(item) !== versionOf(first));
        if (first === undefined || other === undefined) return [];
        const versions = [...new Set(group.map(versionOf))];
        return {
          object: other.workload.object,
          message: `image "${fullName(first.image)}" runs in ${versions.length} versions: "${first.workload.object.name}" and "${other.workload.object.name}" differ`,
          path: other.path,
          evidence: `versions ${versions.join(', ')}`,
          container: other.container.name,
        };
      }),
  },
);
