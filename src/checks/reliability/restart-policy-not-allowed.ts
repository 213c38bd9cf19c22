// Finds restart policies that the API server refuses for the kind.

import { asString } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

function allowedPolicies({ object }: Workload): readonly string[] | undefined {
  if (object.group === 'batch') return ['OnFailure', 'Never'];
  return ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'].includes(object.kind)
    ? ['Always']
    : undefined;
}

export const restartPolicyNotAllowed = workloadCheck(
  {
    id: 'restart-policy-not-allowed',
    family: 'reliability',
    title: 'The restart policy fits the workload',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'critical',
    references: [],
    remediation: 'Use Always for long-running workloads, OnFailure or Never for Jobs.',
    minutes: 2,
  },
  {
    applies: (workload) => allowedPolicies(workload) !== undefined,
    find: (workload) => {
      const policy = asString(workload.spec['restartPolicy']) ?? 'Always';
      const allowed = allowedPolicies(workload) ?? [];
      if (allowed.includes(policy)) return undefined;
      return {
        message: `${workload.object.kind} "${workload.object.name}" must not have restartPolicy ${policy}: the API server refuses it`,
        path: [...workload.specPath, 'restartPolicy'],
        evidence: `allowed: ${allowed.join(', ')}`,
      };
    },
    fix: ({ object }, { path = [] }) => {
      // For what runs for ever, leaving it out means Always.
      if (object.group !== 'batch') return [{ op: 'remove', path }];
      return offer(
        way(
          {
            id: 'on-failure',
            title: 'Start the program again in the same pod',
            consequence: 'logs of failed attempts go with the pod when the job has failed for good',
          },
          [{ op: 'set', path, value: 'OnFailure' }],
        ),
        way(
          {
            id: 'never',
            title: 'Start a new pod for each attempt',
            consequence: 'the pods of failed attempts stay, with their logs',
          },
          [{ op: 'set', path, value: 'Never' }],
        ),
      );
    },
  },
);
