// What NetworkPolicies cannot name and Cilium can: hosts by name, nodes, the API server. One more policy beside that of the workload.

import { asObject, type JsonObject } from '../../model/index.ts';
import type { WrittenPolicy } from './written-policy.ts';
import { stableLabels } from './choose-selector.ts';
import type { NameServer } from './dns.ts';
import { type CiliumPeer, nameOfPeer, type Need, type Peer } from './need.ts';
import type { WrittenRule } from './rules.ts';

interface Named {
  readonly need: Need;
  readonly peer: Peer;
  readonly cilium: CiliumPeer;
}

function named(needs: readonly Need[], end: 'from' | 'to'): Named[] {
  return needs.flatMap((need) => {
    const peer = need[end];
    return peer.kind === 'addresses' && peer.cilium !== undefined ? [{ need, peer, cilium: peer.cilium }] : [];
  });
}

function toPorts({ protocol, port }: Need): JsonObject {
  return port === undefined ? {} : { toPorts: [{ ports: [{ port: String(port), protocol }] }] };
}

function toRule({ need, peer, cilium }: Named, end: 'from' | 'to'): WrittenRule {
  const ends =
    'fqdn' in cilium ? { toFQDNs: [{ matchName: cilium.fqdn }] } : { [`${end}Entities`]: [...cilium.entities] };
  return { raw: { ...ends, ...toPorts(need) }, notes: [`${nameOfPeer(peer)}: ${need.why[0] ?? ''}`] };
}

function endpointsOf({ peer }: NameServer): JsonObject[] {
  const key = 'k8s:io.kubernetes.pod.namespace';
  if (peer.kind === 'workload')
    return [{ matchLabels: { [key]: peer.workload.object.namespace, ...stableLabels(peer.workload) } }];
  if (peer.kind === 'addresses') return [];
  return (peer.namespaces ?? []).map((namespace) => ({ matchLabels: { [key]: namespace, ...peer.labels } }));
}

/** Cilium learns the addresses behind a name from the answers that its proxy passes on. Source: docs.cilium.io, DNS based policies. */
function dnsRule(servers: readonly NameServer[]): WrittenRule {
  const ports = [...new Set(servers.flatMap((server) => server.ports))].map((port) => ({
    port: String(port),
    protocol: 'ANY',
  }));
  const raw = {
    toEndpoints: servers.flatMap(endpointsOf),
    toPorts: [{ ports, rules: { dns: [{ matchPattern: '*' }] } }],
  };
  return { raw, notes: ['answers to questions for names pass through Cilium, which learns the addresses from them'] };
}

export interface CiliumIngredients {
  /** The workload's own NetworkPolicy. */
  readonly policy: WrittenPolicy;
  readonly ingress: readonly Need[];
  readonly egress: readonly Need[];
  readonly servers: readonly NameServer[];
}

/** Nothing where NetworkPolicies can name all there is. Cilium unites both kinds. */
export function ciliumPolicy({ policy, ingress, egress, servers }: CiliumIngredients): WrittenPolicy[] {
  const callers = named(ingress, 'from').map((each) => toRule(each, 'from'));
  const called = named(egress, 'to');
  if (callers.length + called.length === 0) return [];
  const hasNames = called.some(({ cilium }) => 'fqdn' in cilium);
  const out = [...called.map((each) => toRule(each, 'to')), ...(hasNames ? [dnsRule(servers)] : [])];
  const metadata = asObject(policy.raw['metadata']);
  const name = `${policy.name}-cilium`;
  const rules = (field: string, written: readonly WrittenRule[]): JsonObject =>
    written.length === 0 ? {} : { [field]: written.map(({ raw }) => raw) };
  const raw: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { ...metadata, name },
    spec: {
      endpointSelector: asObject(policy.raw['spec'])['podSelector'] ?? {},
      ...rules('ingress', callers),
      ...rules('egress', out),
    },
  };
  const about = `what a NetworkPolicy cannot name, beside ${policy.name}: hosts by name, nodes, the API server`;
  return [{ raw, namespace: policy.namespace, name, about, ingress: callers, egress: out }];
}
