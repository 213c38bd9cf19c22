// Finds workloads without the labels that tools of the field look for.

import { workloadCheck } from '../check.ts';

export const recommendedLabelsMissing = workloadCheck(
  {
    id: 'recommended-labels-missing',
    family: 'delivery',
    title: 'Workloads carry the recommended labels',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [{ framework: 'Kubernetes', id: 'Recommended labels' }],
    remediation: 'Add app.kubernetes.io/name, and /instance or /part-of, to the workload and its pods.',
    minutes: 5,
  },
  {
    applies: ({ object }) => object.kind !== 'PodTemplate',
    find: ({ object, labels, templatePath }) => {
      if (labels['app.kubernetes.io/name'] !== undefined) return undefined;
      return {
        message: `pods of "${object.name}" lack the label app.kubernetes.io/name: dashboards and tools cannot tell which app they belong to`,
        path: [...templatePath, 'metadata', 'labels'],
        evidence: 'app.kubernetes.io/name is not set on the pod template',
      };
    },
    fix: ({ object, labels }, { path = [] }) => {
      // The template of a Job cannot be changed where the Job is there already.
      if (object.kind === 'Job') return undefined;
      const value = labels['app'] ?? labels['k8s-app'] ?? object.name;
      const places = [path, ['metadata', 'labels']];
      return places.map((place) => ({ op: 'set', path: [...place, 'app.kubernetes.io/name'], value }) as const);
    },
  },
);
