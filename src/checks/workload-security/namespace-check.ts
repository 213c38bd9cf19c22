// The shape of checks on the Pod Security labels of a namespace.

import { type Labels, readLabels } from '../../inventory/index.ts';
import { asObject, type CheckMeta, type Diagnostic } from '../../model/index.ts';
import { objectCheck, type ObjectCheck } from '../check.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';

interface LabelFinding {
  readonly label: string;
  readonly message: string;
  readonly evidence?: string;
}

/** A check over the labels of each namespace that is not Kubernetes' own; findings point at the label. */
export function namespaceLabelCheck(
  meta: CheckMeta,
  find: (name: string, labels: Labels, minor: number) => readonly LabelFinding[],
  fix: NonNullable<ObjectCheck['fix']>,
): ObjectCheck {
  return objectCheck(meta, {
    kinds: ['/Namespace'],
    fix,
    applies: ({ name }, { options }) => options.minor >= 23 && !systemNamespaces.has(name),
    find: ({ name, raw }, { options }): Diagnostic[] => {
      const labels = readLabels(asObject(raw['metadata'])['labels']);
      return find(name, labels, options.minor).map(({ label, message, evidence }) => ({
        message,
        path: ['metadata', 'labels', label],
        evidence: evidence ?? `the label ${label} is ${labels[label] ?? 'not set'}`,
      }));
    },
  });
}
