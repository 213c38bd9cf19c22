// Finds names of Deployment, StatefulSet, ReplicaSet, ReplicationController, Rollout objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const scaleTargetMissing = missingTargetCheck(
  {
    id: 'scale-target-missing',
    family: 'references',
    title: 'Autoscalers have a target',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    hides: ['hpa-and-replicas', 'hpa-without-requests', 'pdb-missing', 'topology-spread-missing'],
    remediation: 'Correct kind, name or namespace of scaleTargetRef.',
    minutes: 10,
  },
  {
    kinds: ['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', '/ReplicationController', 'argoproj.io/Rollout'],
    verdict: 'fail',
    consequence: 'it scales nothing',
  },
);
