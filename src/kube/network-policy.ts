// How Kubernetes reads a NetworkPolicy: which directions it isolates and what a rule lets through.

import { asArray, asNumber, asObject, asString, isJsonObject, type JsonObject } from '../model/index.ts';
import { compileSelector } from './selectors.ts';

export type Direction = 'ingress' | 'egress';

/** Directions in which the selected pods become isolated. Source: networking.k8s.io/v1, `policyTypes` and its defaulting. */
export function isolatedDirections(policy: JsonObject): readonly Direction[] {
  const spec = asObject(policy['spec']);
  const types = asArray(spec['policyTypes']);
  if (types.length > 0)
    return [
      ...(types.includes('Ingress') ? ['ingress' as const] : []),
      ...(types.includes('Egress') ? ['egress' as const] : []),
    ];
  return asArray(spec['egress']).length > 0 ? ['ingress', 'egress'] : ['ingress'];
}

/** The rules of one direction; none means that nothing is let through. */
export function rulesOf(policy: JsonObject, direction: Direction): readonly JsonObject[] {
  return asArray(asObject(policy['spec'])[direction]).map(asObject);
}

/** The peers of a rule; `undefined` where the rule names none and so means everybody. */
export function peersOf(rule: JsonObject, direction: Direction): readonly JsonObject[] | undefined {
  const peers = asArray(rule[direction === 'ingress' ? 'from' : 'to']);
  return peers.length === 0 ? undefined : peers.map(asObject);
}

/** A port of the pods at the other end of a rule. */
export interface PolicyPort {
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
  /** What those pods call the port, where that is known: rules may say the name instead. */
  readonly name?: string;
}

function portCovers(entry: JsonObject, { protocol, port, name }: PolicyPort): boolean {
  if ((asString(entry['protocol']) ?? 'TCP') !== protocol) return false;
  const first = entry['port'] ?? undefined;
  if (first === undefined) return true;
  const start = asNumber(first);
  if (start === undefined) return first === name;
  return port >= start && port <= (asNumber(entry['endPort']) ?? start);
}

/** True where the rule's ports include this one. A named port counts only where it is the name given. */
export function ruleCoversPort(rule: JsonObject, port: PolicyPort): boolean {
  const ports = asArray(rule['ports']);
  return ports.length === 0 || ports.some((entry) => portCovers(asObject(entry), port));
}

/** Whether a peer of an egress rule may be the cluster's DNS, as far as labels that every cluster has can tell. */
export function mayReachClusterDns(peer: JsonObject, ownNamespace: string): boolean {
  if (peer['ipBlock'] !== undefined) return true;
  const selector = peer['namespaceSelector'];
  if (!isJsonObject(selector)) return ownNamespace === 'kube-system';
  const compiled = compileSelector(selector);
  // A label that only this cluster's kube-system may carry cannot be judged from files.
  if (compiled.requirements.some(({ key }) => key !== 'kubernetes.io/metadata.name')) return true;
  return compiled.matches({ 'kubernetes.io/metadata.name': 'kube-system' });
}
