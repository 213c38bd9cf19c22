// Finds spread rules whose selector does not match the pods that carry them.

import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asObject, isJsonObject, type Json, type Path } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { podLabelsToSelect } from '../pod-selection.ts';

interface SpreadRule {
  readonly selector: Json | undefined;
  readonly path: Path;
}

function spreadRules({ spec, specPath }: Workload): SpreadRule[] {
  return asArray(spec['topologySpreadConstraints']).map((rule, index) => ({
    selector: asObject(rule)['labelSelector'],
    path: [...specPath, 'topologySpreadConstraints', index, 'labelSelector'],
  }));
}

export const antiAffinityWithoutMatch = workloadCheck(
  {
    id: 'anti-affinity-without-match',
    family: 'reliability',
    title: 'Anti-affinity and spread rules select the pods they are for',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: "Use the pod's own labels in the rule's labelSelector.",
    minutes: 5,
  },
  {
    applies: (workload) => spreadRules(workload).length > 0,
    find: (workload) =>
      spreadRules(workload)
        .filter(
          ({ selector }) => !compileSelector(isJsonObject(selector) ? selector : undefined).matches(workload.labels),
        )
        .map(({ path }) => ({
          message: `a spread rule of "${workload.object.name}" counts other pods than its own and spreads nothing`,
          path,
          evidence: 'the labelSelector does not match the labels of the pod template',
        })),
    fix: (workload, { path = [] }) => {
      const matchLabels = podLabelsToSelect(workload);
      return matchLabels === undefined ? undefined : [{ op: 'set', path, value: { matchLabels } }];
    },
  },
);
