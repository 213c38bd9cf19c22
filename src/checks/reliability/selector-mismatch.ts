// Finds workloads whose selector does not match their own pod template: the API server refuses them.

import { compileEqualitySelector, compileSelector } from '../../kube/selectors.ts';
import { asObject, isJsonObject } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';

export const selectorMismatch = workloadCheck(
  {
    id: 'selector-mismatch',
    family: 'reliability',
    title: 'Workloads select the pods they make',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'critical',
    references: [],
    remediation: 'Make spec.selector match the labels of the pod template.',
    minutes: 5,
  },
  {
    applies: ({ object }) =>
      ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'].includes(object.kind),
    find: ({ object, labels }) => {
      const raw = asObject(object.raw['spec'])['selector'];
      // A ReplicationController may leave it out, and extensions/v1beta1 filled it in.
      if (raw === undefined && (object.kind === 'ReplicationController' || object.group === 'extensions'))
        return undefined;
      const selector = isJsonObject(raw) ? raw : undefined;
      const compiled =
        object.kind === 'ReplicationController' ? compileEqualitySelector(selector) : compileSelector(selector);
      if (compiled.matches(labels) && !compiled.isEmpty) return undefined;
      return {
        message:
          raw === undefined
            ? `"${object.name}" has no selector: the API server refuses it`
            : `the selector of "${object.name}" does not match its own pods: the API server refuses it`,
        path: raw === undefined ? ['spec'] : ['spec', 'selector'],
        evidence: 'spec.selector compared with the labels of the pod template',
      };
    },
  },
);
