// The peers of rules with their selectors and blocks read once.

import { type Cidr, parseCidr } from '../kube/cidr.ts';
import { compileSelector, type Selector } from '../kube/selectors.ts';
import { asArray, asObject, asString, isJsonObject, type JsonObject } from '../model/index.ts';

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
  /** The network of nodes with such labels. */
  readonly nodes?: Selector;
  /** Nobody can say whom it means: names of hosts mean somebody outside, a field that is not known here anybody. */
  readonly opaque?: 'outside' | 'anybody';
  /** True for administrators' policies, which never mean pods in the network of their node. */
  readonly skipsHostNetwork?: true;
}

function compileBlock(raw: JsonObject): Block {
  return {
    cidr: parseCidr(asString(raw['cidr']) ?? ''),
    except: asArray(raw['except']).flatMap((each) => parseCidr(asString(each) ?? '') ?? []),
  };
}

export function compilePeer(raw: JsonObject): Peer {
  const { ipBlock, namespaceSelector, podSelector } = raw;
  return {
    ...(isJsonObject(ipBlock) ? { block: compileBlock(ipBlock) } : {}),
    ...(isJsonObject(namespaceSelector) ? { namespaces: compileSelector(namespaceSelector) } : {}),
    ...(isJsonObject(podSelector) ? { pods: compileSelector(podSelector) } : {}),
  };
}

/** Pods by their namespaces, or by both: in `subject` and in peers. Absent where neither is said. */
export function compileAdminPods({ namespaces, pods }: JsonObject): Peer | undefined {
  const skipsHostNetwork = true as const;
  if (isJsonObject(namespaces)) return { namespaces: compileSelector(namespaces), skipsHostNetwork };
  if (!isJsonObject(pods)) return undefined;
  const { namespaceSelector, podSelector } = pods;
  return {
    namespaces: compileSelector(asObject(namespaceSelector)),
    pods: compileSelector(asObject(podSelector)),
    skipsHostNetwork,
  };
}

/** Source: policy.networking.k8s.io, peers of v1alpha1 and v1alpha2: exactly one field is set. */
export function compileAdminPeer(raw: JsonObject): Peer[] {
  const pods = compileAdminPods(raw);
  if (pods !== undefined) return [pods];
  const { networks, nodes } = raw;
  if (Array.isArray(networks))
    return networks.map((each) => ({ block: { cidr: parseCidr(asString(each) ?? ''), except: [] } }));
  if (isJsonObject(nodes)) return [{ nodes: compileSelector(nodes) }];
  return [{ opaque: raw['domainNames'] === undefined ? 'anybody' : 'outside' }];
}
