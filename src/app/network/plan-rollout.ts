// `network rollout`: a plan that closes one namespace of a cluster, each policy tried by a dry run, the default deny last.

import { builtInChecks } from '../../checks/index.ts';
import type { WrittenPolicy } from '../../inference/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { loadSchemas } from '../../kube/schema/index.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { isSameJson, type KubeObject, type Plan, UserError } from '../../model/index.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import type { WantedChange } from '../plans/cluster/collect-changes.ts';
import { openCluster } from '../plans/cluster/open-site.ts';
import { planChanges } from '../plans/cluster/plan-changes.ts';
import type { RefusedStep } from '../plans/cluster/refusals.ts';
import type { StepPreview } from '../plans/cluster/try-change.ts';
import { headOf, type PlanMaking } from '../plans/plan-made.ts';
import type { TrafficOutside } from '../traffic/traffic.ts';
import { answerNetworkPolicies, type NetworkPoliciesAnswer, type NetworkPoliciesWish } from './network-policies.ts';

export interface RolloutWish {
  readonly policies: NetworkPoliciesWish;
  readonly cluster: ClusterWish;
  readonly making: Omit<PlanMaking, 'title'>;
}

export interface Rollout {
  readonly answer: NetworkPoliciesAnswer;
  readonly plan: Plan;
  readonly previews: readonly StepPreview[];
  readonly refused: readonly RefusedStep[];
  /** Closed by this plan; absent where all are closed. */
  readonly namespace?: string;
  /** Closed by the plans after this one. */
  readonly later: readonly string[];
}

/** The check that the policies put right; it stands for all of them. */
const isolation = builtInChecks.find(({ meta }) => meta.id === 'ingress-not-isolated')?.meta;

function wantedChange(inventory: Inventory, policy: WrittenPolicy, beside: KubeObject): WantedChange[] {
  const { namespace, name, raw, about } = policy;
  const wanted = toObject(raw, beside.source, namespace);
  const live = inventory.find({ group: wanted.group, kind: wanted.kind, namespace, name });
  const spec = raw['spec'] ?? null;
  if (isolation === undefined || (live !== undefined && isSameJson(live.raw['spec'], spec))) return [];
  const part = { reason: about, closes: [isolation.id], owner: isolation.owner };
  if (live !== undefined) {
    const edits = [{ op: 'set' as const, path: ['spec'], value: spec }];
    return [{ object: live, isNew: false, parts: [{ ...part, edits }] }];
  }
  return [{ object: wanted, isNew: true, parts: [{ ...part, edits: [] }] }];
}

function changesByNamespace({ inferred, inventory }: NetworkPoliciesAnswer): Map<string, WantedChange[]> {
  const changes = new Map<string, WantedChange[]>();
  for (const policy of inferred.policies) {
    const beside = inferred.held.find(({ object }) => object.namespace === policy.namespace)?.object;
    const wanted = beside === undefined ? [] : wantedChange(inventory, policy, beside);
    if (wanted.length > 0) changes.set(policy.namespace, [...(changes.get(policy.namespace) ?? []), ...wanted]);
  }
  return changes;
}

/** Throws `UserError` where a connection would be cut. */
export function requireKept({ inferred: { proof } }: NetworkPoliciesAnswer): void {
  const [first] = proof.cut;
  if (first === undefined) return;
  throw new UserError(
    'network-would-cut',
    `${proof.cut.length} of ${proof.connections} connections would be cut: ${first.from} → ${first.to}, ${first.port}: ${first.why}`,
    'See all of them with: network policies -o text. Nothing was changed.',
  );
}

function titleOf(namespace: string | undefined): string {
  return namespace === undefined ? 'Every namespace is closed already' : `Close the network of namespace ${namespace}`;
}

/** Reads, infers, and tries each change by a dry run. Nothing is stored. Throws `UserError` where a connection would be cut. */
export async function planRollout(wish: RolloutWish, outside: TrafficOutside): Promise<Rollout> {
  const answer = await answerNetworkPolicies(wish.policies, outside);
  requireKept(answer);
  const changes = changesByNamespace(answer);
  const [namespace, ...later] = changes.keys();
  const cluster = await openCluster(wish.cluster, outside);
  try {
    const planned = await planChanges(changes.get(namespace ?? '') ?? [], {
      cluster,
      schemas: await loadSchemas(),
      minor: answer.inventory.snapshot.facts.minor,
      takeOver: [],
      progress: outside.progress,
    });
    const { context, server } = cluster;
    const { steps, inputs, previews, refused } = planned;
    const left = [
      ...refused.map(({ owner, title, message, object }) => ({ owner, what: `${title}: ${message}`, subject: object })),
      ...later.map((each) => ({ owner: 'developer' as const, what: `namespace ${each}: the next plan closes it` })),
    ];
    const head = headOf({ ...wish.making, title: titleOf(namespace) });
    const plan: Plan = { ...head, target: { kind: 'cluster', context, server }, inputs, steps, left };
    return { answer, plan, previews, refused, later, ...(namespace === undefined ? {} : { namespace }) };
  } finally {
    await cluster.close();
  }
}
