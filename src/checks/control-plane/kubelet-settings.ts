// Checks on the configuration of kubelets, where the input holds a KubeletConfiguration.

import { type CheckMeta, type Json, type Path, toText, valueAt } from '../../model/index.ts';
import { appCheck, type AppCheck } from '../check.ts';
import { settleUnseen } from './benchmark.ts';

export interface KubeletFacts {
  readonly path: Path;
  readonly holds: (value: Json | undefined) => boolean;
  /** What is wrong, after `the kubelet`. */
  readonly problem: string;
}

const settledByNodes = 'the configuration of the nodes, or a report of kube-bench given with --evidence';

/** Judges one setting; unknown where the input has no KubeletConfiguration. */
export function kubeletCheck(meta: CheckMeta, { path, holds, problem }: KubeletFacts): AppCheck {
  return appCheck(
    { ...meta, settledBy: settledByNodes },
    {
      find: ({ inventory }) => {
        const configurations = inventory.ofKind('kubelet.config.k8s.io/KubeletConfiguration');
        if (configurations.length === 0)
          return settleUnseen(
            { check: meta.id, problem: `the kubelet ${problem}`, settledBy: settledByNodes },
            inventory,
          );
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
