// Finds pods that are isolated for egress and cannot ask DNS.

import type { Workload } from '../../inventory/index.ts';
import { mayReachClusterDns, type PolicyPort, peersOf, ruleCoversPort, rulesOf } from '../../kube/network-policy.ts';
import type { KubeObject, JsonObject } from '../../model/index.ts';
import { isHeldByPolicies, isolatingPolicies } from './isolation.ts';
import { workloadCheck } from '../check.ts';

/** The ports of the DNS pods, with the names that CoreDNS has in kubeadm's manifest, Minikube's too. */
const dnsPorts = {
  udp: { protocol: 'UDP', port: 53, name: 'dns' },
  tcp: { protocol: 'TCP', port: 53, name: 'dns-tcp' },
} as const satisfies Record<string, PolicyPort>;

function allowsDns({ raw, namespace }: KubeObject, port: PolicyPort): boolean {
  return rulesOf(raw, 'egress').some((rule) => {
    const peers = peersOf(rule, 'egress');
    const reaches = peers === undefined || peers.some((peer) => mayReachClusterDns(peer, namespace));
    return reaches && ruleCoversPort(rule, port);
  });
}

function usesClusterDns({ spec }: Workload): boolean {
  return spec['dnsPolicy'] !== 'None' && spec['dnsPolicy'] !== 'Default';
}

/** To the DNS pods where kubeadm, Minikube and the managed services have them. */
const dnsRule: JsonObject = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

export const dnsBlocked = workloadCheck(
  {
    id: 'dns-blocked',
    family: 'network',
    title: 'Isolated pods can still resolve names',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'NetworkPolicy' }],
    remediation: 'Allow egress to the cluster DNS on port 53, UDP and TCP.',
    minutes: 5,
  },
  {
    applies: (workload, { inventory }) =>
      isHeldByPolicies(workload) &&
      usesClusterDns(workload) &&
      isolatingPolicies(inventory, workload, 'egress').length > 0,
    find: (workload, { inventory }) => {
      const policies = isolatingPolicies(inventory, workload, 'egress');
      // Pods that may reach nothing at all are closed on purpose.
      if (policies.every(({ raw }) => rulesOf(raw, 'egress').length === 0)) return undefined;
      const evidence = `egress rules of ${policies.map(({ name }) => name).join(', ')}`;
      const path = [...workload.templatePath, 'metadata', 'labels'];
      const { name } = workload.object;
      if (!policies.some((policy) => allowsDns(policy, dnsPorts.udp)))
        return {
          message: `pods of "${name}" may not ask the cluster DNS: every connection by name fails`,
          path,
          evidence,
        };
      if (!policies.some((policy) => allowsDns(policy, dnsPorts.tcp)))
        return {
          message: `pods of "${name}" may ask the cluster DNS over UDP only: long answers fail`,
          path,
          evidence,
          severity: 'low',
        };
      return undefined;
    },
    fix: (workload, _diagnostic, { inventory }) => {
      // Any policy that lists rules for these pods may have one more; those that close all are meant to.
      const policy = isolatingPolicies(inventory, workload, 'egress').find(
        ({ raw }) => rulesOf(raw, 'egress').length > 0,
      );
      if (policy === undefined) return undefined;
      return { others: [{ object: policy, edits: [{ op: 'add', path: ['spec', 'egress'], values: [dnsRule] }] }] };
    },
  },
);
