// Checks on the configuration of kubelets, where the input holds a KubeletConfiguration.

import { type CheckMeta, type Json, type Path, toText, valueAt } from '../../model/index.ts';
import { appCheck, type AppCheck } from '../check.ts';

export interface KubeletFacts {
  readonly path: Path;
  readonly holds: (value: Json | undefined) => boolean;
  /** What is wrong, after `the kubelet`. */
  readonly problem: string;
}

/** Judges one setting; unknown where the input has no KubeletConfiguration. */
export function kubeletCheck(meta: CheckMeta, { path, holds, problem }: KubeletFacts): AppCheck {
  return appCheck(
    { ...meta, settledBy: 'the configuration of the nodes, or a report of kube-bench' },
    {
      find: ({ inventory }) => {
        const configurations = inventory.ofKind('kubelet.config.k8s.io/KubeletConfiguration');
        if (configurations.length === 0)
          return {
            verdict: 'unknown',
            message: `whether the kubelet ${problem} cannot be seen in the input`,
            evidence: 'would be settled by the configuration of the nodes, or a report of kube-bench',
          };
        return configurations
          .filter(({ raw }) => !holds(valueAt(raw, path)))
          .map((object) => {
            const value = valueAt(object.raw, path);
            const name = path.join('.');
            return {
              object,
              path,
              message: `the kubelet ${problem}`,
              evidence: value === undefined ? `${name} is not set` : `${name} is ${toText(value)}`,
            };
          });
      },
    },
  );
}
