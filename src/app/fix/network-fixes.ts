// The network policies that the app's declared calls ask for, as changes of its files, with their proof.

import type { PlannedFix } from '../../checks/index.ts';
import {
  type Answers,
  type Cut,
  type Decision,
  type Inferred,
  inferPolicies,
  isOurs,
  type WrittenPolicy,
} from '../../inference/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { asObject, type CheckMeta, isSameJson, type KubeObject, type Snapshot } from '../../model/index.ts';
import { AddressBook, assembleTraffic } from '../../traffic/index.ts';
import { readFlowFile, type Recorded } from '../traffic/read-flows.ts';
import { windowOf } from '../traffic/window.ts';
import { withFormerCalls } from './former-calls.ts';
import { renderPolicy } from '../network/render-policies.ts';

export interface NetworkWish {
  /** What the user says about ends that the evidence cannot name. */
  readonly answers: Answers;
  /** True: what nobody is known to call stays open for the pods of its namespace; left out: it does so where nobody looked at the traffic. */
  readonly keepsUncalled?: boolean;
  /** Files of connections that were seen, besides what is declared. */
  readonly flows: readonly string[];
}

/** How the policies stand to what is declared. */
export interface NetworkProof {
  readonly policies: number;
  /** Connections that are declared or were seen, and how many of them the policies let through. */
  readonly connections: number;
  readonly kept: number;
  /** Records of connections that were read. */
  readonly records: number;
  /** Not let through. What is called may be no part of the input, such as a Service that is installed only sometimes: that does not hold the fix back. */
  readonly cut: readonly (Cut & { readonly isThere: boolean })[];
  readonly decisions: readonly Decision[];
  /** Services that nobody is known to call: closed. */
  readonly uncalled: Inferred['uncalled'];
  /** The same, where they stay open for the pods of their namespace. */
  readonly leftOpen: Inferred['leftOpen'];
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

function infer(inventory: Inventory, wish: NetworkWish, recorded: readonly Recorded[]): Inferred {
  // Who calls a Service may stand in a program alone: what is written must not break it, unless somebody looked.
  const { answers, keepsUncalled = recorded.length === 0 } = wish;
  const source = inventory.snapshot.facts.inputs.join(' ');
  const book = new AddressBook({ inventory, pods: [], others: [], isComplete: false });
  const window = windowOf(inventory, { recorded });
  const flows = recorded.flatMap((each) => each.flows);
  const report = assembleTraffic({ inventory, book, pods: [], flows, source, window });
  return inferPolicies({ inventory, report, pods: [], answers, keepsUncalled });
}

export interface NetworkFixes {
  readonly fixes: readonly PlannedFix[];
  readonly proof: NetworkProof;
}

/** By its name; one of ours also by what it holds, where a kustomization puts something around its name. */
function isSamePolicy(object: KubeObject, { namespace, name, raw }: WrittenPolicy): boolean {
  if (object.namespace !== namespace) return false;
  if (object.name === name) return true;
  const [own, other] = [asObject(object.raw['spec']), asObject(raw['spec'])];
  return (
    isOurs(object) &&
    object.name.includes(name) &&
    (['podSelector', 'policyTypes'] as const).every((field) => isSameJson(own[field] ?? null, other[field] ?? null))
  );
}

/** Lines move with every edit: in a file that stays, the name of the other file must do. */
function withoutLines(text: string): string {
  return text.replaceAll(/^(\s*#.*\([^()]*?):\d+\)$/gm, '$1)');
}

export interface NetworkPlanning {
  readonly meta: CheckMeta;
  readonly wish: NetworkWish;
  /** The app before its other fixes: what it called then it calls still. */
  readonly former: Snapshot;
  /** Connections that were seen. */
  readonly recorded: readonly Recorded[];
}

/** Throws `UserError` where a file of connections cannot be read. */
export async function readSeen(wish: NetworkWish | undefined, stdin: () => Promise<Uint8Array>): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (const file of wish?.flows ?? []) recorded.push(await readFlowFile(file, stdin));
  return recorded;
}

/** Policies of the app as it would be after its other fixes. */
export async function planNetwork(snapshot: Snapshot, planning: NetworkPlanning): Promise<NetworkFixes> {
  const { meta, wish, former, recorded } = planning;
  const inventory = await prepareInventory(snapshot);
  const calling = await prepareInventory(withFormerCalls(snapshot, former));
  const { policies, proof, decisions, uncalled, leftOpen } = infer(calling, wish, recorded);
  const there = inventory.ofKind('networking.k8s.io/NetworkPolicy');
  const isThere = (policy: WrittenPolicy): boolean => there.some((object) => isSamePolicy(object, policy));
  const fixes = policies
    .filter((policy) => !isThere(policy))
    .flatMap((policy): PlannedFix[] => {
      const beside = ownerOf(policy, inventory);
      if (beside === undefined) return [];
      const create = [{ raw: policy.raw, beside, text: withoutLines(renderPolicy(policy)) }];
      return [{ check: meta, object: beside, message: policy.about, edits: [], create, choices: [] }];
    });
  const { connections, kept } = proof;
  const services = new Set(inventory.ofKind('/Service').map(({ namespace, name }) => `${namespace}/${name}`));
  const known = new Set(inventory.workloads.map(({ object: { namespace, name } }) => `${namespace}/${name}`));
  const cut = proof.cut.map((each) => ({ ...each, isThere: services.has(each.to) || known.has(each.to) }));
  const records = recorded.reduce((sum, each) => sum + each.records, 0);
  const told = { connections, kept, records, cut, decisions, uncalled, leftOpen };
  return { fixes, proof: { policies: policies.length, ...told } };
}
