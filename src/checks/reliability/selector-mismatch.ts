// Finds workloads whose selector does not match their own pod template: the API server refuses them.

import { compileEqualitySelector, compileSelector } from '../../kube/selectors.ts';
import { readLabels } from '../../inventory/index.ts';
import { asObject, isJsonObject, valueAt } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

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
    fix: ({ object, labels, templatePath }) => {
      const raw = asObject(object.raw['spec'])['selector'];
      const at = object.kind === 'ReplicationController' ? ['spec', 'selector'] : ['spec', 'selector', 'matchLabels'];
      const wanted = readLabels(valueAt(object.raw, at));
      const hasLabels = Object.keys(labels).length > 0;
      const isEmpty = Object.keys(asObject(raw)).length === 0;
      if (isEmpty) return hasLabels ? [{ op: 'set', path: at, value: labels }] : undefined;
      if (Object.keys(wanted).length === 0) return undefined;
      const onPods = [...templatePath, 'metadata', 'labels'];
      return offer(
        way(
          {
            id: 'label-pods',
            leavesOpen: ['service-selects-nothing'],
            title: 'Give the pods the labels of the selector',
            consequence: 'Services, policies and budgets that select the pods by their former values find them no more',
          },
          Object.entries(wanted).map(([key, value]) => ({ op: 'set', path: [...onPods, key], value })),
        ),
        hasLabels
          ? way(
              {
                id: 'select-labels',
                title: 'Select the pods by the labels that they have',
                consequence: 'an object that the cluster has already must be made anew: its selector cannot be changed',
              },
              [{ op: 'set', path: at, value: labels }],
            )
          : undefined,
      );
    },
  },
);
