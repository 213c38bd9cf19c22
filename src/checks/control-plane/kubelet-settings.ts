// Checks on the configuration of kubelets: as they tell it themselves, or as a KubeletConfiguration of the input does.

import { findNodes, type Inventory, viewOf } from '../../inventory/index.ts';
import { type CheckMeta, type Json, type KubeObject, type Path, pushTo, toText, valueAt } from '../../model/index.ts';
import { appCheck, type AppCheck, type AppDiagnostic } from '../check.ts';
import { settleUnseen } from './benchmark.ts';

export interface KubeletFacts {
  readonly path: Path;
  readonly holds: (value: Json | undefined) => boolean;
  /** What is wrong, after `the kubelet`. */
  readonly problem: string;
}

const settledByNodes = 'the configuration of the nodes, or a report of kube-bench given with --evidence';

function evidenceFor(path: Path, value: Json | undefined): string {
  const name = path.join('.');
  return value === undefined ? `${name} is not set` : `${name} is ${toText(value)}`;
}

/** What kubelets of a cluster say of themselves: one finding for each value that is wrong, with the nodes. */
function judgeLive(facts: KubeletFacts, inventory: Inventory): AppDiagnostic[] {
  const { path, holds, problem } = facts;
  const byEvidence = new Map<string, string[]>();
  for (const { node, config } of viewOf(inventory).kubelets) {
    const value = valueAt(config, path);
    if (config !== undefined && !holds(value)) pushTo(byEvidence, evidenceFor(path, value), node);
  }
  return [...byEvidence].map(([evidence, nodes]) => ({
    message: `the kubelet ${problem}`,
    evidence: `${evidence} on ${nodes.slice(0, 3).join(', ')}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''}`,
  }));
}

/** True where every node that has a kubelet was asked and answered. */
function askedAll(inventory: Inventory): boolean {
  const view = viewOf(inventory);
  const { nodes, seen } = findNodes(view);
  const answered = new Set(view.kubelets.filter(({ config }) => config !== undefined).map(({ node }) => node));
  const real = nodes.filter(({ virtual }) => !virtual);
  return seen && real.length > 0 && real.every(({ name }) => answered.has(name));
}

function judgeFiles({ path, holds, problem }: KubeletFacts, configurations: readonly KubeObject[]): AppDiagnostic[] {
  return configurations
    .filter(({ raw }) => !holds(valueAt(raw, path)))
    .map((object) => ({
      object,
      path,
      message: `the kubelet ${problem}`,
      evidence: evidenceFor(path, valueAt(object.raw, path)),
    }));
}

/** Judges one setting; unknown where neither a KubeletConfiguration nor the kubelets themselves tell it. */
export function kubeletCheck(meta: CheckMeta, facts: KubeletFacts): AppCheck {
  return appCheck(
    { ...meta, settledBy: settledByNodes },
    {
      find: ({ inventory }) => {
        const wrong = judgeLive(facts, inventory);
        if (wrong.length > 0) return wrong;
        const configurations = inventory.ofKind('kubelet.config.k8s.io/KubeletConfiguration');
        if (configurations.length > 0) return judgeFiles(facts, configurations);
        if (askedAll(inventory)) return undefined;
        const unseen = { check: meta.id, problem: `the kubelet ${facts.problem}`, settledBy: settledByNodes };
        return settleUnseen(unseen, inventory);
      },
    },
  );
}
