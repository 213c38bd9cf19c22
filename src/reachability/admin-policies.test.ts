// Policies of administrators: what stands above and below NetworkPolicies, in single questions and in the engine.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import { parseIpAddress } from '../kube/cidr.ts';
import type { End } from './ends.ts';
import { findConnections, judgeConnection, policiesOf, portWords } from './index.ts';

const pod = (namespace: string, name: string, more = ''): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {${more}containers: [{name: a, image: a, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
`;

const app = `apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {team: ops}}
---
${pod('shop', 'web')}${pod('ops', 'scan')}`;

const admin = (
  name: string,
  priority: number,
  rules: string,
  kind = 'AdminNetworkPolicy',
): string => `apiVersion: policy.networking.k8s.io/v1alpha1
kind: ${kind}
metadata: {name: ${name}}
spec: {priority: ${priority}, subject: {namespaces: {}}, ${rules}}
---
`;

const closed = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {}}
---
`;

const fromOps = (action: string, ports = ''): string =>
  `ingress: [{action: ${action}, from: [{namespaces: {matchLabels: {team: ops}}}]${ports}}]`;

/** What scan may call at web, with what is not sure behind a question mark, and what the judge says of TCP 8080. */
function scanToWeb(policies: string, more = app): string {
  const inventory = createInventory(snapshotOf(more + policies));
  const found = findConnections(inventory);
  const [scan, web] = ['ops/scan[Pod]', 'shop/web[Pod]'].map((id) => found.workload(id));
  const [from, to] = [scan?.ends[0], web?.ends[0]];
  if (scan === undefined || web === undefined || from === undefined || to === undefined) throw new Error('no pods');
  const { sure, read, possible } = found.between(scan, web);
  const judged = judgeConnection({ from, to, protocol: 'TCP', port: 8080 }, policiesOf(inventory)).ingress;
  const doubt = portWords(sure) === portWords(possible) ? '' : '?';
  return `${portWords(read)}${doubt}, ${judged?.verdict}`;
}

describe("administrators' policies", () => {
  it('come before NetworkPolicies: a denial cannot be opened, and what is allowed not closed', () => {
    expect(scanToWeb('')).toBe('all ports, not-isolated');
    expect(scanToWeb(closed)).toBe('nothing, denied');
    expect(scanToWeb(closed + admin('a', 1, fromOps('Allow')))).toBe('all ports, allowed');
    expect(scanToWeb(admin('a', 1, fromOps('Deny')))).toBe('nothing, denied');
  });

  it('are read by priority, and by the order of their rules', () => {
    const [first, second] = [fromOps('Allow'), fromOps('Deny')];
    expect(scanToWeb(admin('b', 2, second) + admin('a', 1, first))).toBe('all ports, allowed');
    expect(scanToWeb(admin('b', 1, second) + admin('a', 2, first))).toBe('nothing, denied');
    const both =
      'ingress: [{action: Allow, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 8080}}]}, {action: Deny, from: [{namespaces: {}}]}]';
    expect(scanToWeb(admin('a', 1, both))).toBe('TCP 8080, allowed');
  });

  it('of one priority leave open what they disagree on, and nothing else', () => {
    const allow = fromOps(
      'Allow',
      ', ports: [{portNumber: {protocol: TCP, port: 8080}}, {portNumber: {protocol: TCP, port: 80}}]',
    );
    const deny = fromOps('Deny', ', ports: [{portRange: {protocol: TCP, start: 8000, end: 9000}}]');
    const text = app + admin('a', 1, allow) + admin('b', 1, deny) + admin('c', 2, fromOps('Deny'));
    const found = findConnections(createInventory(snapshotOf(text)));
    const [scan, web] = ['ops/scan[Pod]', 'shop/web[Pod]'].map((id) => found.workload(id));
    if (scan === undefined || web === undefined) throw new Error('no pods');
    const { sure, possible } = found.between(scan, web);
    expect([portWords(sure), portWords(possible)]).toEqual(['TCP 80', 'TCP 80, 8080']);
    expect(scanToWeb(admin('a', 1, allow) + admin('b', 1, deny))).toMatch(/unknown$/);
  });

  it('pass on to NetworkPolicies, past what stands behind them', () => {
    const rules = `ingress: [{action: Pass, from: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP, port: 8080}}]}, {action: Deny, from: [{namespaces: {}}]}]`;
    expect(scanToWeb(admin('a', 1, rules))).toBe('TCP 8080, not-isolated');
    expect(scanToWeb(closed + admin('a', 1, rules))).toBe('nothing, denied');
  });

  it('of the baseline count only where no NetworkPolicy isolates the pod', () => {
    const baseline = admin('default', 0, fromOps('Deny'), 'BaselineAdminNetworkPolicy');
    expect(scanToWeb(baseline)).toBe('nothing, denied');
    const opened = closed.replace('podSelector: {}', 'podSelector: {}, ingress: [{}]');
    expect(scanToWeb(baseline + opened)).toBe('all ports, allowed');
    expect(scanToWeb(baseline + admin('a', 1, fromOps('Pass')))).toBe('nothing, denied');
  });

  it('find ports by name, whatever their protocol', () => {
    expect(scanToWeb(closed + admin('a', 1, fromOps('Allow', ', ports: [{namedPort: dns}]')))).toBe('UDP 53, denied');
  });

  it('never mean pods in the network of their node', () => {
    const host = app.replace(pod('ops', 'scan'), pod('ops', 'scan', 'hostNetwork: true, '));
    expect(scanToWeb(admin('a', 1, fromOps('Deny')), host)).toMatch(/^all ports/);
  });

  it('are understood in the form of ClusterNetworkPolicy too', () => {
    const cluster = (
      tier: string,
      action: string,
      protocols: string,
    ): string => `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: c}
spec: {tier: ${tier}, priority: 5, subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, ingress: [{action: ${action}, from: [{pods: {namespaceSelector: {}, podSelector: {}}}]${protocols}}]}
---
`;
    const http = ', protocols: [{tcp: {destinationPort: {number: 8080}}}, {udp: {}}, {destinationNamedPort: http}]';
    expect(scanToWeb(closed + cluster('Admin', 'Accept', http))).toBe('TCP 8080; all UDP, allowed');
    expect(scanToWeb(cluster('Baseline', 'Deny', ''))).toBe('nothing, denied');
    expect(scanToWeb(closed + cluster('Baseline', 'Accept', ''))).toBe('nothing, denied');
    const range = ', protocols: [{sctp: {destinationPort: {range: {start: 5, end: 9}}}}]';
    expect(scanToWeb(closed + cluster('Admin', 'Accept', range))).toBe('SCTP 5-9, denied');
    // A field of a later version may mean any port.
    expect(scanToWeb(closed + cluster('Admin', 'Accept', ', protocols: [{quic: {}}]'))).toBe('nothing?, unknown');
  });
});

describe('ports of rules', () => {
  it('that are not known here, or are not whole, may be any', () => {
    for (const port of ['{protocol: ICMP, port: 8080}', '{protocol: TCP}'])
      expect(scanToWeb(closed + admin('a', 1, fromOps('Allow', `, ports: [{portNumber: ${port}}]`)))).toBe(
        'nothing?, unknown',
      );
    const range = ', ports: [{portRange: {protocol: TCP, start: 8000, end: 8080}}]';
    expect(scanToWeb(closed + admin('a', 1, fromOps('Allow', range)))).toBe('TCP 8000-8080, allowed');
  });
});

describe('peers of egress rules', () => {
  function leaving(peer: string, to: End, action = 'Deny'): string | undefined {
    const rules = `egress: [{action: ${action}, to: [${peer}]}]`;
    const inventory = createInventory(snapshotOf(app + admin('a', 1, rules)));
    const from = findConnections(inventory).workload('shop/web[Pod]')?.ends[0];
    if (from === undefined) throw new Error('no pod');
    return judgeConnection({ from, to, protocol: 'TCP', port: 443 }, policiesOf(inventory)).egress?.verdict;
  }

  const at = (text: string): End => {
    const address = parseIpAddress(text);
    return address === undefined ? { kind: 'outside' } : { kind: 'outside', address };
  };

  it('are networks, of addresses outside', () => {
    expect(leaving('{networks: [203.0.113.0/24]}', at('203.0.113.9'))).toBe('denied');
    expect(leaving('{networks: [203.0.113.0/24]}', at('198.51.100.9'))).toBe('not-isolated');
  });

  it('are nodes, of which only "all" is sure', () => {
    const node: End = { kind: 'node', addresses: [], isOwnNode: false };
    expect(leaving('{nodes: {}}', node)).toBe('denied');
    expect(leaving('{nodes: {matchLabels: {zone: a}}}', node)).toBe('unknown');
    expect(leaving('{nodes: {}}', at('203.0.113.9'))).toBe('not-isolated');
  });

  it('are names of hosts, which may be any address outside', () => {
    expect(leaving('{domainNames: [example.com]}', at('203.0.113.9'))).toBe('unknown');
    expect(leaving('{later: {}}', at('203.0.113.9'))).toBe('unknown');
  });
});
