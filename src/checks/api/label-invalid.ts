// Finds labels that the API server refuses.

import { labelKeyProblem, labelValueProblem } from '../../kube/names.ts';
import { asObject, asString, type Diagnostic, type JsonObject, type Path } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

function judgeLabels(labels: JsonObject, path: Path): Diagnostic[] {
  return Object.entries(labels).flatMap(([key, value]): Diagnostic[] => {
    // A value that is not text is told by the schema.
    const text = asString(value);
    const problem = labelKeyProblem(key) ?? (text === undefined ? undefined : labelValueProblem(text));
    if (problem === undefined) return [];
    return [
      {
        message: `label "${key}" is not valid: the API server refuses the object`,
        path: [...path, key],
        evidence: problem,
      },
    ];
  });
}

export const labelInvalid = objectCheck(
  {
    id: 'label-invalid',
    family: 'api',
    title: 'Labels follow the rules of Kubernetes',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Labels and selectors' }],
    remediation: 'Correct the label: at most 63 letters, digits, dashes, dots and underscores.',
    minutes: 5,
  },
  {
    kinds: ['*'],
    find: (object, { inventory }) => {
      const own = judgeLabels(asObject(asObject(object.raw['metadata'])['labels']), ['metadata', 'labels']);
      const workload = inventory.workloadOf(object);
      if (workload === undefined || workload.templatePath.length === 0) return own;
      return [...own, ...judgeLabels(workload.labels, [...workload.templatePath, 'metadata', 'labels'])];
    },
  },
);
