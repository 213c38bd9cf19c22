// Policies of administrators, which stand above and below NetworkPolicies: their rules read once, in the order they count.

import type { Direction } from '../kube/network-policy.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, type KubeObject, type Path } from '../model/index.ts';
import { compileAdminPeer, compileAdminPods, type Peer } from './compile-peers.ts';
import { compileAdminPorts, type PortTerms } from './port-terms.ts';

export type AdminAction = 'Allow' | 'Deny' | 'Pass';

export interface AdminRule {
  readonly action: AdminAction;
  readonly peers: readonly Peer[];
  readonly ports: PortTerms;
  readonly path: Path;
}

/** `admin` decides before NetworkPolicies, `baseline` only where no NetworkPolicy isolates the pod. */
export type Tier = 'admin' | 'baseline';

export interface AdminPolicy {
  readonly object: KubeObject;
  readonly tier: Tier;
  /** The lower number counts first; among equals the order is anybody's guess. */
  readonly priority: number;
  /** The pods it is about; absent where nothing is said, which is nobody. */
  readonly subject: Peer | undefined;
  readonly rules: Readonly<Record<Direction, readonly AdminRule[]>>;
}

/** Kinds, as `group/Kind`, of administrators' policies that are understood here. Source: policy.networking.k8s.io, v1alpha1 and v1alpha2. */
export const adminPolicyKinds: readonly string[] = [
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'policy.networking.k8s.io/ClusterNetworkPolicy',
];

/** v1alpha2 says `Accept` for what v1alpha1 calls `Allow`. */
const actions: Readonly<Record<string, AdminAction>> = { Allow: 'Allow', Accept: 'Allow', Deny: 'Deny', Pass: 'Pass' };

/** A rule without a known action is left out: the API does not admit it. */
function compileRules(spec: JsonObject, direction: Direction): AdminRule[] {
  const field = direction === 'ingress' ? 'from' : 'to';
  return asArray(spec[direction]).flatMap((item, index): AdminRule[] => {
    const raw = asObject(item);
    const action = actions[asString(raw['action']) ?? ''];
    if (action === undefined) return [];
    const peers = asArray(raw[field]).flatMap((each) => compileAdminPeer(asObject(each)));
    return [{ action, peers, ports: compileAdminPorts(raw), path: ['spec', direction, index] }];
  });
}

/** Behind every ClusterNetworkPolicy of the same tier, should a cluster have both kinds. */
const lastPriority = 1_001;

function tierOf(kind: string, spec: JsonObject): Tier {
  if (kind === 'ClusterNetworkPolicy') return spec['tier'] === 'Baseline' ? 'baseline' : 'admin';
  return kind === 'AdminNetworkPolicy' ? 'admin' : 'baseline';
}

function compileAdminPolicy(object: KubeObject): AdminPolicy {
  const spec = asObject(object.raw['spec']);
  return {
    object,
    tier: tierOf(object.kind, spec),
    priority: asNumber(spec['priority']) ?? lastPriority,
    subject: compileAdminPods(asObject(spec['subject'])),
    rules: { ingress: compileRules(spec, 'ingress'), egress: compileRules(spec, 'egress') },
  };
}

/** Lists of policies with one priority each, in the order they count. */
export function compileAdminPolicies(objects: readonly KubeObject[], tier: Tier): AdminPolicy[][] {
  const byPriority = new Map<number, AdminPolicy[]>();
  for (const policy of objects.map(compileAdminPolicy)) {
    if (policy.tier !== tier) continue;
    const peers = byPriority.get(policy.priority);
    if (peers === undefined) byPriority.set(policy.priority, [policy]);
    else peers.push(policy);
  }
  return [...byPriority].sort(([a], [b]) => a - b).map(([, policies]) => policies);
}
