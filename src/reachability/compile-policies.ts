// All policies of an input with their selectors and blocks read once: any number of connections is judged with them.

import { type Direction, isolatedDirections, peersOf, rulesOf } from '../kube/network-policy.ts';
import { compileSelector, type Selector } from '../kube/selectors.ts';
import { asObject, type JsonObject, type KubeObject, type Path, pushTo } from '../model/index.ts';
import { adminPolicyKinds, type AdminPolicy, compileAdminPolicies } from './compile-admin-policies.ts';
import { compilePeer, type Peer } from './compile-peers.ts';
import type { Known } from './known.ts';
import { compilePorts, type PortTerms } from './port-terms.ts';

export interface Rule {
  readonly ports: PortTerms;
  /** Absent: everybody. */
  readonly peers?: readonly Peer[];
  readonly path: Path;
}

export interface Policy {
  readonly object: KubeObject;
  readonly pods: Selector;
  /** Rules of the directions in which the selected pods are isolated. */
  readonly rules: Readonly<Partial<Record<Direction, readonly Rule[]>>>;
}

export interface PolicySet {
  readonly byNamespace: ReadonlyMap<string, readonly Policy[]>;
  /** Administrators' policies: each list has one priority, the first counts first. */
  readonly admin: readonly (readonly AdminPolicy[])[];
  readonly baseline: readonly (readonly AdminPolicy[])[];
  /** Policies of other kinds (Cilium's, Calico's, Antrea's): they may allow and deny besides. */
  readonly others: readonly KubeObject[];
  /** Whether blocks of addresses hold pods too. Kubernetes' own tests want it so; Cilium does not do it. */
  readonly blocksHoldPods: Known;
  /** Policies that could not be listed, `NetworkPolicies of namespace shop`: by namespace, '' for the whole cluster. */
  readonly unseen: ReadonlyMap<string, string>;
}

/** Why nobody can tell what holds the pods of a namespace; `undefined` where all policies about them are understood. */
export function fogOver({ others, unseen }: PolicySet, namespace: string): string | undefined {
  const other = others.find((object) => object.namespace === '' || object.namespace === namespace);
  if (other !== undefined) return `${other.kind} "${other.name}" may decide otherwise`;
  const words = unseen.get('') ?? unseen.get(namespace);
  return words === undefined ? undefined : `${words} could not be listed`;
}

function compileRules(policy: JsonObject, direction: Direction): Rule[] {
  return rulesOf(policy, direction).map((raw, index) => {
    const peers = peersOf(raw, direction)?.map(compilePeer);
    const rule = { ports: compilePorts(raw), path: ['spec', direction, index] };
    return peers === undefined ? rule : { ...rule, peers };
  });
}

function compilePolicy(object: KubeObject): Policy {
  const directions = isolatedDirections(object.raw);
  return {
    object,
    pods: compileSelector(asObject(asObject(object.raw['spec'])['podSelector'])),
    rules: Object.fromEntries(directions.map((direction) => [direction, compileRules(object.raw, direction)])),
  };
}

/** Kinds, as `group/Kind`, that decide besides and are not understood here. Sources: Cilium, Calico, Antrea. */
export const otherPolicyKinds: readonly string[] = [
  'cilium.io/CiliumNetworkPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'crd.projectcalico.org/NetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy',
  'projectcalico.org/NetworkPolicy',
  'projectcalico.org/GlobalNetworkPolicy',
  'crd.antrea.io/NetworkPolicy',
  'crd.antrea.io/ClusterNetworkPolicy',
];

/** All kinds, as `group/Kind`, that `compilePolicies` looks at. */
export const policyKinds: readonly string[] = [
  'networking.k8s.io/NetworkPolicy',
  ...adminPolicyKinds,
  ...otherPolicyKinds,
];

function isNetworkPolicy({ group, kind }: KubeObject): boolean {
  return kind === 'NetworkPolicy' && (group === 'networking.k8s.io' || group === 'extensions');
}

type Knowledge = Pick<PolicySet, 'blocksHoldPods'> & Partial<Pick<PolicySet, 'unseen'>>;

/** `objects` may hold anything: what is no policy is left out. */
export function compilePolicies(
  objects: readonly KubeObject[],
  { blocksHoldPods, unseen = new Map() }: Knowledge = { blocksHoldPods: true },
): PolicySet {
  const byNamespace = new Map<string, Policy[]>();
  for (const object of objects)
    if (isNetworkPolicy(object)) pushTo(byNamespace, object.namespace, compilePolicy(object));
  const named = (kinds: readonly string[]) => objects.filter(({ group, kind }) => kinds.includes(`${group}/${kind}`));
  const admin = named(adminPolicyKinds);
  return {
    byNamespace,
    admin: compileAdminPolicies(admin, 'admin'),
    baseline: compileAdminPolicies(admin, 'baseline'),
    others: named(otherPolicyKinds),
    blocksHoldPods,
    unseen,
  };
}
