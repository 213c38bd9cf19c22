// Finds moving tags that each node pulls only once.

import { imageCheck, imagesMeta, movingTag } from './image-check.ts';

export const imagePullPolicy = imageCheck(
  imagesMeta({
    id: 'image-pull-policy',
    title: 'All nodes run the same image',
    leg: 'deployment',
    level: 3,
    severity: 'low',
    references: [],
    remediation: 'Name a fixed version; until then set imagePullPolicy: Always.',
    minutes: 5,
  }),
  ({ text, image, container }) => {
    if (movingTag(image) === undefined || container.raw['imagePullPolicy'] !== 'IfNotPresent') return undefined;
    return {
      message: `container "${container.name}" runs the "${text}" that its node happened to pull first: two nodes can run different programs`,
      path: [...container.path, 'imagePullPolicy'],
      evidence: 'imagePullPolicy is IfNotPresent and the tag moves',
    };
  },
);
