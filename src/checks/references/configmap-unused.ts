// Finds ConfigMaps that no pod of the input uses.

import { asObject } from '../../model/index.ts';
import { workloadKinds } from '../../inventory/index.ts';
import { objectCheck } from '../check.ts';

/** Labels and annotations by which controllers find ConfigMaps on their own, such as dashboards. */
const foundByLabel = /grafana|dashboard|prometheus|istio|sidecar/i;

export const configmapUnused = objectCheck(
  {
    id: 'configmap-unused',
    family: 'references',
    title: 'ConfigMaps are used by a workload',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Use the ConfigMap or remove it.',
    minutes: 5,
  },
  {
    kinds: ['/ConfigMap'],
    applies: ({ raw, name }, { inventory }) =>
      inventory.workloads.length > 0 &&
      name !== 'kube-root-ca.crt' &&
      !foundByLabel.test(
        JSON.stringify([asObject(raw['metadata'])['labels'], asObject(raw['metadata'])['annotations']]),
      ),
    find: (object, { inventory }) => {
      if (inventory.referencesTo(object, workloadKinds).length > 0) return undefined;
      return {
        message: `no workload uses ConfigMap "${object.name}": a change of it changes nothing`,
        path: ['metadata', 'name'],
        evidence: 'no env, envFrom or volume of the input names it',
      };
    },
  },
);
