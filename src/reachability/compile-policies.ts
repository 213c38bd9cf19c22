// NetworkPolicies with their selectors and blocks read once, by namespace: any number of connections is judged with them.

import { type Cidr, parseCidr } from '../kube/cidr.ts';
import { type Direction, isolatedDirections, peersOf, rulesOf } from '../kube/network-policy.ts';
import { compileSelector, type Selector } from '../kube/selectors.ts';
import { asArray, asObject, asString, isJsonObject, type JsonObject, type KubeObject, pushTo } from '../model/index.ts';

export interface Block {
  readonly cidr: Cidr | undefined;
  readonly except: readonly Cidr[];
}

export interface Peer {
  readonly block?: Block;
  /** Absent: the policy's own namespace. */
  readonly namespaces?: Selector;
  /** Absent: all pods. */
  readonly pods?: Selector;
}

export interface Rule {
  /** For the ports, which only a connection can resolve. */
  readonly raw: JsonObject;
  /** Absent: everybody. */
  readonly peers?: readonly Peer[];
}

export interface Policy {
  readonly object: KubeObject;
  readonly pods: Selector;
  /** Rules of the directions in which the selected pods are isolated. */
  readonly rules: Readonly<Partial<Record<Direction, readonly Rule[]>>>;
}

export interface PolicySet {
  readonly byNamespace: ReadonlyMap<string, readonly Policy[]>;
  /** Policies of other kinds (Cilium's, Calico's, administrators'): they may allow and deny besides. */
  readonly others: readonly KubeObject[];
}

function compileBlock(raw: JsonObject): Block {
  return {
    cidr: parseCidr(asString(raw['cidr']) ?? ''),
    except: asArray(raw['except']).flatMap((each) => parseCidr(asString(each) ?? '') ?? []),
  };
}

function compilePeer(raw: JsonObject): Peer {
  const { ipBlock, namespaceSelector, podSelector } = raw;
  return {
    ...(isJsonObject(ipBlock) ? { block: compileBlock(ipBlock) } : {}),
    ...(isJsonObject(namespaceSelector) ? { namespaces: compileSelector(namespaceSelector) } : {}),
    ...(isJsonObject(podSelector) ? { pods: compileSelector(podSelector) } : {}),
  };
}

function compileRules(policy: JsonObject, direction: Direction): Rule[] {
  return rulesOf(policy, direction).map((raw) => {
    const peers = peersOf(raw, direction)?.map(compilePeer);
    return peers === undefined ? { raw } : { raw, peers };
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

/** Kinds, as `group/Kind`, that decide besides NetworkPolicies. Sources: policy.networking.k8s.io, Cilium, Calico, Antrea. */
export const otherPolicyKinds: readonly string[] = [
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'policy.networking.k8s.io/ClusterNetworkPolicy',
  'cilium.io/CiliumNetworkPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'crd.projectcalico.org/NetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy',
  'projectcalico.org/NetworkPolicy',
  'projectcalico.org/GlobalNetworkPolicy',
  'crd.antrea.io/NetworkPolicy',
  'crd.antrea.io/ClusterNetworkPolicy',
];

export function compilePolicies(policies: readonly KubeObject[], others: readonly KubeObject[] = []): PolicySet {
  const byNamespace = new Map<string, Policy[]>();
  for (const object of policies) pushTo(byNamespace, object.namespace, compilePolicy(object));
  return { byNamespace, others };
}
