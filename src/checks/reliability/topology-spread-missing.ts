// Finds replicated workloads whose pods may all land on one node.

import { isReplicated, minimumReplicas } from '../../inventory/index.ts';
import { asArray, asObject } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { podLabelsToSelect, spreadOverNodes } from '../pod-selection.ts';

export const topologySpreadMissing = workloadCheck(
  {
    id: 'topology-spread-missing',
    family: 'reliability',
    title: 'Replicas are spread over nodes',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add topologySpreadConstraints over kubernetes.io/hostname, and over zones where there are some.',
    minutes: 10,
  },
  {
    applies: (workload, { inventory }) => isReplicated(workload) && minimumReplicas(inventory, workload) >= 2,
    find: ({ object, spec, specPath }) => {
      const spread = asArray(spec['topologySpreadConstraints']).length > 0;
      const antiAffinity = Object.keys(asObject(asObject(spec['affinity'])['podAntiAffinity'])).length > 0;
      if (spread || antiAffinity) return undefined;
      return {
        message: `the pods of "${object.name}" may all run on one node, and go down with it`,
        path: [...specPath, 'topologySpreadConstraints'],
        evidence: 'neither topologySpreadConstraints nor podAntiAffinity is set',
      };
    },
    fix: (workload, { path = [] }) => {
      const labels = podLabelsToSelect(workload);
      return labels === undefined ? undefined : [{ op: 'set', path, value: [spreadOverNodes(labels)] }];
    },
  },
);
