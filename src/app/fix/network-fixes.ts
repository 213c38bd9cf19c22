// The network policies that the app's declared calls ask for, as changes of its files, with their proof.

import type { PlannedFix } from '../../checks/index.ts';
import {
  type Answers,
  type Cut,
  type Decision,
  type Inferred,
  inferPolicies,
  type WrittenPolicy,
} from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import type { CheckMeta, KubeObject, Snapshot } from '../../model/index.ts';
import { AddressBook, assembleTraffic } from '../../traffic/index.ts';
import { windowOf } from '../traffic/window.ts';
import { renderPolicy } from '../network/render-policies.ts';

export interface NetworkWish {
  /** What the user says about ends that the evidence cannot name. */
  readonly answers: Answers;
  /** True: what nobody is known to call stays open for the pods of its namespace. */
  readonly keepsUncalled: boolean;
}

/** How the policies stand to what is declared. */
export interface NetworkProof {
  readonly policies: number;
  /** Declared connections, and how many of them the policies let through. */
  readonly connections: number;
  readonly kept: number;
  readonly cut: readonly Cut[];
  readonly decisions: readonly Decision[];
  /** Services that nobody is known to call: closed. */
  readonly uncalled: Inferred['uncalled'];
}

/** The checks that the policies put right; the first one stands for all of them. */
export const networkChecks: readonly string[] = [
  'ingress-not-isolated',
  'default-deny-ingress',
  'egress-not-isolated',
  'default-deny-egress',
];

function ownerOf({ namespace, name }: WrittenPolicy, inventory: Inventory): KubeObject | undefined {
  const inside = inventory.workloads.map(({ object }) => object).filter((object) => object.namespace === namespace);
  return inside.find((object) => object.name === name) ?? inside[0];
}

function infer(inventory: Inventory, { answers, keepsUncalled }: NetworkWish): Inferred {
  const source = inventory.snapshot.facts.inputs.join(' ');
  const book = new AddressBook({ inventory, pods: [], others: [], isComplete: false });
  const window = windowOf(inventory, { recorded: [] });
  const report = assembleTraffic({ inventory, book, pods: [], flows: [], source, window });
  return inferPolicies({ inventory, report, pods: [], answers, keepsUncalled });
}

export interface NetworkFixes {
  readonly fixes: readonly PlannedFix[];
  readonly proof: NetworkProof;
}

/** Policies of the app as it would be after its other fixes. */
export async function planNetwork(snapshot: Snapshot, meta: CheckMeta, wish: NetworkWish): Promise<NetworkFixes> {
  const inventory = await prepareInventory(snapshot);
  const { policies, proof, decisions, uncalled } = infer(inventory, wish);
  const isThere = (policy: WrittenPolicy): boolean =>
    inventory
      .ofKind('networking.k8s.io/NetworkPolicy')
      .some(({ namespace, name }) => namespace === policy.namespace && name === policy.name);
  const fixes = policies
    .filter((policy) => !isThere(policy))
    .flatMap((policy): PlannedFix[] => {
      const beside = ownerOf(policy, inventory);
      if (beside === undefined) return [];
      const create = [{ raw: policy.raw, beside, text: renderPolicy(policy) }];
      return [{ check: meta, object: beside, message: policy.about, edits: [], create, choices: [] }];
    });
  const { connections, kept, cut } = proof;
  return { fixes, proof: { policies: policies.length, connections, kept, cut, decisions, uncalled } };
}
